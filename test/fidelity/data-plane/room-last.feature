Feature: What a node and a volume can give

  @shared-cluster
  Scenario: A claim for one pod only, and two pods that want it
    Given a cluster with 1 node
    And namespace onlyone
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: single}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOncePod]
        storageClassName: single
        persistentVolumeReclaimPolicy: Delete
        hostPath: {path: /tmp/kscenario-single}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        accessModes: [ReadWriteOncePod]
        storageClassName: single
        resources: {requests: {storage: 1Gi}}
      """
    Then pvc data eventually Bound
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: first}
      spec:
        volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
        containers:
          - {name: app, image: "registry.example/onlyone/app:1.0", volumeMounts: [{name: d, mountPath: /d}]}
      """
    Then pod first eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
        containers:
          - {name: app, image: "registry.example/onlyone/app:1.0", volumeMounts: [{name: d, mountPath: /d}]}
      """
    And 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pvc data --wait=false"
    And I run "kubectl get pvc data"
    And I run "kubectl delete pod second --wait=false"
    And I run "kubectl delete pod first --grace-period=1"
    And 4 seconds pass
    And I run "kubectl get pv single"
    And I run "kubectl get pvc"

  @shared-cluster
  Scenario: Overhead of a RuntimeClass counts, and so does what a sidecar asks
    Given a cluster with 1 node
    And namespace overhead
    When I apply:
      """
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: heavy}
      handler: runc
      overhead: {podFixed: {cpu: 1500m}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: first}
      spec:
        nodeName: worker-1
        runtimeClassName: heavy
        containers:
          - {name: app, image: "registry.example/overhead/app:1.0", resources: {requests: {cpu: "1"}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        nodeName: worker-1
        initContainers:
          - {name: proxy, image: "registry.example/overhead/app:1.0", restartPolicy: Always, resources: {requests: {cpu: "1"}}}
        containers:
          - {name: app, image: "registry.example/overhead/app:1.0", resources: {requests: {cpu: 600m}}}
      """
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete runtimeclass heavy"

  @shared-cluster
  Scenario: The requests of a sidecar are changed in place, and memory is taken away
    Given a cluster with 1 node
    And namespace sideresize
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
          - {name: proxy, image: "registry.example/sideresize/app:1.0", restartPolicy: Always, resources: {requests: {cpu: 100m}, limits: {cpu: 200m}}}
        containers:
          - {name: app, image: "registry.example/sideresize/app:1.0", resources: {requests: {memory: 64Mi}, limits: {memory: 128Mi}}}
      """
    Then pod web eventually Ready
    When I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"initContainers\":[{\"name\":\"proxy\",\"resources\":{\"requests\":{\"cpu\":\"150m\"}}}]}}'"
    And 4 seconds pass
    And I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"limits\":{\"memory\":\"96Mi\"}}}]}}'"
    And 4 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A pod that names a node which does not exist is deleted
    Given a cluster with 1 node
    And namespace nonode
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: lost}
      spec:
        nodeName: worker-9
        containers:
          - {name: app, image: "registry.example/nonode/app:1.0"}
      """
    And 2 seconds pass
    And I run "kubectl delete pod lost --wait=false"
    And 3 seconds pass
    And I run "kubectl get pod lost"
    And I run "kubectl delete pod lost --force --grace-period=0"
