Feature: Volumes and claims find each other

  Background:
    Given a cluster with 1 node

  Scenario: The smallest volume that is large enough
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: small}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/small}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: middle}
      spec:
        capacity: {storage: 3Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/middle}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: large}
      spec:
        capacity: {storage: 10Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/large}
      """
    Then pv large eventually has field .status.phase "Available"
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 2Gi}}
      """
    Then pvc data eventually Bound
    And pvc data has field .spec.volumeName "middle"
    And pv middle eventually has field .status.phase "Bound"
    When I run:
      """
      kubectl get pv,pvc
      kubectl describe pvc data
      kubectl describe pv middle
      """

  Scenario: A claim that goes leaves a retained volume behind
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: kept}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/kept}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: kept
        resources: {requests: {storage: 1Gi}}
      """
    Then pvc data eventually Bound
    When I run "kubectl delete pvc data"
    Then pv kept eventually has field .status.phase "Released"
    When I run "kubectl get pv"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: again}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: kept
        resources: {requests: {storage: 1Gi}}
      """
    And 3 seconds pass
    Then pvc again has field .status.phase "Pending"
    When I run "kubectl get events --field-selector involvedObject.name=again -o custom-columns=REASON:.reason,MESSAGE:.message"

  Scenario: A volume that is to be deleted, of a kind that can be and of one that cannot
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: gone}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Delete
        hostPath: {path: /tmp/gone}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: gone
        resources: {requests: {storage: 1Gi}}
      """
    Then pvc data eventually Bound
    When I run "kubectl delete pvc data"
    And 3 seconds pass
    And I run:
      """
      kubectl get pv
      kubectl get events -A --field-selector involvedObject.kind=PersistentVolume -o custom-columns=REASON:.reason,MESSAGE:.message
      """

  Scenario: A volume that is set aside for a claim
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: mine}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        claimRef: {namespace: default, name: data}
        hostPath: {path: /tmp/mine}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: other}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    And 2 seconds pass
    Then pvc other has field .status.phase "Pending"
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    Then pvc data eventually Bound
    When I run "kubectl get pv mine -o jsonpath={.spec.claimRef.name}"

  Scenario: Labels choose, and modes have to be the same
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: red, labels: {tier: red}}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/red}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: blue, labels: {tier: blue}}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/blue}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: many}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteMany]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/many}
      """
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        selector: {matchLabels: {tier: blue}}
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: shared}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteMany]
        resources: {requests: {storage: 1Gi}}
      """
    Then pvc data eventually Bound
    And pvc data has field .spec.volumeName "blue"
    And pvc shared eventually Bound
    And pvc shared has field .spec.volumeName "many"

  Scenario: A claim names a volume that is not for it
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: tiny}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/tiny}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: classed}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: gold
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/classed}
      """
    Then pv classed eventually has field .status.phase "Available"
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: large}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: tiny
        resources: {requests: {storage: 5Gi}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: plain}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: classed
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: ghost}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: nowhere
        resources: {requests: {storage: 1Gi}}
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pvc
      kubectl get events --field-selector involvedObject.kind=PersistentVolumeClaim -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message --sort-by=.involvedObject.name
      """

  Scenario: What is in use is only marked
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: used}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/used}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: used
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: holder}
      spec:
        volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: data, mountPath: /data}]}]
      """
    Then pod holder eventually Ready
    When I run:
      """
      kubectl delete pvc data --wait=false
      kubectl delete pv used --wait=false
      kubectl get pv,pvc
      """
    And I run "kubectl delete pod holder"
    Then pvc data eventually gone
    And pv used eventually gone

  Scenario: A volume that is deleted under its claim
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: lost}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/lost}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        storageClassName: ""
        accessModes: [ReadWriteOnce]
        volumeName: lost
        resources: {requests: {storage: 1Gi}}
      """
    Then pvc data eventually Bound
    When I run:
      """
      kubectl delete pv lost --wait=false
      kubectl patch pv lost --type=merge -p '{"metadata":{"finalizers":null}}'
      """
    Then pvc data eventually has field .status.phase "Lost"
    When I run:
      """
      kubectl get pvc
      kubectl describe pvc data
      """

  Scenario: A default class comes later
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    And 1 second passes
    And I run "kubectl get pvc data -o jsonpath={.spec.storageClassName}"
    And I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: usual, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
      provisioner: example.com/disks
      volumeBindingMode: Immediate
      """
    Then pvc data eventually has field .spec.storageClassName "usual"
    When I run:
      """
      kubectl get sc
      kubectl describe pvc data
      """

  Scenario: Growing a volume
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: fixed}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: Immediate
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: elastic}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: Immediate
      allowVolumeExpansion: true
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: p1}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: fixed
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/p1}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: p2}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: elastic
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/p2}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: d1}
      spec:
        storageClassName: "fixed"
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: d2}
      spec:
        storageClassName: "elastic"
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    Then pvc d1 eventually Bound
    And pvc d2 eventually Bound
    When I run "kubectl patch pvc d1 -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}'"
    Then the last command fails
    When I run "kubectl patch pvc d2 -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}'"
    And 3 seconds pass
    And I run:
      """
      kubectl get pvc
      kubectl describe pvc d2
      """

  Scenario: A volume that lives as long as its pod
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
      metadata: {name: own}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: vol-now
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/own}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        volumes: [{name: scratch, ephemeral: {volumeClaimTemplate: {metadata: {labels: {a: b}}, spec: {storageClassName: vol-now, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: scratch, mountPath: /scratch}]}]
      """
    Then pod web eventually Ready
    When I run:
      """
      kubectl get pvc
      kubectl get pvc web-scratch -o yaml
      kubectl describe pod web
      """
    And I run "kubectl delete pod web"
    Then pvc web-scratch eventually gone
    When I run "kubectl get pv"

  Scenario: A claim of that name is somebody else's
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
      metadata: {name: web-scratch}
      spec:
        storageClassName: "vol-now"
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        volumes: [{name: scratch, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: vol-now, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: scratch, mountPath: /scratch}]}]
      """
    And 3 seconds pass
    And I run "kubectl get events --field-selector involvedObject.kind=Pod -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message"
