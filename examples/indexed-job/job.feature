Feature: A suite over many machines

  # The suite's own distributed engine is a Job; here is the Job in a scenario.
  Scenario: Every shard is run once, and then the results are merged
    Given a cluster with 3 nodes
    And image "example.com/kscenario:1":
      | exit | { after: 90s, code: 0 } |
    And I run "kubectl create configmap scenarios --from-literal=scenarios.tgz=x"
    When I apply "job.yaml"
    Then job scenarios eventually Complete within 10m
    And job scenarios has field .status.succeeded 8
    And job scenarios-merge eventually Complete within 10m
