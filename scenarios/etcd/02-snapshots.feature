@etcd
Feature: A backup is a moment, and a restore goes back to it
  Objects that were made since are gone, those that were deleted are there again. Nodes know nothing of it, and the controllers make the two agree.

  Background:
    Given a cluster with 2 nodes
    And deployment catalog with 2 replicas of image "bookstore/catalog:dev"
    And deployment catalog has 2 ready replicas
    And I run "etcdctl snapshot save before.db"

  Scenario: What was deleted is back, with its pods
    When I run "kubectl delete deployment catalog"
    Then pods labelled app=catalog are eventually gone
    When etcd is restored from snapshot "before.db"
    Then deployment catalog is present
    And deployment catalog eventually has 2 ready replicas within 5 minutes

  Scenario: What was made since is gone, and what was there before is not touched
    Given I run "kubectl run later --image=bookstore/later:1"
    And pod later eventually Running
    And a pod of deployment catalog as "catalog"
    When etcd is restored from snapshot "before.db"
    Then pod later is absent
    And $catalog is unaffected for 5 minutes
