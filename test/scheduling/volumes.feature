Feature: Volumes decide where a pod can go

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels          | taints                     |
      | worker-1 | 2   | 4Gi    | a    | disk=ssd,size=4 |                            |
      | worker-2 | 2   | 4Gi    | a    | disk=hdd,size=8 |                            |
      | worker-3 | 2   | 4Gi    | b    | disk=hdd,size=16 | dedicated=gpu:NoSchedule  |
      | worker-4 | 2   | 4Gi    | b    | disk=ssd        | slow=yes:PreferNoSchedule  |

  @shared-cluster
  Scenario: A claim that does not exist, and one that is not bound
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-now}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: Immediate
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: unbound}
      spec:
        storageClassName: vol-now
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: no-claim}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: missing}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: waits}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: unbound}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod no-claim eventually has condition PodScheduled=False with reason Unschedulable
    And pod waits eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: late-pv}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-now
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/late-pv}
      """
    Then pod waits eventually has condition PodScheduled=True

  @shared-cluster
  Scenario: A volume of one node
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-local}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: local-2}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-local
        persistentVolumeReclaimPolicy: Retain
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-2]}]}]}}
        hostPath: {path: /tmp/local-2}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: vol-local
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod db eventually scheduled on node worker-2
    And persistentvolumeclaim data eventually Bound

  @shared-cluster
  Scenario: No volume is left
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-local}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: vol-local
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod db eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: local-3}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-local
        persistentVolumeReclaimPolicy: Retain
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-3]}]}]}}
        hostPath: {path: /tmp/local-3}
      """
    And 2 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: local-1}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-local
        persistentVolumeReclaimPolicy: Retain
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-1]}]}]}}
        hostPath: {path: /tmp/local-1}
      """
    Then pod db eventually scheduled on node worker-1

  @shared-cluster
  Scenario: Too small, or of another mode
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-local}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: small}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-local
        persistentVolumeReclaimPolicy: Retain
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-1]}]}]}}
        hostPath: {path: /tmp/small}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: large}
      spec:
        storageClassName: vol-local
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 2Gi}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: many}
      spec:
        storageClassName: vol-local
        accessModes: [ReadWriteMany]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: large}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: large}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: many}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: many}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod large eventually has condition PodScheduled=False with reason Unschedulable
    And pod many eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Its volume is on a node that takes no more
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-local}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: local-2}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-local
        persistentVolumeReclaimPolicy: Retain
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-2]}]}]}}
        hostPath: {path: /tmp/local-2}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: vol-local
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod db eventually scheduled on node worker-2
    When I run:
      """
      kubectl cordon worker-2
      kubectl delete pod db
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod db eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A volume of a zone by its label
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-now}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: Immediate
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: in-b, labels: {topology.kubernetes.io/zone: b}}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-now
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/in-b}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: vol-now
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    Then persistentvolumeclaim data eventually Bound
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod db eventually scheduled on node worker-4
    When I run "kubectl cordon worker-4"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod second eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A volume for one pod
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-now}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: Immediate
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: single}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOncePod]
        storageClassName: vol-now
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/single}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: vol-now
        accessModes: [ReadWriteOncePod]
        resources: {requests: {storage: 1Gi}}
      """
    Then persistentvolumeclaim data eventually Bound
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: first}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod first eventually has condition PodScheduled=True
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod second eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl delete pod first"
    Then pod second eventually has condition PodScheduled=True

  @shared-cluster
  Scenario: A claim that goes, and a volume that is gone
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-now}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: Immediate
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: soon}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-now
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/soon}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: vol-now
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    Then persistentvolumeclaim data eventually Bound
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: holder}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod holder eventually has condition PodScheduled=True
    When I run "kubectl delete pvc data --wait=false"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod late eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Classes with a provisioner and its zones
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vol-cloud}
      provisioner: example.com/cloud
      volumeBindingMode: WaitForFirstConsumer
      allowedTopologies: [{matchLabelExpressions: [{key: topology.kubernetes.io/zone, values: [b]}]}]
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: vol-cloud
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec:
        nodeSelector: {topology.kubernetes.io/zone: a}
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod db eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: more}
      spec:
        storageClassName: vol-cloud
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: ok}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: more}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then persistentvolumeclaim more eventually has field .metadata.annotations.volume\.kubernetes\.io/selected-node "worker-4"
