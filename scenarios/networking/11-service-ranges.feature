@networking
Feature: Where the addresses of Services come from
  Each address that a Service has is an object of its own, of one of the ranges that the cluster knows. Ranges can be added, and
  one goes when nobody has an address of it any more.

  Background:
    Given a cluster

  Scenario: An address of no range is refused
    When I apply "manifests/asking.yaml"
    Then the last command prints "failed to allocate IP 10.200.0.3: the provided network does not match the current range"

  Scenario: A second range
    Given the manifest "manifests/more-addresses.yaml" is applied
    When I apply "manifests/asking.yaml"
    And I run "kubectl get ipaddress 10.200.0.3 --no-headers"
    Then the last command prints "10.200.0.3   services/default/asking"

  Scenario: It stays while somebody has an address of it
    Given the manifest "manifests/more-addresses.yaml" is applied
    And the manifest "manifests/asking.yaml" is applied
    When I run "kubectl delete servicecidr more --wait=false"
    Then servicecidr more has condition Ready=False with reason Terminating within 10s

  Scenario: It goes with the last of them
    Given the manifest "manifests/more-addresses.yaml" is applied
    And the manifest "manifests/asking.yaml" is applied
    And I run "kubectl delete servicecidr more --wait=false"
    And 1 minute passes
    And servicecidr more exists
    When I run "kubectl delete service asking"
    Then servicecidr more is eventually gone within 10s
