@storage
Feature: What is written stays with its volume
  A volume is more than its claim: what stands on the disk behind a driver moves with the pod from node to node, a snapshot holds what stood there when it was
  taken, and a claim that is made anew is a new disk.

  Background:
    Given a managed cluster with 2 nodes
    And CSI driver "disk.csi.example.com"
    And storage class "fast" of CSI driver "disk.csi.example.com":
      | volumeBindingMode | WaitForFirstConsumer |
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: data }
      spec: { storageClassName: fast, accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 5Gi } } }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: db }
      spec:
        replicas: 1
        strategy: { type: Recreate }
        selector: { matchLabels: { app: db } }
        template:
          metadata: { labels: { app: db } }
          spec:
            containers: [ { name: pg, image: "postgres:16", volumeMounts: [ { name: d, mountPath: /data } ] } ]
            volumes: [ { name: d, persistentVolumeClaim: { claimName: data } } ]
      """
    Given deployment db eventually has 1 ready replica within 2m
    And a pod of deployment db as "first"
    When container pg in $first writes "one" to "/data/orders"
    Then file "/data/orders" in container pg of $first has content "one"

  Scenario: It follows the pod to another node, and back
    When I run "kubectl drain ${first.spec.nodeName} --ignore-daemonsets"
    Given deployment db eventually has 1 ready replica within 3m
    And a pod of deployment db as "second"
    Then file "/data/orders" in container pg of $second has content "one"
    When container pg in $second writes "two" to "/data/orders"
    And I run "kubectl uncordon ${first.spec.nodeName}"
    And I run "kubectl drain ${second.spec.nodeName} --ignore-daemonsets"
    Given deployment db eventually has 1 ready replica within 3m
    And a pod of deployment db as "third"
    Then $third is on node ${first.spec.nodeName}
    And file "/data/orders" in container pg of $third has content "two"

  Scenario: A claim that is made anew has a new disk
    When I scale deployment db to 0
    And I delete pvc data
    Given pvc data is eventually gone
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: data }
      spec: { storageClassName: fast, accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 5Gi } } }
      """
    And I scale deployment db to 1
    Given deployment db eventually has 1 ready replica within 3m
    And a pod of deployment db as "second"
    Then file "/data/orders" in container pg of $second does not exist

  Scenario: It outlives the machine that wrote it
    When the cloud instance of node $first is terminated
    Given $first is eventually gone within 10m
    And deployment db eventually has 1 ready replica within 10m
    And a pod of deployment db as "second"
    Then file "/data/orders" in container pg of $second has content "one"

  Scenario Outline: A copy has what stood there when it was taken, and goes its own way from then on: <of>
    Given the snapshot controller is installed
    And volume snapshot class "daily" of CSI driver "disk.csi.example.com"
    When I apply:
      """
      apiVersion: snapshot.storage.k8s.io/v1
      kind: VolumeSnapshot
      metadata: { name: monday }
      spec: { source: { persistentVolumeClaimName: data } }
      """
    Given volumesnapshot monday eventually has field .status.readyToUse "true" within 2m
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: copy }
      spec:
        storageClassName: fast
        accessModes: [ ReadWriteOnce ]
        resources: { requests: { storage: 5Gi } }
        dataSource: { <source> }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: reader }
      spec:
        containers: [ { name: app, image: "postgres:16", volumeMounts: [ { name: d, mountPath: /copy } ] } ]
        volumes: [ { name: d, persistentVolumeClaim: { claimName: copy } } ]
      """
    Given pod reader is eventually Running within 2m
    When container pg in $first writes "two" to "/data/orders"
    Then file "/copy/orders" in container app of pod reader has content "one"
    When container app in pod reader writes "other" to "/copy/orders"
    Then file "/data/orders" in container pg of $first has content "two"
    And file "/copy/orders" in container app of pod reader has content "other"

    Examples:
      | of         | source                                                                      |
      | a snapshot | "apiGroup": snapshot.storage.k8s.io, "kind": VolumeSnapshot, "name": monday |
      | a claim    | "kind": PersistentVolumeClaim, "name": data                                 |
