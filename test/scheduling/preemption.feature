Feature: The more important take the place of the less important

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels          | taints                     |
      | worker-1 | 2   | 4Gi    | a    | disk=ssd,size=4 |                            |
      | worker-2 | 2   | 4Gi    | a    | disk=hdd,size=8 |                            |
      | worker-3 | 2   | 4Gi    | b    | disk=hdd,size=16 | dedicated=gpu:NoSchedule  |
      | worker-4 | 2   | 4Gi    | b    | disk=ssd        | slow=yes:PreferNoSchedule  |

  @shared-cluster
  Scenario: The least important goes first
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: low}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: mid}
      spec:
        priorityClassName: p-mid
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod low eventually Ready
    And pod mid eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        priorityClassName: p-high
        nodeSelector: {topology.kubernetes.io/zone: a}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod urgent eventually scheduled on node worker-1
    And pod low eventually gone
    When I run "kubectl get events --field-selector reason=Preempted"

  @shared-cluster
  Scenario: As few as possible go
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a1}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 700m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a2}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 700m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: b1}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod a1 eventually Ready
    And pod a2 eventually Ready
    And pod b1 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        priorityClassName: p-high
        nodeSelector: {topology.kubernetes.io/zone: a}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod urgent eventually scheduled on node worker-2

  @shared-cluster
  Scenario: Only as many as needed
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a1}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 600m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a2}
      spec:
        priorityClassName: p-mid
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 600m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a3}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 600m}}}]
      """
    Then pod a1 eventually Ready
    And pod a2 eventually Ready
    And pod a3 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 700m}}}]
      """
    Then pod urgent eventually scheduled on node worker-1
    And pod a2 Ready

  @shared-cluster
  Scenario: A budget is respected if that can be
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: careful}
      spec: {minAvailable: 1, selector: {matchLabels: {app: db}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, labels: {app: db}}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        priorityClassName: p-mid
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod db eventually Ready
    And pod web eventually Ready
    And pdb careful eventually has field .status.currentHealthy "1"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        priorityClassName: p-high
        nodeSelector: {topology.kubernetes.io/zone: a}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod urgent eventually scheduled on node worker-2
    And pod db Ready

  @shared-cluster
  Scenario: And broken if not
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: careful}
      spec: {minAvailable: 1, selector: {matchLabels: {app: db}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, labels: {app: db}}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod db eventually Ready
    And pdb careful eventually has field .status.currentHealthy "1"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod urgent eventually scheduled on node worker-1
    And pod db eventually gone

  @shared-cluster
  Scenario: Polite ones wait
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: low}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod low eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: polite}
      spec:
        priorityClassName: p-polite
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod polite eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl delete pod low"
    Then pod polite eventually scheduled on node worker-1

  @shared-cluster
  Scenario: Nobody to put out, or it would not help
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: high}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: low}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: high-2}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1}}}]
      """
    Then pod high eventually Ready
    And pod low eventually Ready
    And pod high-2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        priorityClassName: p-high
        nodeSelector: {topology.kubernetes.io/zone: a}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: huge}
      spec:
        priorityClassName: p-high
        nodeSelector: {topology.kubernetes.io/zone: a}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3}}}]
      """
    Then pod late eventually has condition PodScheduled=False with reason Unschedulable
    And pod huge eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A victim that takes its time
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: low, annotations: {behaviour.kscenario.dev/app: "term: {ignore: true}"}}
      spec:
        terminationGracePeriodSeconds: 6
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod low eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod urgent eventually has field .status.nominatedNodeName "worker-1"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: other}
      spec:
        priorityClassName: p-mid
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod other eventually has condition PodScheduled=False with reason Unschedulable
    When I run:
      """
      kubectl get pods -o wide
      kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message
      """
    Then pod urgent eventually scheduled on node worker-1

  @shared-cluster
  Scenario: For a port and for a neighbour
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: port}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: hermit}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "8"}
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod port eventually Ready
    And pod hermit eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: port-2}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod port-2 eventually scheduled on node worker-1
    And pod port eventually gone
    And pod hermit eventually gone
    When 5 seconds pass
    Then pod web Pending
    When I run "kubectl get pods"

  @shared-cluster
  Scenario: The more important first, when there is room again
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-low}
      value: 10
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-mid}
      value: 100
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: p-polite}
      value: 1000
      preemptionPolicy: Never
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: block}
      spec:
        priorityClassName: p-high
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod block eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: low}
      spec:
        priorityClassName: p-low
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: mid}
      spec:
        priorityClassName: p-mid
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      """
    Then pod low eventually has condition PodScheduled=False with reason Unschedulable
    And pod mid eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl delete pod block"
    Then pod mid eventually scheduled on node worker-1
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
