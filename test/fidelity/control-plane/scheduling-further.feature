Feature: Who is woken, and what is said to who was promised a node

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels   |
      | worker-1 | 1   | 2Gi    | a    | disk=ssd |
      | worker-2 | 1   | 2Gi    | a    | disk=hdd |
      | worker-3 | 1   | 2Gi    | b    | disk=ssd |

  @shared-cluster
  Scenario: Daemons of high priority push a deployment aside on full nodes
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: further-agents}
      value: 100000
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: filler}
      spec:
        replicas: 3
        selector: {matchLabels: {app: filler}}
        template:
          metadata: {labels: {app: filler}}
          spec:
            terminationGracePeriodSeconds: 1
            affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: filler}}}]}}
            containers: [{name: app, image: "example.com/further1/filler:1", resources: {requests: {cpu: 800m}}}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: filler}
      spec: {minAvailable: 2, selector: {matchLabels: {app: filler}}}
      """
    Then deployment filler eventually has 3 available replicas
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            priorityClassName: further-agents
            terminationGracePeriodSeconds: 1
            nodeSelector: {disk: ssd}
            containers: [{name: app, image: "example.com/further1/agent:1", resources: {requests: {cpu: 500m}}}]
      """
    Then daemonset agent eventually has 2 ready replicas
    When 3 seconds pass
    And I run "kubectl get pods -o custom-columns=APP:.metadata.labels.app,PHASE:.status.phase,PRIO:.spec.priority --sort-by=.spec.priority"
    And I run "kubectl get pdb filler"
    And I run "kubectl get deployment filler"
    And I run "kubectl get events --field-selector reason=Preempted -o custom-columns=MESSAGE:.message --no-headers"

  @shared-cluster
  Scenario: Spreading by host and zone at once, while a zone is full and cordoned
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: block}
      spec:
        nodeName: worker-3
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "example.com/further2/block:1", resources: {requests: {cpu: 800m}}}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: wide}
      spec:
        replicas: 4
        selector: {matchLabels: {app: wide}}
        template:
          metadata: {labels: {app: wide}}
          spec:
            terminationGracePeriodSeconds: 1
            topologySpreadConstraints:
            - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: wide}}}
            - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: wide}}}
            containers: [{name: app, image: "example.com/further2/wide:1", resources: {requests: {cpu: 300m}}}]
      """
    And 4 seconds pass
    And I run "kubectl get deployment wide"
    And I run "kubectl get pods -l app=wide --field-selector status.phase=Pending -o jsonpath='{.items[0].status.conditions[0].message}'"
    And I run "kubectl cordon worker-3"
    And 2 seconds pass
    And I run "kubectl get deployment wide"
    And I run "kubectl delete pod block"
    And 3 seconds pass
    And I run "kubectl get deployment wide"
    And I run "kubectl uncordon worker-3"
    Then deployment wide eventually has 4 ready replicas
    When I run "kubectl scale deployment wide --replicas=2"
    And 2 seconds pass
    And I run "kubectl get pods -l app=wide -o custom-columns=NODE:.spec.nodeName --no-headers"
