@storage
Feature: Volumes are made, placed, grown and given back
  A claim asks, a class says who answers and how, and the scheduler picks a node that can reach the volume.

  Background:
    Given a cluster with 3 nodes
    And CSI driver "ebs.csi.example.com":
      | limit | 2 |
    And storage class "fast" of CSI driver "ebs.csi.example.com":
      | volumeBindingMode    | WaitForFirstConsumer |
      | allowVolumeExpansion | true                 |
    And the manifest "manifests/db.yaml" is applied
    And pod db-0 eventually Running

  Rule: A node has room for so many volumes

    Scenario: The seventh volume finds no node
      When I scale statefulset db to 7
      Then pod db-6 eventually has event FailedScheduling saying "3 node(s) exceed max volume count"
      And pod db-5 is Running

  Rule: A volume grows, and never shrinks

    Scenario: A volume in use grows under its pod
      When I patch persistentvolumeclaim data-db-0:
        """yaml
        spec: { resources: { requests: { storage: 2Gi } } }
        """
      Then persistentvolumeclaim data-db-0 eventually has field .status.capacity.storage 2Gi
      And persistentvolumeclaim data-db-0 eventually has event FileSystemResizeSuccessful
      And pod db-0 is unaffected

    Scenario: Without a pod the file system waits
      Given I scale statefulset db to 0
      And persistentvolumeclaim data-db-0 eventually is not attached
      When I patch persistentvolumeclaim data-db-0:
        """yaml
        spec: { resources: { requests: { storage: 2Gi } } }
        """
      Then persistentvolumeclaim data-db-0 eventually has condition FileSystemResizePending=True
      And persistentvolumeclaim data-db-0 has field .status.capacity.storage 1Gi

  Rule: What becomes of a volume when its claim goes

    Scenario: Delete
      When I scale statefulset db to 0
      And I delete persistentvolumeclaim data-db-0
      Then persistentvolumes eventually gone

    Scenario: A claim in use is only marked
      When I delete persistentvolumeclaim data-db-0
      Then persistentvolumeclaim data-db-0 is Terminating for 1 minute
      And pod db-0 is unaffected

  Rule: A claim for one pod

    Scenario: ReadWriteOncePod keeps a second pod from every node
      When I apply:
        """yaml
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: alone }
        spec: { storageClassName: fast, accessModes: [ReadWriteOncePod], resources: { requests: { storage: 1Gi } } }
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: writer }
        spec:
          serviceName: writer
          replicas: 2
          selector: { matchLabels: { app: writer } }
          template:
            metadata: { labels: { app: writer } }
            spec:
              volumes: [{ name: data, persistentVolumeClaim: { claimName: alone } }]
              containers: [{ name: app, image: "bookstore/db:1", volumeMounts: [{ name: data, mountPath: /data }] }]
        """
      Then pod writer-1 eventually has event FailedScheduling saying "3 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod"
      And pod writer-0 is Running

  Rule: A volume for one node

    Scenario: Pods of two nodes that come at once: one node has the volume, the others are told
      When I apply "manifests/two-readers.yaml"
      Then pod far eventually has event FailedAttachVolume saying "Multi-Attach error for volume" within 1 minute
      And pod near is eventually Running
      And pod far is Pending for 5 minutes

  Rule: Volumes that an administrator has made

    Scenario: A claim gets the one that fits it best: the fewest ways to use it, then the smallest
      Given I apply "manifests/by-hand.yaml"
      When I apply:
        """yaml
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: pictures }
        spec: { storageClassName: hand, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
        """
      Then persistentvolumeclaim pictures eventually has field .spec.volumeName large

    Scenario: A volume that is to be used again is emptied by a pod first
      Given I apply "manifests/by-hand.yaml"
      And I apply:
        """yaml
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: pictures }
        spec: { storageClassName: hand, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
        """
      And persistentvolumeclaim pictures is eventually Bound
      When I delete persistentvolumeclaim pictures
      Then pod recycler-for-large is eventually present
      And persistentvolume large is eventually Available within 1 minute
