@workloads
Feature: Disruption budgets hold back those who ask
  Evictions ask the budget: drains do. What merely happens, or deletes, does not.

  Background:
    Given a cluster with 2 nodes
    And the manifest "manifests/till.yaml" is applied
    And deployment till eventually has 3 ready replicas
    And the manifest "manifests/till-budget.yaml" is applied
    And poddisruptionbudget till eventually has field .status.disruptionsAllowed "1"

  Scenario: A drain takes as many pods at a time as the budget allows
    When I drain node worker-1
    Then deployment till has at least 2 ready replicas while node worker-1 cordoned
    And pods labelled app=till eventually scheduled on node worker-2

  Scenario: With nothing to spare the drain does not end
    When I scale deployment till to 2
    And I run "kubectl drain worker-1 worker-2 --timeout=20s"
    Then the last command fails
    And the last command prints "Cannot evict pod as it would violate the pod's disruption budget."
    And deployment till has 2 replicas
    And deployment till has 2 ready replicas

  Scenario: A delete does not ask
    When I run "kubectl delete pods -l app=till --wait=false"
    Then poddisruptionbudget till eventually has field .status.currentHealthy "0"

  Scenario: A node that is lost does not ask either
    When node worker-1 goes down
    And node worker-2 goes down
    Then poddisruptionbudget till eventually has field .status.currentHealthy "0"
