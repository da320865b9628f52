Feature: The catalog

  Background:
    Given a cluster with 2 nodes
    And deployment catalog with 2 replicas of image "bookstore/catalog:1"

  Scenario: It comes up
    Then deployment catalog eventually has 2 ready replicas

  Rule: It survives

    Scenario Outline: <what> goes down
      Given deployment catalog has 2 ready replicas
      When <what> goes down
      Then running pods unaffected while <what> is down

      Examples:
        | what              |
        | the control plane |
        | kube-scheduler    |
