Feature: Pods that are spread

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels          | taints                     |
      | worker-1 | 2   | 4Gi    | a    | disk=ssd,size=4 |                            |
      | worker-2 | 2   | 4Gi    | a    | disk=hdd,size=8 |                            |
      | worker-3 | 2   | 4Gi    | b    | disk=hdd,size=16 | dedicated=gpu:NoSchedule  |
      | worker-4 | 2   | 4Gi    | b    | disk=ssd        | slow=yes:PreferNoSchedule  |

  @shared-cluster
  Scenario: At least so many zones
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-1 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wide, labels: {app: web}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}, minDomains: 3}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod wide eventually scheduled on node worker-4
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wider, labels: {app: web}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}, minDomains: 3}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod wider eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: The nodes that it may not go to, honoured and ignored
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, labels: {app: web}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-1 eventually Ready
    And pod web-2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: honour, labels: {app: web}}
      spec:
        nodeSelector: {topology.kubernetes.io/zone: a}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: ignore, labels: {app: web}}
      spec:
        nodeSelector: {topology.kubernetes.io/zone: a}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}, nodeAffinityPolicy: Ignore}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod honour eventually has condition PodScheduled=True
    And pod ignore eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Taints, ignored and honoured
    When I run:
      """
      kubectl cordon worker-4
      kubectl taint nodes worker-4 dedicated=x:NoSchedule
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, labels: {app: web}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-1 eventually Ready
    And pod web-2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: ignore, labels: {app: web}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: honour, labels: {app: web}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}, nodeTaintsPolicy: Honor}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod honour eventually has condition PodScheduled=True
    And pod ignore eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Rather there, but anywhere
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, labels: {app: web}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-1 eventually Ready
    And pod web-2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: anyway, labels: {app: web}}
      spec:
        tolerations: [{key: slow, operator: Exists}]
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod anyway eventually scheduled on node worker-4
    When I run "kubectl cordon worker-4"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: anyway-2, labels: {app: web}}
      spec:
        nodeSelector: {size: "4"}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod anyway-2 eventually scheduled on node worker-1

  @shared-cluster
  Scenario: A label that no node has
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: nowhere, labels: {app: web}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: half, labels: {app: half}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: size, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod half eventually has condition PodScheduled=True
    And pod nowhere eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Zones and nodes at once
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, labels: {app: web}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-1 eventually Ready
    And pod web-2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: x, labels: {app: web}}
      spec:
        nodeSelector: {disk: ssd, topology.kubernetes.io/zone: b}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod x eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: next, labels: {app: web}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}, {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod next eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Only those of the same rollout count
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 4
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [pod-template-hash], labelSelector: {matchLabels: {app: web}}}]
            containers: [{name: app, image: "example.com/app:1"}]
      """
    Then deployment web eventually has 4 ready replicas
    When I run "kubectl set image deployment/web app=example.com/app:2"
    Then deployment web eventually has 4 updated replicas
    When I run "kubectl get pods -l app=web -o custom-columns=NODE:.spec.nodeName,IMAGE:.spec.containers[0].image --sort-by=.spec.nodeName"

  @shared-cluster
  Scenario: Too skewed to take another
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, labels: {app: web}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-1 eventually Ready
    And pod web-2 eventually Ready
    When I run "kubectl cordon worker-4"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: next, labels: {app: web}}
      spec:
        topologySpreadConstraints: [{maxSkew: 2, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: self-less, labels: {app: other}}
      spec:
        topologySpreadConstraints: [{maxSkew: 2, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod next eventually has condition PodScheduled=False with reason Unschedulable
    And pod self-less eventually has condition PodScheduled=True
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl delete pod web-1"
    Then pod next eventually Ready
