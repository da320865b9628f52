Feature: The kubelet turns more pods away

  @shared-cluster
  Scenario: More memory than the node has
    Given a cluster with 1 node
    And namespace outofmemory
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: big
      spec:
        nodeName: worker-1
        containers:
          - name: app
            image: registry.example/outofmemory/big:1.0
            resources: {requests: {memory: 900Gi}}
      """
    Then pod big eventually OutOfmemory
    And 2 seconds pass
    And I run "kubectl get pod big"

  @shared-cluster
  Scenario: A device that no node has
    Given a cluster with 1 node
    And namespace nodevice
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: big
      spec:
        nodeName: worker-1
        containers:
          - name: app
            image: registry.example/nodevice/big:1.0
            resources: {requests: {example.com/gpu: "1"}, limits: {example.com/gpu: "1"}}
      """
    And 4 seconds pass
    And I run "kubectl get pod big"

  @shared-cluster
  Scenario: An affinity that the node does not match
    Given a cluster with 1 node
    And namespace affinity
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: picky
      spec:
        nodeName: worker-1
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
                - matchExpressions: [{key: disk, operator: In, values: [ssd]}]
        containers:
          - name: app
            image: registry.example/affinity/picky:1.0
      """
    Then pod picky eventually NodeAffinity
    And 2 seconds pass
    And I run "kubectl delete pod picky --wait=false"
    Then pod picky eventually gone

  @shared-cluster
  Scenario: A second pod takes what is left, a third is too much
    Given a cluster with 1 node
    And namespace third
    And I run "kubectl label node worker-1 disk=ssd"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: first
      spec:
        nodeName: worker-1
        nodeSelector: {disk: ssd}
        containers:
          - name: app
            image: registry.example/third/first:1.0
            resources: {requests: {memory: 64Mi}}
      """
    Then pod first eventually Ready
    When I run "kubectl label node worker-1 disk-"
    And 3 seconds pass
    And I run "kubectl get pod first"

  @shared-cluster
  Scenario: A taint is nothing to the kubelet, unless it is NoExecute
    Given a cluster with 1 node
    And namespace tainted
    When I run "kubectl taint node worker-1 only=me:NoSchedule"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: named
      spec:
        nodeName: worker-1
        containers:
          - name: app
            image: registry.example/tainted/named:1.0
      """
    Then pod named eventually Ready
    When I run "kubectl taint node worker-1 only-"
    And I run "kubectl taint node worker-1 now=gone:NoExecute"
    Then pod named eventually gone
    When I run "kubectl taint node worker-1 now-"
