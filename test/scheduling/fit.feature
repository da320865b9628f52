Feature: What a node has room for

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels          | taints                     |
      | worker-1 | 2   | 4Gi    | a    | disk=ssd,size=4 |                            |
      | worker-2 | 2   | 4Gi    | a    | disk=hdd,size=8 |                            |
      | worker-3 | 2   | 4Gi    | b    | disk=hdd,size=16 | dedicated=gpu:NoSchedule  |
      | worker-4 | 2   | 4Gi    | b    | disk=ssd        | slow=yes:PreferNoSchedule  |

  @shared-cluster
  Scenario: Several resources are short at once
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: both}
      spec:
        tolerations: [{operator: Exists}]
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3, memory: 8Gi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: memory}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {memory: 5Gi}}}]
      """
    Then pod both eventually has condition PodScheduled=False with reason Unschedulable
    And pod memory eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Some nodes are full and others were never large enough
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-1}
      spec:
        nodeSelector: {disk: ssd, size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-2}
      spec:
        nodeSelector: {disk: hdd, size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {memory: 3Gi}}}]
      """
    Then pod filler-1 eventually Ready
    And pod filler-2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: Exists}]}]}}}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1, memory: 2Gi}}}]
      """
    Then pod late eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A resource of a device
    When I run "kubectl patch node worker-1 --subresource=status --type=merge -p '{\"status\":{\"capacity\":{\"example.com/fpga\":\"2\"},\"allocatable\":{\"example.com/fpga\":\"2\"}}}'"
    Then node worker-1 eventually has field .status.allocatable.example\.com/fpga "2"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: one}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {limits: {example.com/fpga: 1}}}]
      """
    Then pod one eventually scheduled on node worker-1
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: two}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {limits: {example.com/fpga: 2}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: three}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {limits: {example.com/fpga: 3, cpu: 5}}}]
      """
    Then pod two eventually has condition PodScheduled=False with reason Unschedulable
    And pod three eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A runtime class takes its part
    When I apply:
      """
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: heavy}
      handler: heavy
      overhead: {podFixed: {cpu: 1500m}}
      scheduling: {nodeSelector: {disk: hdd}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: too-much}
      spec:
        runtimeClassName: heavy
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 600m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: enough}
      spec:
        runtimeClassName: heavy
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 400m}}}]
      """
    Then pod enough eventually scheduled on node worker-2
    And pod too-much eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Ports of the host
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1}
      spec:
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2}
      spec:
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-3}
      spec:
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      """
    Then pod web-1 eventually Ready
    And pod web-2 eventually Ready
    And pod web-3 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-4}
      spec:
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: local}
      spec:
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: udp}
      spec:
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080, protocol: UDP}]}]
      """
    Then pod udp eventually has condition PodScheduled=True
    And pod web-4 eventually has condition PodScheduled=False with reason Unschedulable
    And pod local eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl delete pod web-1 --wait=false"

  @shared-cluster
  Scenario: Init containers and sidecars
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: sidecar}
      spec:
        initContainers:
        - {name: proxy, image: "example.com/app:1", restartPolicy: Always, resources: {requests: {cpu: 1}}}
        - {name: setup, image: "example.com/app:1", resources: {requests: {cpu: 900m}}}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1100m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: setup}
      spec:
        initContainers:
        - {name: setup, image: "example.com/app:1", resources: {requests: {cpu: 2100m}}}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 100m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: fits}
      spec:
        initContainers:
        - {name: proxy, image: "example.com/app:1", restartPolicy: Always, resources: {requests: {cpu: 1}}}
        - {name: setup, image: "example.com/app:1", resources: {requests: {cpu: 1}}}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1}}}]
      """
    Then pod fits eventually has condition PodScheduled=True
    And pod sidecar eventually has condition PodScheduled=False with reason Unschedulable
    And pod setup eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: The emptier node is taken
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-1}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1, memory: 1Gi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-2}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 500m, memory: 512Mi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-4}
      spec:
        nodeSelector: {disk: ssd, topology.kubernetes.io/zone: b}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 800m, memory: 1Gi}}}]
      """
    Then pod filler-1 eventually Ready
    And pod filler-2 eventually Ready
    And pod filler-4 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: next}
      spec:
        tolerations: [{key: slow, operator: Exists}]
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 100m, memory: 100Mi}}}]
      """
    Then pod next eventually scheduled on node worker-2

  @shared-cluster
  Scenario: Cpu and memory in balance
    When I run "kubectl cordon worker-4"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-1}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 1}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-2}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {memory: 2Gi}}}]
      """
    Then pod filler-1 eventually Ready
    And pod filler-2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: memory-hungry}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {memory: 1536Mi, cpu: 10m}}}]
      """
    Then pod memory-hungry eventually scheduled on node worker-1
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: cpu-hungry}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 900m, memory: 10Mi}}}]
      """
    Then pod cpu-hungry eventually scheduled on node worker-2
