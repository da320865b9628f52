@storage
Feature: What a volume can do is changed by the name of a class
  A VolumeAttributesClass says how fast a volume is, beside the StorageClass that says where it comes from. A claim may name another one at any
  time; the driver's resizer sees to it while the pods go on.

  Background:
    Given a cluster with 2 nodes
    And CSI driver "ebs.csi.example.com"
    And storage class "fast" of CSI driver "ebs.csi.example.com":
      | volumeBindingMode | WaitForFirstConsumer |
    And the manifest "manifests/attributes.yaml" is applied
    And pod shop is eventually Running

  Rule: A claim names its class

    Scenario: The volume is made with it
      Then persistentvolumeclaim data has field .status.currentVolumeAttributesClassName silver
      And persistentvolumes have field .spec.volumeAttributesClassName silver

    Scenario: Another class is given to the volume under its pod
      When I run "kubectl patch pvc data --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}'"
      Then persistentvolumeclaim data eventually has field .status.modifyVolumeStatus.status InProgress
      And persistentvolumeclaim data eventually has field .status.currentVolumeAttributesClassName gold
      And persistentvolumes have field .spec.volumeAttributesClassName gold
      And persistentvolumeclaim data eventually has event VolumeModifySuccessful saying "external resizer modified volume data with vac gold successfully"
      And persistentvolumeclaim data has no field .status.modifyVolumeStatus
      And pod shop is unaffected

    Scenario: A claim that has a class cannot be without one
      When I run "kubectl patch pvc data --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":null}}'"
      Then the last command fails with "update to nil is forbidden when status.currentVolumeAttributesClassName is not nil"

  Rule: A class that is not there is waited for

    Scenario: By a claim that is to be given it
      When I run "kubectl patch pvc data --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"platinum\"}}'"
      Then persistentvolumeclaim data eventually has event VolumeModifyFailed saying "VAC \"platinum\" does not exist."
      And persistentvolumeclaim data has field .status.modifyVolumeStatus.status Pending for 10m
      And persistentvolumeclaim data has field .status.currentVolumeAttributesClassName silver
      When I apply:
        """yaml
        apiVersion: storage.k8s.io/v1
        kind: VolumeAttributesClass
        metadata: { name: platinum }
        driverName: ebs.csi.example.com
        parameters: { iops: "64000" }
        """
      Then persistentvolumeclaim data eventually has field .status.currentVolumeAttributesClassName platinum

    Scenario: By a claim whose volume is yet to be made
      When I apply "manifests/platinum-claim.yaml"
      Then persistentvolumeclaim next eventually has event ProvisioningFailed saying "volumeattributesclasses.storage.k8s.io \"platinum\" not found"
      And persistentvolumeclaim next is Pending for 5m

  Rule: The storage has a say

    Scenario: What it finds invalid stays as it was, until another class is named
      Given CSI driver "ebs.csi.example.com":
        | modifyError | rpc error: code = InvalidArgument desc = too many IOPS |
      When I run "kubectl patch pvc data --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}'"
      Then persistentvolumeclaim data eventually has field .status.modifyVolumeStatus.status Infeasible
      And persistentvolumeclaim data has condition ModifyVolumeError
      And persistentvolumeclaim data eventually has event VolumeModifyFailed saying "too many IOPS"
      And persistentvolumeclaim data has field .status.currentVolumeAttributesClassName silver
      And pod shop is unaffected
      When I run "kubectl patch pvc data --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"silver\"}}'"
      And CSI driver "ebs.csi.example.com"
      Then persistentvolumeclaim data eventually has no field .status.modifyVolumeStatus
      And persistentvolumeclaim data has no condition ModifyVolumeError

    Scenario: Who had no class may go back to none
      Given I apply:
        """yaml
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: { name: at-once }
        provisioner: ebs.csi.example.com
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: simple }
        spec:
          storageClassName: at-once
          accessModes: [ReadWriteOnce]
          resources: { requests: { storage: 1Gi } }
        """
      And persistentvolumeclaim simple is eventually Bound
      And CSI driver "ebs.csi.example.com":
        | modifyError | rpc error: code = InvalidArgument desc = too many IOPS |
      And I run "kubectl patch pvc simple --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}'"
      And persistentvolumeclaim simple eventually has condition ModifyVolumeError
      When I run "kubectl patch pvc simple --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":null}}'"
      Then the last command succeeds
      And persistentvolumeclaim simple eventually has event VolumeModifyCancelled saying "Cancelled modify."
      And persistentvolumeclaim simple has no condition ModifyVolumeError

    Scenario: What it cannot do now is tried again
      Given CSI driver "ebs.csi.example.com":
        | modifyError | rpc error: code = Internal desc = try later |
      When I run "kubectl patch pvc data --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}'"
      Then persistentvolumeclaim data eventually has event VolumeModifyFailed saying "try later"
      And persistentvolumeclaim data has field .status.modifyVolumeStatus.status InProgress for 1m
      When CSI driver "ebs.csi.example.com"
      Then persistentvolumeclaim data eventually has field .status.currentVolumeAttributesClassName gold within 5m

  Rule: A class stays while somebody has it

    Scenario: It is deleted when nobody has it any more
      When I run "kubectl delete volumeattributesclass silver --wait=false"
      Then volumeattributesclass silver is present for 5m
      When I run "kubectl patch pvc data --type=merge -p '{\"spec\":{\"volumeAttributesClassName\":\"gold\"}}'"
      Then volumeattributesclass silver is eventually gone
      And volumeattributesclass gold is present

  Rule: Claims and volumes that were made by hand fit by their class

    Scenario: A volume of another class is none for the claim
      When I apply "manifests/by-class.yaml"
      Then persistentvolumeclaim quick eventually has field .spec.volumeName swift
      And persistentvolumeclaim plain eventually has field .spec.volumeName slow

    Scenario: A quota may be for those of a class
      Given I apply:
        """yaml
        apiVersion: v1
        kind: ResourceQuota
        metadata: { name: few-golden }
        spec:
          hard: { persistentvolumeclaims: "0" }
          scopeSelector: { matchExpressions: [{ scopeName: VolumeAttributesClass, operator: In, values: [platinum] }] }
        """
      When I apply "manifests/platinum-claim.yaml"
      Then the last request is rejected because "exceeded quota: few-golden"
