@networking
Feature: The agent of the network plugin is a pod on every node
  It makes a node ready, connects what starts there and keeps the policies up to date. What is connected does without it.

  Background:
    Given a cluster with 2 nodes
    And the CNI is "cilium" with its agents
    And the manifest "manifests/shop.yaml" is applied
    And deployment catalog eventually has 3 ready replicas
    And deployment orders eventually has 1 ready replica
    And a pod of deployment orders eventually reaches service catalog

  Scenario: Without agents what runs goes on, and what starts waits
    When I run "kubectl delete daemonset cilium -n kube-system"
    And I scale deployment catalog to 4
    Then a pod of deployment catalog eventually has event FailedCreatePodSandBox saying "unable to connect to Cilium agent"
    And a pod of deployment orders reaches service catalog
    And deployment catalog has 3 ready replicas for 1m

  Scenario: A node that joins is ready when its agent has run
    When I run "kubectl delete daemonset cilium -n kube-system"
    And node worker-3 joins the cluster
    Then node worker-3 eventually has condition Ready=False with reason KubeletNotReady
    And node worker-3 has condition Ready=False for 1m
