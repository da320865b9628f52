Feature: Where pods may go, and why they may not

  Background:
    Given the nodes:
      | name     | cpu | memory | labels            | zone |
      | worker-1 | 4   | 8Gi    | disk=ssd          | a    |
      | worker-2 | 4   | 8Gi    | disk=hdd          | a    |
      | worker-3 | 4   | 8Gi    | disk=hdd,gpu=yes  | b    |

  @shared-cluster
  Scenario: Required and preferred node affinity
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: fast}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [ssd, nvme]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: likes-gpu}
      spec:
        affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: gpu, operator: Exists}]}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: nowhere}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: NotIn, values: [ssd, hdd]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: mixed}
      spec:
        nodeSelector: {gpu: "yes"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "5"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: named}
      spec:
        nodeName: worker-9
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod fast eventually scheduled on node worker-1
    And pod likes-gpu eventually scheduled on node worker-3
    And pod mixed eventually has condition PodScheduled=False with reason Unschedulable
    When 2 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I run "kubectl describe pod nowhere"
    And I run "kubectl label node worker-2 disk=tape --overwrite"
    Then pod nowhere eventually scheduled on node worker-2
    When I run "kubectl get pods"

  @shared-cluster
  Scenario: Pods that keep together and apart over zones
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: cache, labels: {app: cache}}
      spec: {nodeSelector: {kubernetes.io/hostname: worker-3}, containers: [{name: app, image: "example.com/app:1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: near}
      spec:
        replicas: 2
        selector: {matchLabels: {app: near}}
        template:
          metadata: {labels: {app: near}}
          spec:
            affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: cache}}, topologyKey: topology.kubernetes.io/zone}]}}
            containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: apart}
      spec:
        replicas: 3
        selector: {matchLabels: {app: apart}}
        template:
          metadata: {labels: {app: apart}}
          spec:
            affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: apart}}, topologyKey: topology.kubernetes.io/zone}]}}
            containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: lonely}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: ghost}}, topologyKey: kubernetes.io/hostname}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod cache eventually Ready
    And deployment near eventually has 2 ready replicas
    And deployment apart eventually has 2 ready replicas
    When 3 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=MESSAGE:.message"
    And I run "kubectl get deployments"
    And I run "kubectl scale deployment apart --replicas=2"
    And 2 seconds pass
    And I run "kubectl get pods -l app=apart"

  @shared-cluster
  Scenario: Spread over zones, softly and strictly
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: strict}
      spec:
        replicas: 4
        selector: {matchLabels: {app: strict}}
        template:
          metadata: {labels: {app: strict}}
          spec:
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: strict}}}]
            containers: [{name: app, image: "example.com/app:1"}]
      """
    Then deployment strict eventually has 4 ready replicas
    When I run "kubectl cordon worker-3"
    And I run "kubectl scale deployment strict --replicas=6"
    And 3 seconds pass
    And I run "kubectl get deployment strict"
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=MESSAGE:.message"
    And I run "kubectl uncordon worker-3"
    Then deployment strict eventually has 6 ready replicas

  @shared-cluster
  Scenario: Extended resources, host ports and too many pods
    When I run "kubectl patch node worker-1 --subresource=status --type=merge -p '{\"status\":{\"capacity\":{\"example.com/dongle\":\"2\"},\"allocatable\":{\"example.com/dongle\":\"2\"}}}'"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: one}
      spec: {containers: [{name: app, image: "example.com/app:1", resources: {limits: {example.com/dongle: "2"}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec: {nodeSelector: {disk: ssd}, containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]}
      """
    Then pod one eventually scheduled on node worker-1
    And pod web eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: another}
      spec: {containers: [{name: app, image: "example.com/app:1", resources: {limits: {example.com/dongle: "1"}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web2}
      spec: {nodeSelector: {disk: ssd}, containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]}
      """
    And 2 seconds pass
    And I run "kubectl describe pod another"
    And I run "kubectl describe pod web2"
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: half}
      spec: {containers: [{name: app, image: "example.com/app:1", resources: {requests: {example.com/dongle: "1"}}}]}
      """
    And I run "kubectl delete pod web --now"
    Then pod web2 eventually Ready
    When I run "kubectl delete pod one --now"
    And 3 seconds pass
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: Preemption in the middle of priorities
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: sched-next-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: sched-next-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: sched-next-polite}
      value: 1000
      preemptionPolicy: Never
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: low}
      spec:
        replicas: 3
        selector: {matchLabels: {app: low}}
        template:
          metadata: {labels: {app: low}}
          spec: {priorityClassName: sched-next-low, terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]}
      """
    Then deployment low eventually has 3 ready replicas
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: polite}
      spec: {priorityClassName: sched-next-polite, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "2"}}}]}
      """
    Then pod polite eventually has condition PodScheduled=False with reason Unschedulable
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: high}
      spec: {nodeSelector: {kubernetes.io/hostname: worker-2}, priorityClassName: sched-next-high, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "2"}}}]}
      """
    Then pod high eventually Ready
    When 2 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get deployment low"
    And I run "kubectl get events --field-selector reason=Preempted -o custom-columns=MESSAGE:.message"
