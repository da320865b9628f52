@storage
Feature: A volume is attached to a node before a pod can use it
  A disk of a cloud belongs to one machine at a time. The attach/detach controller says where, in VolumeAttachments; a machine that is
  lost says nothing, and so its disks stay with it.

  Background:
    Given a cluster with 3 nodes
    And CSI driver "ebs.csi.example.com"
    And storage class "fast" of CSI driver "ebs.csi.example.com":
      | volumeBindingMode | WaitForFirstConsumer |
    And the manifest "manifests/db.yaml" is applied
    And pod db-0 eventually Running
    And pod db-0 as "first"

  Rule: The volume follows its pod

    Scenario: A pod that moves takes its volume along
      When I cordon the node of pod db-0
      And I delete pod db-0
      Then pod db-0 eventually does not have the same .spec.nodeName as $first
      And pod db-0 eventually Running
      And persistentvolumeclaim data-db-0 is not attached to node ${first.spec.nodeName}
      And persistentvolumeclaim data-db-0 is attached

    Scenario: Nobody needs the volume any more
      When I scale statefulset db to 0
      Then persistentvolumeclaim data-db-0 eventually is not attached
      And persistentvolumeclaim data-db-0 is Bound

  Rule: A lost node keeps what is attached to it

    Scenario: The replacement is refused the volume until it is taken away by force
      When the node of pod db-0 goes down
      And 6 minutes pass
      And I run "kubectl delete pod db-0 --force --grace-period=0"
      Then pod db-0 eventually has event FailedAttachVolume saying "Volume is already exclusively attached to one node and can't be attached to another"
      And persistentvolumeclaim data-db-0 is attached to node ${first.spec.nodeName} for 350 seconds
      And pod db-0 eventually Running within 8 minutes

    Scenario: The taint out-of-service says that the node will not come back by itself
      When the node of pod db-0 goes down
      And I taint node ${first.spec.nodeName} with node.kubernetes.io/out-of-service=nodeshutdown:NoExecute
      Then pod db-0 eventually does not have the same uid as $first within 2 minutes
      And pod db-0 eventually Running within 1 minute
      And persistentvolumeclaim data-db-0 is not attached to node ${first.spec.nodeName}
      And node ${first.spec.nodeName} is NotReady

    Scenario: A node that comes back lets go of it, and all is whole again
      When the node of pod db-0 goes down
      And 10 minutes pass
      And node ${first.spec.nodeName} comes back
      Then pod db-0 eventually does not have the same uid as $first within 2 minutes
      And pod db-0 eventually Running within 1 minute
      And persistentvolumeclaim data-db-0 is attached

  Rule: The storage has a say

    Scenario: What the storage answers is told at the pod
      Given CSI driver "ebs.csi.example.com":
        | attachError | rpc error: code = Internal desc = the disk is broken |
      When I cordon the node of pod db-0
      And I delete pod db-0
      Then pod db-0 eventually has event FailedAttachVolume saying "the disk is broken" within 2 minutes
      And pod db-0 is Pending
