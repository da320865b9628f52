@workloads
Feature: How much of it was there all along
  What a rollout, a drain or a lost node leaves of a service is a share of its pods, and shows best when it is over.

  Background:
    Given a cluster with 3 nodes
    And deployment web with 8 replicas of image "bookstore/web:1"
    And deployment web is rolled out

  Scenario: A rolling update keeps three quarters of what is asked for
    When I set image of deployment web to "bookstore/web:2"
    And 1 minute passes
    Then deployment web had at least 75 % of its replicas ready during the rollout of deployment web
    And at least 6 pods of deployment web were always Ready
    And pods of deployment web run image "bookstore/web:2"

  Scenario: An image that does not exist takes no more than a quarter
    Given image "bookstore/web:typo" does not exist
    When I set image of deployment web to "bookstore/web:typo"
    And 20 minutes pass
    Then at least 6 pods of deployment web were always Ready
    And deployment web has condition Progressing=False with reason ProgressDeadlineExceeded
    And deployment web has at most half of its replicas updated

  Scenario: A drain leaves what the budgets of two Deployments ask for
    Given deployment api with 4 replicas of image "bookstore/api:1"
    And deployments web and api are rolled out
    And I run "kubectl create pdb web --selector=app=web --min-available=75%"
    And I run "kubectl create pdb api --selector=app=api --min-available=75%"
    And pdb web allows 2 disruptions
    And pdb api allows 1 disruption
    When I drain node worker-1
    Then there are no pods owned by deployment web on node worker-1
    And deployment web always had at least 75 % of its replicas available
    And deployment api always had at least 75 % of its replicas available
    And all pods of deployments web and api are eventually Ready

  Scenario: What a node takes with it is a third, and was Ready until its silence was noticed
    When node worker-1 goes down
    And 35 seconds pass
    Then 100 % of the pods of deployment web were always Ready
    And fewer than 80 % of the pods of deployment web are eventually Ready
    And more than 60 % of the pods of deployment web are Ready

  Scenario: The one replica of a StatefulSet goes with its node, and nobody else may have its name
    Given the following manifest is applied:
      """yaml
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: db }
      spec:
        serviceName: db
        replicas: 1
        selector: { matchLabels: { app: db } }
        template:
          metadata: { labels: { app: db } }
          spec: { containers: [{ name: db, image: "bookstore/db:1" }] }
      """
    And pod db-0 is Ready
    And I remember pod db-0 as "before"
    When the node of pod db-0 goes down
    And 15 minutes pass
    Then pod db-0 is Terminating
    And pod db-0 has the same uid as $before
    And there is 1 pod owned by statefulset db
