Feature: Scheduling as a course shows it

  @shared-cluster
  Scenario: Gates are taken away one by one
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: gated}
      spec:
        schedulingGates: [{name: example.com/quota}, {name: example.com/image}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod gated eventually SchedulingGated
    When I run:
      """
      kubectl get pod gated
      kubectl describe pod gated
      kubectl patch pod gated --type=json -p '[{"op":"add","path":"/spec/schedulingGates/-","value":{"name":"example.com/more"}}]'
      kubectl patch pod gated -p '{"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker-2"}}}'
      kubectl patch pod gated -p '{"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker-1"}}}'
      kubectl patch pod gated --type=json -p '[{"op":"remove","path":"/spec/schedulingGates/0"}]'
      kubectl get pod gated -o jsonpath='{.spec.schedulingGates} {.status.conditions[0].reason}'
      kubectl patch pod gated --type=json -p '[{"op":"remove","path":"/spec/schedulingGates/0"}]'
      """
    Then pod gated eventually Ready
    When I run "kubectl get pod gated -o wide"
    And I run "kubectl get events --field-selector involvedObject.name=gated -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message"

  @shared-cluster
  Scenario: Spread over zones that are too few, until there are more
    Given the nodes:
      | name     | cpu | memory | zone |
      | worker-1 | 4   | 8Gi    | a    |
      | worker-2 | 4   | 8Gi    | b    |
      | worker-3 | 4   | 8Gi    | b    |
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: spread}
      spec:
        replicas: 3
        selector: {matchLabels: {app: spread}}
        template:
          metadata: {labels: {app: spread}}
          spec:
            topologySpreadConstraints:
            - {maxSkew: 1, minDomains: 3, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [pod-template-hash], labelSelector: {matchLabels: {app: spread}}}
            containers: [{name: app, image: "example.com/app:1"}]
      """
    Then deployment spread eventually has 2 ready replicas
    When 3 seconds pass
    And I run:
      """
      kubectl get pods -l app=spread -o custom-columns=STATUS:.status.phase,REASON:.status.conditions[?(@.type=="PodScheduled")].reason,MESSAGE:.status.conditions[?(@.type=="PodScheduled")].message --sort-by=.status.phase
      kubectl get deployment spread
      kubectl label node worker-3 topology.kubernetes.io/zone=c --overwrite
      """
    Then deployment spread eventually has 3 ready replicas
    When I run:
      """
      kubectl get pods -l app=spread -o custom-columns=NODE:.spec.nodeName --sort-by=.spec.nodeName
      kubectl describe deployment spread
      """

  @shared-cluster
  Scenario: The urgent one waits politely, the other pushes through a budget
    Given a cluster with 1 node
    And each node has 2 cpu and 4Gi memory
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: polite}
      value: 1000
      preemptionPolicy: Never
      description: waits
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: pushy}
      value: 2000
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: all}
      spec: {minAvailable: "100%", selector: {matchLabels: {app: low}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: low}
      spec:
        replicas: 2
        selector: {matchLabels: {app: low}}
        template:
          metadata: {labels: {app: low}}
          spec: {terminationGracePeriodSeconds: 3, containers: [{name: app, image: "example.com/low:1", resources: {requests: {cpu: 800m}}}]}
      """
    Then deployment low eventually has 2 ready replicas
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: polite}
      spec: {priorityClassName: polite, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 500m}}}]}
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pod polite -o jsonpath='{.spec.priority} {.spec.preemptionPolicy} {.status.conditions[0].message}'
      kubectl get pdb all
      kubectl describe pod polite
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: pushy}
      spec: {priorityClassName: pushy, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 900m}}}]}
      """
    Then pod pushy eventually Ready
    When 5 seconds pass
    And I run:
      """
      kubectl get pods --sort-by=.metadata.creationTimestamp
      kubectl get pod pushy -o jsonpath='{.status.nominatedNodeName}'
      kubectl get pdb
      kubectl describe pdb all
      kubectl get priorityclasses
      kubectl describe priorityclass polite
      kubectl patch priorityclass polite -p '{"value":5}'
      kubectl patch priorityclass polite --type=merge -p '{"preemptionPolicy":"PreemptLowerPriority"}'
      kubectl create priorityclass default-one --value=10 --global-default --description=usual
      kubectl create priorityclass default-two --value=11 --global-default
      """

  @shared-cluster
  Scenario: Affinity by numbers, by namespaces and against oneself
    Given a cluster with 2 nodes
    When I run:
      """
      kubectl label node worker-1 cores=4
      kubectl label node worker-2 cores=16
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: strong, labels: {app: strong}}
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
              - matchExpressions: [{key: cores, operator: Gt, values: ["8"]}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: weak}
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
              - matchFields: [{key: metadata.name, operator: In, values: [worker-1]}]
                matchExpressions: [{key: cores, operator: Gt, values: ["8"]}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: apart}
      spec:
        replicas: 2
        selector: {matchLabels: {app: apart}}
        template:
          metadata: {labels: {app: apart}}
          spec:
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - {topologyKey: kubernetes.io/hostname, labelSelector: {matchExpressions: [{key: app, operator: In, values: [apart, strong]}]}}
            containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod strong eventually scheduled on node worker-2
    And pod weak eventually has condition PodScheduled=False
    When 3 seconds pass
    And I run:
      """
      kubectl get pods -l app=apart -o custom-columns=NODE:.spec.nodeName,MESSAGE:.status.conditions[0].message --sort-by=.status.phase
      kubectl get deploy apart
      kubectl describe pod weak
      kubectl label node worker-1 cores=10 --overwrite
      """
    Then pod weak eventually scheduled on node worker-1
    When I run:
      """
      kubectl delete pod strong
      kubectl rollout status deployment apart --timeout=30s
      kubectl rollout restart deployment apart
      kubectl rollout status deployment apart --timeout=5s
      kubectl get pods -l app=apart -o custom-columns=PHASE:.status.phase,MESSAGE:.status.conditions[0].message --sort-by=.status.phase
      kubectl patch deployment apart --type=merge -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":1}}}}'
      kubectl rollout status deployment apart --timeout=60s
      """
