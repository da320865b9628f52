@shared-cluster
Feature: Where there is room for a volume

  Background:
    Given a cluster with 2 nodes

  Scenario: Only where the driver has said that there is enough, of one volume
    Given I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: CSIDriver
      metadata: { name: disk.example.com }
      spec: { storageCapacity: true }
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: { name: late }
      provisioner: disk.example.com
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: data }
      spec: { storageClassName: late, accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } } }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: db }
      spec: { volumes: [{ name: d, persistentVolumeClaim: { claimName: data } }], containers: [{ name: c, image: nginx, volumeMounts: [{ name: d, mountPath: /d }] }] }
      """
    When 2 seconds pass
    And I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: CSIStorageCapacity
      metadata: { name: small, namespace: kube-system }
      storageClassName: late
      nodeTopology: {}
      capacity: 1Gi
      ---
      apiVersion: storage.k8s.io/v1
      kind: CSIStorageCapacity
      metadata: { name: other, namespace: kube-system }
      storageClassName: other
      nodeTopology: {}
      capacity: 100Gi
      ---
      apiVersion: storage.k8s.io/v1
      kind: CSIStorageCapacity
      metadata: { name: nowhere, namespace: kube-system }
      storageClassName: late
      capacity: 100Gi
      ---
      apiVersion: storage.k8s.io/v1
      kind: CSIStorageCapacity
      metadata: { name: one, namespace: kube-system }
      storageClassName: late
      nodeTopology: { matchLabels: { kubernetes.io/hostname: worker-2 } }
      capacity: 100Gi
      maximumVolumeSize: 2Gi
      """
    And 8 seconds pass
    Then pod db Pending
    When I run "kubectl patch csistoragecapacity one -n kube-system --type=merge -p '{\"maximumVolumeSize\":\"5Gi\"}'"
    Then persistentvolumeclaim data eventually has field .metadata.annotations.volume\.kubernetes\.io/selected-node "worker-2"
    When I run:
      """
      kubectl get csistoragecapacities -n kube-system
      kubectl delete pod db --wait=false
      kubectl delete csistoragecapacity -n kube-system --all
      """

  Scenario: A driver that says no longer how much room it has wakes nobody who has been refused
    Given I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: CSIDriver
      metadata: { name: quiet.example.com }
      spec: { storageCapacity: true }
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: { name: quiet }
      provisioner: quiet.example.com
      volumeBindingMode: WaitForFirstConsumer
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: data }
      spec: { storageClassName: quiet, accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } } }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: db }
      spec: { nodeSelector: { kubernetes.io/hostname: worker-1 }, volumes: [{ name: d, persistentVolumeClaim: { claimName: data } }], containers: [{ name: c, image: nginx, volumeMounts: [{ name: d, mountPath: /d }] }] }
      """
    When 3 seconds pass
    And I run "kubectl patch csidriver quiet.example.com --type=merge -p '{\"spec\":{\"storageCapacity\":false}}'"
    And 20 seconds pass
    Then pod db Pending
    When I run "kubectl label pod db a=b"
    And 15 seconds pass
    Then pod db Pending
    When I run "kubectl label node worker-1 a=b"
    Then persistentvolumeclaim data eventually has field .metadata.annotations.volume\.kubernetes\.io/selected-node "worker-1"

  Scenario: A volume that no container mounts is not set up
    Given I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: unused }
      spec: { volumes: [{ name: d, configMap: { name: nowhere } }, { name: e, secret: { secretName: nowhere } }], containers: [{ name: c, image: nginx }] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: used }
      spec: { volumes: [{ name: d, configMap: { name: nowhere } }], initContainers: [{ name: i, image: nginx, volumeMounts: [{ name: d, mountPath: /d }] }], containers: [{ name: c, image: nginx }] }
      """
    Then pod unused eventually Running
    When 5 seconds pass
    Then pod used Init:0/1
