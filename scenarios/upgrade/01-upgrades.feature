@upgrade
Feature: One minor version at a time, control plane first
  API servers may be ahead of everything else and behind nothing. Nodes follow in their own time, one after the other.

  Background:
    Given a cluster with 3 control plane nodes and 2 nodes
    And kubernetes version 1.34
    And deployment catalog with 3 replicas of image "bookstore/catalog:dev"
    And deployment catalog has 3 ready replicas
    And service catalog on port 80 for app=catalog

  Scenario: The control plane is upgraded under way, and nobody is turned away
    Given clients send 10 requests per second to service catalog as "shoppers"
    When the control plane is upgraded to 1.35
    Then pods of deployment catalog are unaffected
    And traffic "shoppers" loses no request
    When I run "kubectl version"
    Then the last command prints "Server Version: v1.35"

  Scenario: Nodes follow one after the other, drained and given back
    Given the control plane is upgraded to 1.35
    When I drain node worker-1
    And node worker-1 is upgraded to 1.35
    Then node worker-1 eventually has field .status.nodeInfo.kubeletVersion "v1.35.4"
    And no pod of deployment catalog is scheduled on node worker-1
    When I uncordon node worker-1
    And I drain node worker-2
    Then pods of deployment catalog are eventually scheduled on node worker-1

  Scenario: An upgrade names other images, and so makes other pods of the control plane
    Given I use namespace kube-system
    And I remember pod kube-scheduler-cp-1 as "before"
    When the control plane is upgraded to 1.35
    Then pod kube-scheduler-cp-1 does not have the same uid as $before
    And pod kube-scheduler-cp-1 has field .spec.containers[0].image "registry.k8s.io/kube-scheduler:v1.35.4"
    And pod kube-apiserver-cp-3 has field .status.containerStatuses[0].restartCount "0"
    And pods labelled tier=control-plane are eventually Ready within 5s
