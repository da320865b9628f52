@storage
Feature: Where there is room, and volumes without a file system
  A driver may tell how much room is left where, in CSIStorageCapacity objects: a claim that waits for its first consumer then draws its pod to a place with room.
  A volume of mode Block is a device of its container, and no file system is made on it.

  Background:
    Given a cluster with 3 nodes
    And CSI driver "disk.csi.example.com":
      | storageCapacity | true |
    And storage class "late" of CSI driver "disk.csi.example.com":
      | volumeBindingMode    | WaitForFirstConsumer |
      | allowVolumeExpansion | true                 |

  Rule: A pod goes where its volume has room

    Background:
      Given I apply "manifests/two-rooms.yaml"

    Scenario: There is room on one node only
      When I apply "manifests/lodger.yaml"
      Then pod lodger is eventually Running
      And pod lodger is on node worker-2

    Scenario: Nowhere is room for so much; a larger disk wakes the pod
      Given I apply "manifests/lodger.yaml"
      And pod lodger is eventually Running
      When I run "kubectl apply -f manifests/giant.yaml"
      Then pod giant eventually has event FailedScheduling saying "3 node(s) did not have enough free storage"
      When I run "kubectl patch csistoragecapacity second -n kube-system --type=merge -p '{\"capacity\":\"1Ti\"}'"
      Then pod giant is eventually Running
      And pod giant is on node worker-2

  Rule: A volume of mode Block

    Background:
      Given CSI driver "disk.csi.example.com":
        | storageCapacity | false |
      And I apply "manifests/raw.yaml"

    Scenario: It is mapped to a device
      Given pod raw is eventually Running
      Then pod raw has event SuccessfulMountVolume saying "MapVolume.MapPodDevice succeeded"

    Scenario: It grows without its pod, as there is no file system that would have to
      Given pod raw is eventually Running
      And I delete pod raw
      When I patch persistentvolumeclaim raw:
        """yaml
        spec: { resources: { requests: { storage: 2Gi } } }
        """
      Then persistentvolumeclaim raw eventually has field .status.capacity.storage 2Gi

    Scenario: Who mounts it waits for ever, and is told why
      Given pod raw is eventually Running
      When I apply "manifests/mounts-raw.yaml"
      Then pod mounts eventually has event FailedMount saying "volume data has volumeMode Block, but is specified in volumeMounts"
      And pod mounts stays ContainerCreating for 5 minutes
