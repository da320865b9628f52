@networking
Feature: A load balancer learns from its own checks
  It asks every node every ten seconds and believes the second answer. What happens on a node in between, clients feel.

  Background:
    Given a managed cluster with 3 nodes
    And the manifest "manifests/edge.yaml" is applied
    And deployment hasty eventually has 3 ready replicas
    And deployment careful eventually has 3 ready replicas
    And 20s pass
    And I cordon node worker-1

  Scenario: The last pod of a node ends: its requests are dropped until the balancer knows
    Given clients send 30 requests per second to service hasty as "shoppers"
    When I run "kubectl delete pod -l app=hasty --field-selector=spec.nodeName=worker-1"
    And 40s pass
    Then traffic "shoppers" loses at least 90 requests because "no endpoint of service hasty on worker-1 (dropped)"

  Scenario: A pod that serves on while it ends loses none
    Given clients send 30 requests per second to service careful as "shoppers"
    When I run "kubectl delete pod -l app=careful --field-selector=spec.nodeName=worker-1 --wait=false"
    And 40s pass
    Then traffic "shoppers" loses no request
    And service careful has 2 endpoints

  Scenario: A node that is off is left out after two checks
    Given clients send 30 requests per second to service hasty as "shoppers"
    When node worker-1 goes down
    And 25s pass
    Then traffic "shoppers" loses at least 90 requests because "node worker-1 is down"
    And traffic "shoppers" loses at most 210 requests
