@shared-cluster
Feature: Taints, tolerations, and what a kubelet refuses

  Scenario: A NoExecute taint and four tolerations
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: none}
      spec:
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "registry.example/taints/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: five}
      spec:
        terminationGracePeriodSeconds: 1
        tolerations: [{key: work, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
        containers: [{name: app, image: "registry.example/taints/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: other}
      spec:
        terminationGracePeriodSeconds: 1
        tolerations: [{key: work, operator: Equal, value: repair, effect: NoExecute}]
        containers: [{name: app, image: "registry.example/taints/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: ever}
      spec:
        tolerations: [{operator: Exists}]
        containers: [{name: app, image: "registry.example/taints/app:1"}]
      """
    Then 4 pods labelled !x eventually Ready
    When 2 seconds pass
    And I run "kubectl taint node worker-1 work=repair:NoExecute"
    And 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl taint node worker-1 work=replace:NoExecute --overwrite"
    And 6 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl taint node worker-1 work-"
    And I run "kubectl delete pod ever --grace-period=1"

  Scenario: Two taints of different patience
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: both}
      spec:
        terminationGracePeriodSeconds: 2
        tolerations:
          - {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 12}
          - {key: b, operator: Exists, effect: NoExecute, tolerationSeconds: 4}
        containers: [{name: app, image: "registry.example/taints/app:1"}]
      """
    Then pod both eventually Ready
    When 2 seconds pass
    And I run "kubectl taint node worker-1 a=1:NoExecute"
    And 2 seconds pass
    And I run "kubectl taint node worker-1 b=1:NoExecute"
    And 2 seconds pass
    And I run "kubectl get pod both"
    Then pod both eventually gone
    When I run "kubectl taint node worker-1 a- b-"

  Scenario: Pods that name their node and are of another system, or want what no kernel setting allows
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: windows}
      spec:
        nodeName: worker-1
        os: {name: windows}
        containers: [{name: app, image: "registry.example/admit/windows:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: sysctl}
      spec:
        nodeName: worker-1
        securityContext: {sysctls: [{name: kernel.msgmax, value: "65536"}]}
        containers: [{name: app, image: "registry.example/admit/sysctl:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: safe}
      spec:
        nodeName: worker-1
        securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}]}
        containers: [{name: app, image: "registry.example/admit/safe:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: hostname}
      spec:
        nodeName: worker-1
        nodeSelector: {kubernetes.io/hostname: worker-9, disk: ssd}
        containers: [{name: app, image: "registry.example/admit/hostname:1"}]
      """
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pods -o custom-columns=NAME:.metadata.name,REASON:.status.reason,MESSAGE:.status.message"

  Scenario: Room that init containers and sidecars ask for, on a node that is named
    Given a cluster with 1 node
    And each node has 2 cpu and 4Gi memory
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: big}
      spec:
        nodeName: worker-1
        initContainers:
          - {name: first, image: "registry.example/admit/first:1", resources: {requests: {cpu: 1500m}}}
          - {name: side, image: "registry.example/admit/side:1", restartPolicy: Always, resources: {requests: {cpu: 600m}}}
        containers: [{name: app, image: "registry.example/admit/big:1", resources: {requests: {cpu: 1500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: fits}
      spec:
        nodeName: worker-1
        initContainers: [{name: first, image: "registry.example/admit/first:1", resources: {requests: {cpu: 1900m}}}]
        containers: [{name: app, image: "registry.example/admit/fits:1", resources: {requests: {cpu: 100m}}}]
      """
    And 4 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: third}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/admit/third:1", resources: {requests: {cpu: 200m, memory: 5Gi}}}]
      """
    And 4 seconds pass
    And I run "kubectl get pods"
