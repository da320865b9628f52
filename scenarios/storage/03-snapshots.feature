@storage
Feature: A volume is copied as it was at one moment
  Snapshots are objects of definitions that an administrator installs, together with their controller. A VolumeSnapshot asks for one, a VolumeSnapshotContent
  stands for what the storage then has, and a claim that names the snapshot as its source is a volume made of it.

  Background:
    Given a cluster with 3 nodes
    And the snapshot controller is installed
    And CSI driver "ebs.csi.example.com":
      | snapshot | 10s |
    And storage class "fast" of CSI driver "ebs.csi.example.com"
    And volume snapshot class "nightly" of CSI driver "ebs.csi.example.com"
    And the manifest "manifests/db.yaml" is applied
    And pod db-0 eventually Running

  Rule: Taking one

    Scenario: A snapshot is ready once the storage has it, and its pod notices nothing
      When I apply "manifests/evening.yaml"
      Then volumesnapshot evening has field .status.readyToUse "false" within 1s
      And volumesnapshot evening eventually has field .status.readyToUse "true" within 15s
      And volumesnapshot evening has field .status.restoreSize 1Gi
      And volumesnapshot evening eventually has event SnapshotReady from snapshot-controller
      And pod db-0 is unaffected
      When I run "kubectl get volumesnapshots"
      Then the last command prints "NAME      READYTOUSE   SOURCEPVC   SOURCESNAPSHOTCONTENT   RESTORESIZE   SNAPSHOTCLASS"
      And the last command prints "evening   true         data-db-0                           1Gi           nightly"

    Scenario: The claim stays until the snapshot has been taken
      Given I apply "manifests/evening.yaml"
      And volumesnapshot evening eventually has event CreatingSnapshot
      When I scale statefulset db to 0
      And I delete persistentvolumeclaim data-db-0
      Then persistentvolumeclaim data-db-0 is Terminating for 5s
      And persistentvolumeclaim data-db-0 is eventually gone within 1 minute
      And volumesnapshot evening has field .status.readyToUse "true"

    Scenario: What the storage refuses is told at the snapshot
      Given CSI driver "ebs.csi.example.com":
        | snapshotError | rpc error: code = ResourceExhausted desc = too many snapshots |
      When I apply "manifests/evening.yaml"
      Then volumesnapshot evening eventually has field .status.error.message
      And volumesnapshot evening has field .status.readyToUse "false" for 5 minutes

  Rule: Making a volume of one

    Scenario: A claim that names a snapshot waits for it, and is as large
      Given I apply "manifests/evening.yaml"
      When I apply "manifests/morning.yaml"
      Then persistentvolumeclaim morning eventually has event ProvisioningFailed saying "snapshot evening is not Ready"
      And persistentvolumeclaim morning is eventually Bound within 1 minute

    Scenario: A snapshot that a volume is being made of waits with its end
      Given I apply "manifests/evening.yaml"
      And volumesnapshot evening eventually has field .status.readyToUse "true"
      When I apply "manifests/morning.yaml"
      And I run "kubectl delete volumesnapshot evening --wait=false"
      Then volumesnapshot evening is Terminating for 1s
      And persistentvolumeclaim morning is eventually Bound
      And volumesnapshots are eventually gone
