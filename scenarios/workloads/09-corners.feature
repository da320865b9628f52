Feature: Where a rule of a controller has a corner

  Background:
    Given a cluster with 2 nodes

  Scenario: Bounds that come to nothing let one pod be missing
    Given I apply:
      """yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 3
        selector: { matchLabels: { app: web } }
        strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 10% } }
        template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: "shop/web:1" }] } }
      """
    And deployment web has 3 ready replicas
    When I set image of deployment web to "shop/web:2"
    Then deployment web always has at most 3 replicas for 1m
    And deployment web always has at least 2 ready replicas for 1m
    And pods of deployment web have field .spec.containers[0].image "shop/web:2"

  Scenario: What is scaled in the middle of a rollout is shared out by size
    Given image "shop/web:2":
      | missing | true |
    And deployment web with 8 replicas of image "shop/web:1"
    And deployment web has 8 ready replicas
    And I set image of deployment web to "shop/web:2"
    And 1 minute passes
    When I scale deployment web to 9
    And I run "kubectl get replicasets --sort-by=.spec.replicas -o jsonpath={.items[*].spec.replicas}"
    Then the last command prints exactly "5 7"

  Scenario: A partition counts from where the ordinals begin
    Given I apply:
      """yaml
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: db }
      spec:
        replicas: 3
        ordinals: { start: 5 }
        serviceName: db
        selector: { matchLabels: { app: db } }
        updateStrategy: { rollingUpdate: { partition: 2 } }
        template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: app, image: "shop/db:1" }] } }
      """
    And statefulset db has 3 ready replicas
    When I set image of statefulset db to "shop/db:2"
    Then pod db-7 eventually has field .spec.containers[0].image "shop/db:2"
    And pod db-6 has field .spec.containers[0].image "shop/db:1" for 1m
    Given pod db-5 as "before"
    When I delete pod db-5
    Then pod db-5 eventually does not have the same uid as $before
    And pod db-5 has field .spec.containers[0].image "shop/db:1"

  Scenario: A volume that belongs to one claim is not given to another that names it
    Given I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolume
      metadata: { name: disk }
      spec: { capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce], storageClassName: manual, hostPath: { path: /data } }
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: first }
      spec: { storageClassName: manual, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
      """
    And persistentvolumeclaim first eventually is Bound
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: second }
      spec: { volumeName: disk, storageClassName: manual, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
      """
    Then persistentvolumeclaim second eventually has event FailedBinding saying "already bound to a different claim"
    And persistentvolumeclaim first is Bound for 1m
    And persistentvolumeclaim second is Pending
