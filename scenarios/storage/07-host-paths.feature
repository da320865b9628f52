@storage
Feature: What a pod asks for of its machine must lie there
  `hostPath.type` says what the pod expects at a path. A kubelet looks before it starts the containers, and tells in Events what it does not find.

  Scenario Outline: <path> as <type>: <outcome>
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: reader }
      spec:
        containers: [ { name: app, image: "shop/reader:1", volumeMounts: [ { name: d, mountPath: /host } ] } ]
        volumes: [ { name: d, hostPath: { path: <path>, type: <type> } } ]
      """
    And 20 seconds pass
    Then pod reader is <status>
    And pod reader <event>

    Examples:
      | path                            | type              | outcome                     | status            | event                                                                                                                        |
      | /var/log                        | Directory         | every Linux has it          | Running           | has no event FailedMount                                                                                                     |
      | /data/shop                      | Directory         | nobody made it              | ContainerCreating | has event FailedMount saying "hostPath type check failed: /data/shop is not a directory"                                     |
      | /data/shop                      | DirectoryOrCreate | made                        | Running           | has no event FailedMount                                                                                                     |
      | /data/shop/x.yaml               | FileOrCreate      | only the file would be made | ContainerCreating | has event FailedMount saying "MountVolume.SetUp failed for volume \"d\" : open /data/shop/x.yaml: no such file or directory" |
      | /var/log                        | File              | it is a directory           | ContainerCreating | has event FailedMount saying "/var/log is not a file"                                                                        |
      | /var/run/docker.sock            | Socket            | containerd has its own      | ContainerCreating | has event FailedMount saying "/var/run/docker.sock is not a socket file"                                                     |
      | /run/containerd/containerd.sock | Socket            | it does                     | Running           | has no event FailedMount                                                                                                     |
      | /dev/null                       | CharDevice        | every Linux has it          | Running           | has no event FailedMount                                                                                                     |

  Scenario: A pod waits until somebody has made the folder, and each machine has its own
    Given a cluster with 2 nodes
    And node worker-1 has directory "/data/models"
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: models }
      spec:
        selector: { matchLabels: { app: models } }
        template:
          metadata: { labels: { app: models } }
          spec:
            containers: [ { name: app, image: "shop/models:1", volumeMounts: [ { name: d, mountPath: /models } ] } ]
            volumes: [ { name: d, hostPath: { path: /data/models, type: Directory } } ]
      """
    And 30 seconds pass
    Then daemonset models has 1 ready replica
    When every node has directory "/data/models"
    Then daemonset models eventually has 2 ready replicas within 2m

  Scenario: A local volume is a folder that somebody has made
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: { name: disk }
      spec:
        storageClassName: local
        capacity: { storage: 1Gi }
        accessModes: [ ReadWriteOnce ]
        local: { path: /mnt/disks/ssd }
        nodeAffinity: { required: { nodeSelectorTerms: [ { matchExpressions: [ { key: kubernetes.io/hostname, operator: In, values: [ worker-1 ] } ] } ] } }
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: data }
      spec: { storageClassName: local, accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 1Gi } } }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: db }
      spec:
        containers: [ { name: app, image: "shop/db:1", volumeMounts: [ { name: d, mountPath: /data } ] } ]
        volumes: [ { name: d, persistentVolumeClaim: { claimName: data } } ]
      """
    Then pod db eventually has event FailedMount saying "MountVolume.NewMounter initialization failed for volume \"disk\" : path \"/mnt/disks/ssd\" does not exist"
    When every node has directory "/mnt/disks/ssd"
    Then pod db is eventually Running
