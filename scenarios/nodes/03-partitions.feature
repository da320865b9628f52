@nodes
Feature: The network fails, and the machines are well
  Who cannot be heard is not dead. A node that the control plane does not hear goes on with what it has; two nodes that do not hear each other are
  nothing that Kubernetes knows of.

  Background:
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | b    |
      | worker-3 | b    |
    And the manifest "manifests/shop.yaml" is applied
    And deployment shop eventually has 4 ready replicas
    And service shop on port 80 for app=shop

  Scenario: Cut off from the control plane, pods run on and are counted out
    When the network between worker-1 and the control plane is partitioned
    Then node worker-1 is eventually NotReady within 1 minute
    And pods on node worker-1 are Running on the node for 4 minutes
    And service shop has at most 3 endpoints

  Scenario: What was evicted meanwhile runs until the network is back
    When the network between worker-1 and the control plane is partitioned
    And 7 minutes pass
    Then at least 1 pod on node worker-1 is Terminating
    When the network between worker-1 and the control plane heals
    Then no pod on node worker-1 is Terminating within 1 minute

  Rule: Two nodes that do not reach each other

    Background:
      Given the manifest "manifests/asker.yaml" is applied
      And pod asker eventually Running
      And service shop eventually has 4 endpoints
      And pod asker sends 10 requests per second to service shop
      And 10s pass

    Scenario: Requests between them are lost, and nobody in the cluster notices
      When the network between worker-1 and worker-2 is partitioned
      And 1 minute passes
      Then requests from pod asker to service shop lose at least 100 requests because "nothing passes between worker-1 and worker-2"
      And nodes are Ready
      And service shop has 4 endpoints

    Scenario: Between two zones it is the same, for as long as it lasts
      When the network between zone a and zone b is partitioned
      And 10s pass
      And the network between zone a and zone b heals
      Then requests from pod asker to service shop lose at least 50 requests
      And 1 minute passes
      And requests from pod asker to service shop lose at most 100 requests
