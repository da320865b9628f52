Feature: Volumes and the pods that want them

  Background:
    Given the nodes:
      | name     | cpu | memory | labels                 | zone |
      | worker-1 | 4   | 8Gi    | disk=ssd,generation=3  | a    |
      | worker-2 | 4   | 8Gi    | disk=hdd,generation=5  | a    |
      | worker-3 | 4   | 8Gi    | disk=hdd,rack=r1       | b    |

  @shared-cluster
  Scenario: Local volumes that wait for their first consumer
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: local}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], storageClassName: local, resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: more}
      spec: {accessModes: [ReadWriteOnce], storageClassName: local, resources: {requests: {storage: 1Gi}}}
      """
    And 2 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: user}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
      """
    Then pod user eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: local-b}
      spec:
        capacity: {storage: 5Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: local
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/a}
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-3]}]}]}}
      """
    Then pod user eventually scheduled on node worker-3
    And pvc data eventually Bound
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: pinned}
      spec:
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: two-claims}
      spec:
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}, {name: e, mountPath: /e}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: data}}, {name: e, persistentVolumeClaim: {claimName: more}}]
      """
    Then pod two-claims eventually has condition PodScheduled=False with reason Unschedulable
    When 2 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl get pvc,pv"
    And I run "kubectl describe pvc more"

  @shared-cluster
  Scenario: Claims that are not there, not bound, going or lost
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: unbound}
      spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: no-claim}
      spec:
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: nothing}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: unbound-user}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: unbound}}]
      """
    Then pod unbound-user eventually has condition PodScheduled=False with reason Unschedulable
    And pod no-claim eventually has condition PodScheduled=False with reason Unschedulable
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: zonal, labels: {topology.kubernetes.io/zone: b}}
      spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Retain, hostPath: {path: /tmp/z}}
      """
    Then pod unbound-user eventually scheduled on node worker-3
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong-zone}
      spec:
        nodeSelector: {topology.kubernetes.io/zone: a}
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: unbound}}]
      """
    Then pod wrong-zone eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl delete pvc unbound --wait=false"
    And I run "kubectl get pvc unbound"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: too-late}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: unbound}}]
      """
    Then pod too-late eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl delete pod unbound-user wrong-zone too-late --force"
    Then pvc unbound eventually gone
    And persistentvolume zonal eventually Released
    When I run "kubectl apply view-last-applied pv zonal"
    And I run "kubectl patch pv zonal --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/claimRef\"}]'"
    Then persistentvolume zonal eventually Available

  @shared-cluster
  Scenario: One pod at a time
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: stronger}
      value: 100
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: once-pv}
      spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOncePod], persistentVolumeReclaimPolicy: Retain, csi: {driver: none.example.com, volumeHandle: x}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: once}
      spec: {accessModes: [ReadWriteOncePod], storageClassName: "", volumeName: once-pv, resources: {requests: {storage: 1Gi}}}
      """
    Then pvc once eventually Bound
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: first}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: once}}]
      """
    Then pod first eventually has condition PodScheduled=True
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: once}}]
      """
    Then pod second eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get pod second -o jsonpath='{.status.conditions[0].message}'"
    And I run "kubectl delete pod first --force"
    Then pod second eventually has condition PodScheduled=True
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: mixed-modes}
      spec: {accessModes: [ReadWriteOncePod, ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
      """
    And I run "kubectl get pvc,pv"

  @shared-cluster
  Scenario: Blocks, file systems and claims that are mounted wrongly
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: raw}
      spec: {capacity: {storage: 5Gi}, volumeMode: Block, accessModes: [ReadWriteOnce], storageClassName: manual, persistentVolumeReclaimPolicy: Retain, csi: {driver: none.example.com, volumeHandle: raw}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: files}
      spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce, ReadOnlyMany], storageClassName: manual, persistentVolumeReclaimPolicy: Retain, hostPath: {path: /tmp/f}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: wants-block}
      spec: {accessModes: [ReadWriteOnce], volumeMode: Block, storageClassName: manual, resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: names-block}
      spec: {accessModes: [ReadWriteOnce], storageClassName: manual, volumeName: raw, resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: too-many-modes}
      spec: {accessModes: [ReadWriteMany], storageClassName: manual, volumeName: files, resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: too-large}
      spec: {accessModes: [ReadOnlyMany], storageClassName: manual, volumeName: files, resources: {requests: {storage: 3Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: other-class}
      spec: {accessModes: [ReadOnlyMany], storageClassName: another, volumeName: files, resources: {requests: {storage: 1Gi}}}
      """
    Then pvc wants-block eventually Bound
    When 16 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,TYPE:.type,REASON:.reason,MESSAGE:.message"
    And I run "kubectl get pvc,pv"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}], volumeDevices: [{name: d, devicePath: /d}, {name: e, devicePath: /dev/x}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: wants-block}}, {name: f, emptyDir: {}}]
      """
    And I run:
      """
      kubectl patch pvc wants-block -p '{"spec":{"volumeMode":"Filesystem"}}'
      kubectl patch pvc wants-block -p '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'
      kubectl patch pvc wants-block -p '{"spec":{"resources":{"requests":{"storage":"500Mi"}}}}'
      kubectl patch pvc names-block -p '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'
      kubectl patch pvc names-block -p '{"spec":{"volumeName":"files"}}'
      kubectl patch pv files -p '{"spec":{"capacity":{"storage":"10Gi"}}}'
      kubectl patch pv files -p '{"spec":{"hostPath":{"path":"/tmp/g"}}}'
      kubectl patch pv files -p '{"spec":{"persistentVolumeReclaimPolicy":"Recycle"}}'
      kubectl patch pv raw -p '{"spec":{"volumeMode":"Filesystem"}}'
      kubectl patch pv raw -p '{"spec":{"storageClassName":"other"}}'
      """

  @shared-cluster
  Scenario: Claims that a provisioner never sees
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: lazy, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
      provisioner: nobody.example.com
      volumeBindingMode: WaitForFirstConsumer
      allowedTopologies: [{matchLabelExpressions: [{key: topology.kubernetes.io/zone, values: [b]}]}]
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: eager, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
      provisioner: nobody.example.com
      reclaimPolicy: Retain
      allowVolumeExpansion: true
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: by-default}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: lazily}
      spec: {accessModes: [ReadWriteOnce], storageClassName: lazy, resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: from-snapshot}
      spec: {accessModes: [ReadWriteOnce], storageClassName: eager, dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: s}, resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: from-pod}
      spec: {accessModes: [ReadWriteOnce], storageClassName: eager, dataSource: {kind: Pod, name: s}, resources: {requests: {storage: 1Gi}}}
      """
    And 2 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: user}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: lazily}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: zone-a}
      spec:
        terminationGracePeriodSeconds: 0
        nodeSelector: {topology.kubernetes.io/zone: a}
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], storageClassName: lazy, resources: {requests: {storage: 1Gi}}}}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: eager-user}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
        volumes: [{name: d, persistentVolumeClaim: {claimName: by-default}}]
      """
    Then pod zone-a eventually has condition PodScheduled=False with reason Unschedulable
    When 4 seconds pass
    And I run "kubectl get pvc lazily -o jsonpath='{.metadata.annotations}'"
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message"
    And I run:
      """
      kubectl get sc
      kubectl patch sc eager -p '{"reclaimPolicy":"Delete"}'
      kubectl patch sc eager -p '{"parameters":{"a":"b"}}'
      kubectl patch sc eager -p '{"allowVolumeExpansion":false}'
      kubectl get pods
      kubectl delete pod user --force
      kubectl get pvc lazily -o jsonpath='{.metadata.annotations}'
      """

  @shared-cluster
  Scenario: Volumes that name their claim
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: reserved}
      spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Delete, hostPath: {path: /tmp/r}, claimRef: {namespace: storage-last-6, name: mine}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: stale}
      spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Retain, hostPath: {path: /tmp/s}, claimRef: {namespace: storage-last-6, name: other, uid: 00000000-0000-0000-0000-000000000001}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: other}
      spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
      """
    Then persistentvolume stale eventually Released
    When 2 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: mine}
      spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 6Gi}}}
      """
    And 2 seconds pass
    And I run "kubectl get pvc,pv"
    And I run "kubectl delete pv reserved --wait=false"
    And I run "kubectl get pv reserved"
    And I run "kubectl delete pvc mine --wait=false"
    Then pvc mine eventually gone
    When 3 seconds pass
    And I run "kubectl get pvc,pv"
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message"
    And I run "kubectl describe pv stale"
