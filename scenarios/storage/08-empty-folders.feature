@storage
Feature: An emptyDir lives as long as its pod
  What a container has written there is still there when it is started again, and gone with the pod.

  Scenario: It outlives its containers, and goes with its pod
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: cache }
      spec:
        serviceName: cache
        replicas: 1
        selector: { matchLabels: { app: cache } }
        template:
          metadata: { labels: { app: cache } }
          spec:
            containers: [ { name: app, image: "redis:7", volumeMounts: [ { name: d, mountPath: /data } ] } ]
            volumes: [ { name: d, emptyDir: {} } ]
      """
    Given pod cache-0 is eventually Running
    When container app in pod cache-0 writes "x" to "/data/x"
    And container app in pod cache-0 crashes
    Then container app in pod cache-0 eventually restarted 1 time
    And file "/data/x" in container app of pod cache-0 exists
    When I delete pod cache-0
    Given pod cache-0 is eventually Running
    Then file "/data/x" in container app of pod cache-0 is gone
