@control-plane
Feature: What answers no probe is ended, and started again
  A frozen process of a control plane keeps its connections and answers nothing. Its kubelet asks it every 10 seconds, waits for 15, and ends it at the eighth
  failure; where no kubelet looks, it stays frozen.

  Background:
    Given a cluster with 1 node

  Scenario: A frozen API server is away for minutes, not for ever
    When kube-apiserver hangs
    Then kube-apiserver is hung for 2 minutes
    And kube-apiserver is eventually up within 1 minute
    When I run "kubectl create configmap a --from-literal=k=v"
    Then configmap a is present

  Scenario: A frozen scheduler keeps its lease for a while, and works again once it has been ended
    Given kube-scheduler hangs
    When I run "kubectl run later --image=bookstore/web:1"
    Then pod later is Pending for 2 minutes
    And pod later is eventually Running within 2 minutes

  Scenario: Nobody ends what freezes while the kubelet of its machine is away
    Given the kubelet on cp-1 stops
    When kube-scheduler hangs
    Then kube-scheduler is hung for 10 minutes
    When the kubelet on cp-1 starts
    Then kube-scheduler is eventually up within 3 minutes
