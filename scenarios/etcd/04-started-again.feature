@etcd
Feature: What has ended is started again, and not at once
  Processes of a control plane are pods of its kubelet: one that ends is started again after a second, then after 10, 20 … s. What comes back after a
  long outage may take minutes before it works.

  Background:
    Given a cluster with 1 node

  Scenario: kube-controller-manager comes and goes until it finds an API server
    When kube-apiserver goes down
    And 3 minutes pass
    And kube-apiserver comes back
    And I run "kubectl create deployment shop --image=bookstore/shop:dev"
    Then kube-controller-manager is down for 1 minute
    And deployment shop eventually has 1 ready replica within 5 minutes

  Scenario: Its kubelet ends an API server that has lost etcd
    When etcd goes down
    And 3 minutes pass
    And etcd comes back
    And 10 seconds pass
    And I run "kubectl get namespaces"
    Then the last command prints "was refused"
    And kube-apiserver is down
    When 30 seconds pass
    And I run "kubectl get namespaces"
    Then the last command succeeds

  Scenario: A kubelet that is away starts nothing
    Given the kubelet on cp-1 stops
    When kube-scheduler crashes
    Then kube-scheduler is down for 10 minutes
    When the kubelet on cp-1 starts
    Then kube-scheduler is eventually up within 5s

  Scenario: An etcd that has lost its disk is a new cluster, of what API servers make by themselves
    Given I run "kubectl create namespace shop"
    When etcd member etcd-1 loses its disk
    And etcd member etcd-1 comes back
    And kube-apiserver crashes
    And 30 seconds pass
    Then namespace kube-system is present
    And namespace shop is gone
    And no nodes are present
