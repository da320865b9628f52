Feature: Rollouts keep within their bounds, jobs count what they have done, and owners may leave their own behind

  Background:
    Given a cluster with 2 nodes

  Scenario Outline: A rollout has never more pods than maxSurge allows, nor fewer than maxUnavailable - <surge> and <unavailable>
    Given I apply:
      """yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 4
        selector: { matchLabels: { app: web } }
        strategy: { rollingUpdate: { maxSurge: <surge>, maxUnavailable: <unavailable> } }
        template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: "shop/web:1" }] } }
      """
    And deployment web has 4 ready replicas
    When I set image of deployment web to "shop/web:2"
    Then deployment web always has at most <most> replicas for 1m
    And pods of deployment web have field .spec.containers[0].image "shop/web:2"
    And deployment web has 4 replicas

    Examples:
      | surge | unavailable | most |
      | 1     | 0           | 5    |
      | 0     | 1           | 4    |
      | 50%   | 0           | 6    |

  Scenario: With maxUnavailable 0 an image that never starts takes nothing away
    Given image "shop/web:2":
      | missing | true |
    And I apply:
      """yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 4
        selector: { matchLabels: { app: web } }
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
        template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: "shop/web:1" }] } }
      """
    And deployment web has 4 ready replicas
    When I set image of deployment web to "shop/web:2"
    Then deployment web eventually has 5 replicas
    And deployment web always has 4 ready replicas for 5m

  Scenario: Orphans - deleted with --cascade=orphan, a Deployment leaves its pods behind
    Given deployment web with 2 replicas of image "shop/web:1"
    And deployment web has 2 ready replicas
    When I run "kubectl delete deployment web --cascade=orphan"
    Then deployment web is absent
    And 2 pods labelled app=web stay Running for 1m
    And replicasets labelled app=web have no field .metadata.ownerReferences

  Scenario: A Job is complete when as many pods as it wants have succeeded, no more than its parallelism at a time
    When I apply:
      """yaml
      apiVersion: batch/v1
      kind: Job
      metadata: { name: report }
      spec:
        completions: 5
        parallelism: 2
        template:
          metadata: { labels: { app: report } }
          spec: { restartPolicy: Never, containers: [{ name: app, image: "shop/report:1" }] }
      """
    Then at most 2 pods of job report are Running until job report is Complete
    And job report has field .status.succeeded 5
    And 5 pods of job report are Succeeded

  Scenario: With a limit per index each index may fail for itself, and the Job has failed once all are over
    Given image "shop/part:1":
      | exit | { after: 1s, code: 3 } |
    When I apply:
      """yaml
      apiVersion: batch/v1
      kind: Job
      metadata: { name: parts }
      spec:
        completionMode: Indexed
        completions: 3
        parallelism: 3
        backoffLimitPerIndex: 1
        template:
          spec: { restartPolicy: Never, containers: [{ name: app, image: "shop/part:1" }] }
      """
    Then job parts eventually has condition Failed=True with reason FailedIndexes
    And job parts has field .status.failedIndexes "0-2"
    And job parts has field .status.failed 6

  Scenario: An eviction that a failure policy ignores is no failure, and the pod comes back elsewhere
    Given image "shop/report:1":
      | exit | { after: 30s, code: 0 } |
      | term | { after: 2s, code: 1 }  |
    And I apply:
      """yaml
      apiVersion: batch/v1
      kind: Job
      metadata: { name: report }
      spec:
        backoffLimit: 0
        podFailurePolicy: { rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget }] }] }
        template:
          metadata: { labels: { app: report } }
          spec: { restartPolicy: Never, containers: [{ name: app, image: "shop/report:1" }] }
      """
    And pods labelled app=report are Running
    When I run "kubectl drain worker-1 worker-2 --ignore-daemonsets"
    Then the last command prints "evicted"
    When I run "kubectl uncordon worker-1 worker-2"
    Then job report eventually is Complete
    And job report has no field .status.failed
