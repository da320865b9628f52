@networking
Feature: A load balancer learns from its own checks
  It asks every node every ten seconds and believes the second answer. What happens on a node in between, clients feel.

  Background:
    Given a managed cluster with 3 nodes
    And load balancers drain nodes for 5s
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

  Scenario: A node that the autoscaler takes away is left out while it still serves
    Given I patch service careful:
      """yaml
      spec: { externalTrafficPolicy: Cluster }
      """
    And 20s pass
    And clients send 30 requests per second to service careful as "shoppers"
    When I run "kubectl taint node worker-1 ToBeDeletedByClusterAutoscaler=1767225600:NoSchedule"
    And I run "kubectl delete pod -l app=careful --field-selector=spec.nodeName=worker-1 --wait=false"
    And 40s pass
    And node worker-1 goes down
    Then node worker-1 eventually has condition Ready=Unknown within 1m
    And traffic "shoppers" loses no request

  Scenario: What is in flight by a node that the balancer is told to forget is cut off in the end
    Given clients send 10 requests per second that take 10s to service careful as "uploads"
    And 10s pass
    When I run "kubectl label node worker-2 node.kubernetes.io/exclude-from-external-load-balancers="
    Then traffic "uploads" eventually loses at least 5 requests because "the load balancer let go of node worker-2" within 20s

  Scenario: A pod at the balancer's address needs no pod of its own node
    Given I run "kubectl run till --image=bookstore/till:1 --overrides='{\"spec\":{\"nodeName\":\"worker-1\"}}'"
    And I run "kubectl delete pod -l app=hasty --field-selector=spec.nodeName=worker-1"
    And pod till eventually reaches address "203.0.113.1:80"
    When I patch service hasty:
      """yaml
      spec: { loadBalancerSourceRanges: ["198.51.100.0/24"] }
      """
    Then pod till eventually does not reach address "203.0.113.1:80"
    And pod till reaches service hasty
