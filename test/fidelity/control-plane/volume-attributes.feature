@shared-cluster
Feature: Volume attributes

  Scenario: classes and what may be said of them
    Given a cluster with 1 node
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: gold }
      driverName: ebs.csi.example.com
      parameters: { iops: "4000" }
      """
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: none }
      driverName: ebs.csi.example.com
      """
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: odd }
      parameters: { a: b }
      """
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: odd2 }
      driverName: "x y"
      parameters: { "": b }
      """
    When I run "kubectl get volumeattributesclasses"
    When I run "kubectl describe volumeattributesclass gold"
    When I run "kubectl patch volumeattributesclass gold --type=merge -p '{\"parameters\":{\"iops\":\"5000\"}}'"
    When I run "kubectl patch volumeattributesclass gold --type=merge -p '{\"driverName\":\"other.example.com\"}'"
    When I run "kubectl get vac gold -o wide"
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: silver }
      driverName: ebs.csi.example.com
      parameters: { iops: "100" }
      """

  Scenario: claims and volumes that name one
    Given a cluster with 1 node
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: gold }
      driverName: ebs.csi.example.com
      parameters: { iops: "4000" }
      """
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: silver }
      driverName: ebs.csi.example.com
      parameters: { iops: "1000" }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolume
      metadata: { name: v-plain }
      spec: { accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, storageClassName: m, csi: { driver: ebs.csi.example.com, volumeHandle: h1 } }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolume
      metadata: { name: v-gold }
      spec: { accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, storageClassName: m, volumeAttributesClassName: gold, csi: { driver: ebs.csi.example.com, volumeHandle: h2 } }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: c-gold }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m, volumeAttributesClassName: gold }
      """
    When 8 seconds pass
    When I run "kubectl get pvc c-gold -o jsonpath={.spec.volumeName}:{.status.phase}:{.status.currentVolumeAttributesClassName}:{.status.modifyVolumeStatus}"
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: c-plain }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m }
      """
    When 8 seconds pass
    When I run "kubectl get pvc c-plain -o jsonpath={.spec.volumeName}:{.status.phase}:{.status.currentVolumeAttributesClassName}:{.status.modifyVolumeStatus}"
    When I run "kubectl get pvc -o wide"
    When I run "kubectl get pv -o wide"
    When I run "kubectl patch pvc c-plain --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"silver\"}}'"
    When I run "kubectl get pvc c-plain -o jsonpath={.spec.volumeAttributesClassName}:{.status.currentVolumeAttributesClassName}:{.status.modifyVolumeStatus}"
    When I run "kubectl patch pvc c-plain --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"ghost\"}}'"
    When I run "kubectl patch pvc c-plain --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"\"}}'"
    When I run "kubectl patch pvc c-plain --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":null}}'"
    When I run "kubectl patch pvc c-gold --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"silver\"}}'"
    When I run "kubectl patch pvc c-gold --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":null}}'"
    When I run "kubectl patch pvc c-gold --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"\"}}'"
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: c-ghost }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m, volumeAttributesClassName: ghost }
      """
    When I run "kubectl patch pvc c-ghost --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}'"
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: c-odd }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m, volumeAttributesClassName: "x y" }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: c-empty }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m, volumeAttributesClassName: "" }
      """
    When I run "kubectl get pvc c-empty -o jsonpath={.spec}"
    When I run "kubectl patch pv v-gold --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"silver\"}}'"
    When I run "kubectl patch pv v-plain --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"silver\"}}'"
    When I run "kubectl describe pvc c-gold"
    When I run "kubectl describe pv v-gold"
    When 3 seconds pass
    When I run "kubectl delete vac gold --wait=false"
    When I run "kubectl get vac"
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolume
      metadata: { name: v-bad }
      spec: { accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, storageClassName: m, volumeAttributesClassName: gold, hostPath: { path: /tmp/x } }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolume
      metadata: { name: v-odd }
      spec: { accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, storageClassName: m, volumeAttributesClassName: "", csi: { driver: ebs.csi.example.com, volumeHandle: h3 } }
      """
    When I run "kubectl get vac silver -o jsonpath={.metadata.finalizers}"
    When I run "kubectl delete pvc c-gold c-plain c-ghost c-empty --wait=false"
    When I run "kubectl delete pv v-gold v-plain --wait=false"
    When 5 seconds pass
    When I run "kubectl get vac"

  Scenario: quotas of classes
    Given a cluster with 1 node
    When I apply:
      """yaml
      apiVersion: storage.k8s.io/v1
      kind: VolumeAttributesClass
      metadata: { name: gold }
      driverName: ebs.csi.example.com
      parameters: { iops: "4000" }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: ResourceQuota
      metadata: { name: q }
      spec: { hard: { persistentvolumeclaims: "1" }, scopeSelector: { matchExpressions: [{ scopeName: VolumeAttributesClass, operator: In, values: [gold] }] } }
      """
    When 3 seconds pass
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: a }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: b }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m, volumeAttributesClassName: gold }
      """
    When 3 seconds pass
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: c }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } }, storageClassName: m, volumeAttributesClassName: gold }
      """
    When I run "kubectl patch pvc a --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}'"
    When I run "kubectl describe quota q"
