Feature: Taints, tolerations and cordons

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels          | taints                     |
      | worker-1 | 2   | 4Gi    | a    | disk=ssd,size=4 |                            |
      | worker-2 | 2   | 4Gi    | a    | disk=hdd,size=8 |                            |
      | worker-3 | 2   | 4Gi    | b    | disk=hdd,size=16 | dedicated=gpu:NoSchedule  |
      | worker-4 | 2   | 4Gi    | b    | disk=ssd        | slow=yes:PreferNoSchedule  |

  @shared-cluster
  Scenario: A taint that is only disliked
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: plain}
      spec:
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod plain eventually scheduled on node worker-1
    When I run "kubectl cordon worker-1"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod second eventually scheduled on node worker-4

  @shared-cluster
  Scenario: Tolerations that do not fit
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong-value}
      spec:
        nodeSelector: {size: "16"}
        tolerations: [{key: dedicated, operator: Equal, value: cpu, effect: NoSchedule}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong-effect}
      spec:
        nodeSelector: {size: "16"}
        tolerations: [{key: dedicated, operator: Exists, effect: NoExecute}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: any-effect}
      spec:
        nodeSelector: {size: "16"}
        tolerations: [{key: dedicated, operator: Exists}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: anything}
      spec:
        nodeSelector: {size: "16"}
        tolerations: [{operator: Exists}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod any-effect eventually scheduled on node worker-3
    And pod anything eventually scheduled on node worker-3
    And pod wrong-value eventually has condition PodScheduled=False with reason Unschedulable
    And pod wrong-effect eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: NoExecute keeps new pods away too
    When I run "kubectl taint nodes worker-1 repair=now:NoExecute"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        nodeSelector: {disk: ssd, size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: patient}
      spec:
        nodeSelector: {disk: ssd, size: "4"}
        tolerations: [{key: repair, operator: Exists, effect: NoExecute, tolerationSeconds: 600}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod patient eventually scheduled on node worker-1
    And pod late eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl taint nodes worker-1 repair-"
    Then pod late eventually Ready

  @shared-cluster
  Scenario: Every node has its own reason
    When I run "kubectl cordon worker-1"
    And I run "kubectl taint nodes worker-2 a=b:NoSchedule"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: unlucky}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3}}}]
      """
    Then pod unlucky eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Four nodes, four reasons
    When I run "kubectl cordon worker-1"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: unlucky}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [ssd]}]}, {matchExpressions: [{key: size, operator: In, values: ["16"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3}}}]
      """
    Then pod unlucky eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Who tolerates a cordon
    When I run:
      """
      kubectl cordon worker-1
      kubectl cordon worker-2
      kubectl cordon worker-4
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: stubborn}
      spec:
        tolerations: [{key: node.kubernetes.io/unschedulable, operator: Exists}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: plain}
      spec:
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod stubborn eventually has condition PodScheduled=True
    And pod plain eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl uncordon worker-2"
    Then pod plain eventually Ready

  @shared-cluster
  Scenario: The wrong scheduler, a gate, and a node by name
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: foreign}
      spec:
        schedulerName: other
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: gated}
      spec:
        schedulingGates: [{name: example.com/a}, {name: example.com/b}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: by-name}
      spec:
        nodeName: worker-3
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod by-name eventually Ready
    And pod gated eventually SchedulingGated
    When I run:
      """
      kubectl cordon worker-1
      kubectl cordon worker-2
      kubectl cordon worker-4
      """
    And I run "kubectl patch pod gated --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/schedulingGates/0\"}]'"
    And 2 seconds pass
    Then pod gated SchedulingGated
    When I run "kubectl patch pod gated --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/schedulingGates\"}]'"
    Then pod gated eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl get pods"
