Feature: Steps of one's own

  Scenario: A shelf comes back after its node is lost
    Given a cluster with 2 nodes
    And a bookstore with 2 shelves of fiction
    And deployment fiction is back within 10s
    When node worker-1 goes down
    And 6 minutes pass
    Then deployment fiction is back within 7m
    And the shelves have these books:
      | shelf   | copies |
      | fiction | 3      |

  @expect-failure:deployment-travel-is-back
  Scenario: What an own step says of its failure stands in the report
    Given a bookstore with 1 shelves of travel
    And kube-scheduler goes down
    When I delete pods of deployment travel
    Then deployment travel is back within 1m
