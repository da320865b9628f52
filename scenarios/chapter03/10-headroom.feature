@chapter03
Feature: Headroom for the loss of a node

  @checklist:DP-01
  Scenario: With headroom a lost node's pods find a place
    Given a cluster with 3 nodes
    And each node has 2 cpu and 4Gi memory
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When node worker-1 goes down
    Then node worker-1 is not Ready within 60s
    And at least 1 pod of deployment catalog is eventually Terminating within 7m
    And deployment catalog eventually has 3 ready replicas within 1m
    And no pod of deployment catalog is Pending

  @checklist:DP-01
  Scenario: Without headroom they wait, and say for what
    Given a cluster with 2 nodes
    And each node has 1 cpu and 2Gi memory
    And the manifest "manifests/heavy.yaml" is applied
    And deployment heavy has 2 ready replicas
    When node worker-1 goes down
    Then a pod of deployment heavy eventually has event FailedScheduling saying "Insufficient cpu" within 8m
    And deployment heavy never has 2 ready replicas for 10m
