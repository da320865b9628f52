Feature: Cucumber runs the same files

  Scenario: The stock survives an outage
    Given a cluster with 2 nodes
    And 12 books in stock
    When the control plane goes down
    And 10 minutes pass
    And the control plane comes back
    Then configmap stock eventually has field .data.books "12"

  Scenario Outline: <count> pods come up
    When I run "kubectl create deployment web --image=web:1 --replicas=<count>"
    Then deployment web eventually has <count> ready replicas

    Examples:
      | count |
      | 1     |
      | 3     |
