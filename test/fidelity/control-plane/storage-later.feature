Feature: Volumes and claims that come together

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Three volumes and their claims in one file, the volumes first
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: vfirst-1}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: vfirst, hostPath: {path: /tmp/vfirst-1}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: vfirst-2}
      spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], storageClassName: vfirst, hostPath: {path: /tmp/vfirst-2}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: vfirst-3}
      spec: {capacity: {storage: 3Gi}, accessModes: [ReadWriteOnce], storageClassName: vfirst, hostPath: {path: /tmp/vfirst-3}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: vfirst-3}
      spec: {storageClassName: vfirst, accessModes: [ReadWriteOnce], resources: {requests: {storage: 3Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: vfirst-2}
      spec: {storageClassName: vfirst, accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: vfirst-1}
      spec: {storageClassName: vfirst, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    And 3 seconds pass
    And I run "kubectl get pvc"
    And I run "kubectl get pv -l none!=here --sort-by=.metadata.name -o custom-columns=NAME:.metadata.name,CLAIM:.spec.claimRef.name"
    Then persistentvolumeclaim vfirst-1 eventually Bound
    And persistentvolumeclaim vfirst-2 eventually Bound
    And persistentvolumeclaim vfirst-3 eventually Bound
    When I run "kubectl get pvc"

  @shared-cluster
  Scenario: Three claims and their volumes in one file, the claims first
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: cfirst-3}
      spec: {storageClassName: cfirst, accessModes: [ReadWriteOnce], resources: {requests: {storage: 3Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: cfirst-2}
      spec: {storageClassName: cfirst, accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: cfirst-1}
      spec: {storageClassName: cfirst, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: cfirst-1}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: cfirst, hostPath: {path: /tmp/cfirst-1}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: cfirst-2}
      spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], storageClassName: cfirst, hostPath: {path: /tmp/cfirst-2}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: cfirst-3}
      spec: {capacity: {storage: 3Gi}, accessModes: [ReadWriteOnce], storageClassName: cfirst, hostPath: {path: /tmp/cfirst-3}}
      """
    And 3 seconds pass
    And I run "kubectl get pvc"
    Then persistentvolumeclaim cfirst-1 eventually Bound
    And persistentvolumeclaim cfirst-2 eventually Bound
    And persistentvolumeclaim cfirst-3 eventually Bound
    When I run "kubectl get pvc"

  @shared-cluster
  Scenario: A volume is made by hand for a claim that has another
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: has}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: has, hostPath: {path: /tmp/has}}
      """
    And 2 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: mine}
      spec: {storageClassName: has, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    Then persistentvolumeclaim mine eventually Bound
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: also}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: has
        hostPath: {path: /tmp/also}
        claimRef: {kind: PersistentVolumeClaim, apiVersion: v1, namespace: storage-later-3, name: mine}
      """
    And 2 seconds pass
    And I run "kubectl get pv also"
    And I run "kubectl delete pvc mine"
    And 2 seconds pass
    And I run "kubectl get pv has also"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: mine}
      spec: {storageClassName: has, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    Then persistentvolumeclaim mine eventually Bound
    When I run "kubectl get pvc mine -o jsonpath='{.spec.volumeName}'"
    And I run "kubectl get pv has also"
