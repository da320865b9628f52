Feature: The world is the config's

  Scenario: The catalog is spread over the nodes of the config
    Given namespace bookstore
    When I apply "catalog.yaml"
    Then deployment catalog eventually has 3 ready replicas
    When I run "kubectl get nodes"
    Then the last command prints "worker-3"

  @slow
  Scenario: The catalog survives a week
    Given namespace bookstore
    And the manifest "catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When 7 days pass
    Then pods of deployment catalog are Running
