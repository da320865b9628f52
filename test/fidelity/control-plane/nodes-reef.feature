Feature: Nodes that are drained, lost and tainted, as a course shows it

  @shared-cluster
  Scenario: A drain between two budgets, one of which guards pods that are broken
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: sick}
      spec:
        replicas: 2
        selector: {matchLabels: {app: sick}}
        template:
          metadata:
            labels: {app: sick}
            annotations: {behaviour.kscenario.dev/app: "{http: [{path: /, from: 0s, status: 503}]}"}
          spec:
            nodeSelector: {kubernetes.io/hostname: worker-1}
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "example.com/sick:1", ports: [{containerPort: 80}], readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: sick}
      spec: {minAvailable: 1, unhealthyPodEvictionPolicy: IfHealthyBudget, selector: {matchLabels: {app: sick}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: well}
      spec:
        replicas: 1
        selector: {matchLabels: {app: well}}
        template:
          metadata: {labels: {app: well}}
          spec: {nodeSelector: {kubernetes.io/hostname: worker-1}, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/well:1"}]}
      """
    Then 1 pods labelled app=well eventually Ready
    When 5 seconds pass
    And I run:
      """
      kubectl get pdb
      kubectl describe pdb sick
      kubectl drain worker-1 --ignore-daemonsets --timeout=7s
      kubectl get nodes
      kubectl patch pdb sick -p '{"spec":{"unhealthyPodEvictionPolicy":"AlwaysAllow"}}'
      """
    And 1 seconds pass
    And I run:
      """
      kubectl drain worker-1 --ignore-daemonsets --timeout=20s
      kubectl get pods -o custom-columns=PHASE:.status.phase,NODE:.spec.nodeName
      kubectl get pdb
      kubectl uncordon worker-1
      """
    Then 1 pods labelled app=well eventually Ready
    When I run "kubectl get deployments"

  Scenario: A node is lost under a deployment, a set, a daemon and a bare pod
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            tolerations:
            - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
            - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]
            containers: [{name: app, image: "example.com/web:1"}]
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: app, image: "example.com/agent:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: bare}
      spec: {nodeSelector: {kubernetes.io/hostname: worker-2}, containers: [{name: app, image: "example.com/bare:1"}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """
    Then deployment web eventually has 2 ready replicas
    And 2 pods labelled app=agent eventually Ready
    And pod bare eventually Ready
    When node worker-2 goes down
    Then node worker-2 eventually has condition Ready=Unknown with reason NodeStatusUnknown
    When 12 seconds pass
    And I run:
      """
      kubectl get nodes
      kubectl get pods -o custom-columns=PHASE:.status.phase,NODE:.spec.nodeName,READY:.status.conditions[?(@.type=="Ready")].status,GOING:.metadata.deletionGracePeriodSeconds --sort-by=.spec.nodeName
      kubectl get deployment web
      kubectl get ds agent
      kubectl describe node worker-2
      kubectl describe pod bare
      kubectl get node worker-2 -o jsonpath='{.spec.taints[*].key}'
      kubectl delete pod bare --timeout=3s
      kubectl get pods bare
      """
    And node worker-2 comes back
    Then node worker-2 eventually has condition Ready=True
    And pod bare eventually gone
    And 2 pods labelled app=agent eventually Ready
    When 5 seconds pass
    And I run:
      """
      kubectl get pods -o wide
      kubectl get nodes
      kubectl get ds
      """

  Scenario: The control plane is away in parts while a course goes on
    Given a cluster with 2 nodes
    When I run "kubectl create deployment web --image=example.com/web:1 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When kube-scheduler goes down
    And I run:
      """
      kubectl scale deployment web --replicas=3
      kubectl run lone --image=example.com/lone:1
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get pods -o custom-columns=PHASE:.status.phase,NODE:.spec.nodeName,CONDITIONS:.status.conditions --sort-by=.status.phase
      kubectl describe pod lone
      kubectl get deployment web
      """
    And kube-controller-manager goes down
    And kube-scheduler comes back
    Then pod lone eventually Ready within 2m
    When I run:
      """
      kubectl get deployment web
      kubectl delete pod -l app=web --wait=false
      kubectl create job late --image=example.com/late:1
      kubectl expose deployment web --port=80
      kubectl rollout restart deployment web
      """
    And 5 seconds pass
    And I run:
      """
      kubectl get all
      kubectl get endpoints web
      kubectl rollout status deployment web --timeout=2s
      kubectl describe deployment web
      """
    And kube-controller-manager comes back
    Then deployment web eventually has 3 ready replicas within 2m
    And pods labelled job-name=late eventually Ready
    When I run:
      """
      kubectl get deployment web
      kubectl get job late
      kubectl rollout history deployment web
      """

  @shared-cluster
  Scenario: Taints and tolerations of a course
    Given a cluster with 2 nodes
    When I run:
      """
      kubectl taint nodes worker-1 env=prod:NoSchedule
      kubectl taint nodes worker-2 env=test:NoSchedule
      kubectl create deployment plain --image=example.com/plain:1 --replicas=2
      kubectl run prod --image=example.com/prod:1 --overrides='{"spec":{"tolerations":[{"key":"env","operator":"Equal","value":"prod","effect":"NoSchedule"}]}}'
      kubectl run any --image=example.com/any:1 --overrides='{"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker-2"},"tolerations":[{"operator":"Exists"}]}}'
      """
    Then pod prod eventually scheduled on node worker-1
    And pod any eventually Ready
    When 2 seconds pass
    And I run:
      """
      kubectl get pods -o wide
      kubectl describe pods -l app=plain
      kubectl taint nodes worker-1 env=prod:NoExecute
      """
    Then pod prod eventually gone
    When I run:
      """
      kubectl get events --field-selector reason=TaintManagerEviction -o custom-columns=MESSAGE:.message,COMPONENT:.source.component
      kubectl taint nodes worker-2 env:NoSchedule-
      """
    Then deployment plain eventually has 2 ready replicas
    When I run:
      """
      kubectl get pods -l app=plain -o custom-columns=NODE:.spec.nodeName
      kubectl describe node worker-1
      kubectl taint nodes worker-2 quick=1:NoExecute
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pods
      kubectl get deployment plain -o jsonpath='{.status}'
      kubectl taint nodes worker-1 worker-2 env- quick-
      kubectl taint nodes worker-2 quick-
      kubectl taint nodes worker-1 env-
      """
    Then deployment plain eventually has 2 ready replicas
