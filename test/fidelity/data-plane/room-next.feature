Feature: What a node can give

  @shared-cluster
  Scenario: A claim and its volume come late, and the pod names its node
    Given a cluster with 1 node
    And namespace lateclaim
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        volumes:
          - name: data
            persistentVolumeClaim: {claimName: data}
        containers:
          - name: app
            image: registry.example/lateclaim/app:1.0
            volumeMounts: [{name: data, mountPath: /data}]
      """
    And 5 seconds pass
    And I run "kubectl get pod web"
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: late}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: byhand
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: byhand
        resources: {requests: {storage: 1Gi}}
      """
    Then pod web eventually Ready within 3m
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --grace-period=1"
    And I run "kubectl delete pvc data"

  @shared-cluster
  Scenario: A resize that cannot be, taken back, then one that can
    Given a cluster with 1 node
    And namespace resizeback
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
          - name: app
            image: registry.example/resizeback/app:1.0
            resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: "1", memory: 64Mi}}
            resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
      """
    Then pod web eventually Ready
    When I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"50\"},\"limits\":{\"cpu\":\"50\"}}}]}}'"
    And 3 seconds pass
    And I run "kubectl get pod web -o jsonpath={.status.conditions[0].type}/{.status.conditions[0].reason}"
    And I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"500m\"},\"limits\":{\"cpu\":\"1\"}}}]}}'"
    And 3 seconds pass
    And I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"memory\":\"32Mi\"},\"limits\":{\"memory\":\"32Mi\"}}}]}}'"
    And 6 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A cordoned node takes a pod that names it; a host port and the host network beside
    Given a cluster with 1 node
    And namespace cordonnamed
    And I run "kubectl cordon worker-1"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: named}
      spec:
        nodeName: worker-1
        hostNetwork: true
        dnsPolicy: ClusterFirstWithHostNet
        containers:
          - name: app
            image: registry.example/cordonnamed/app:1.0
            ports: [{containerPort: 31777}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: waits}
      spec:
        containers:
          - name: app
            image: registry.example/cordonnamed/app:1.0
            ports: [{containerPort: 80, hostPort: 31777}]
      """
    And 4 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl uncordon worker-1"
    And 12 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod named --grace-period=1"
    Then pod waits eventually Ready
