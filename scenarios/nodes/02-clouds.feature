@nodes
Feature: A cloud takes machines away
  Behind every node of a managed cluster is an instance. The cloud-controller-manager asks about the instances of nodes that are not ready: one that
  is gone for good takes its Node along, one that is only switched off keeps it.

  Background:
    Given a managed cluster with 3 nodes
    And the manifest "manifests/shop.yaml" is applied
    And deployment shop eventually has 4 ready replicas

  Rule: Spot machines

    Scenario: Nobody listens to the notice, and the pods are lost with the machine
      When the cloud takes node worker-1 back in 2 minutes
      Then node worker-1 stays Ready for 110s
      And node worker-1 is eventually gone within 2 minutes
      And deployment shop eventually has 3 ready replicas within 2 minutes

    Scenario: Who drains the node in time loses nothing
      When the cloud takes node worker-1 back in 2 minutes
      And I drain node worker-1
      And 2 minutes pass
      Then node worker-1 is eventually gone within 1 minute
      And deployment shop has 4 ready replicas

  Rule: Instances that are stopped

    Scenario: A machine that is switched off keeps its Node, and gets its pods back
      Given I remember node worker-1 as "before"
      When the cloud instance of node worker-1 is stopped
      Then node worker-1 eventually has taint node.cloudprovider.kubernetes.io/shutdown:NoSchedule within 2 minutes
      When the cloud instance of node worker-1 is started again
      Then node worker-1 eventually has no taint node.cloudprovider.kubernetes.io/shutdown within 1 minute
      And node worker-1 has the same uid as $before
