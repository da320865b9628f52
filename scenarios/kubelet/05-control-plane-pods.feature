@kubelet
Feature: The pods of the control plane
  They are pictures of processes that a kubelet starts from its manifests: they follow what happens to those, and deleting them deletes nothing.

  Background:
    Given a cluster with 1 node
    And I use namespace kube-system

  Scenario: A process that is down is a pod that is not ready, and a restart once it is back
    When kube-scheduler goes down
    Then pod kube-scheduler-cp-1 is eventually not Ready within 2s
    And pod kube-scheduler-cp-1 eventually CrashLoopBackOff within 15s
    And pod kube-scheduler-cp-1 has event BackOff from kubelet
    When kube-scheduler comes back
    Then pod kube-scheduler-cp-1 eventually Ready within 2s
    And pod kube-scheduler-cp-1 eventually has field .status.containerStatuses[0].restartCount "1" within 1s

  Scenario: A process that crashes counts a restart
    When kube-controller-manager crashes
    Then pod kube-controller-manager-cp-1 eventually has field .status.containerStatuses[0].restartCount "1" within 5s
    And pod kube-controller-manager-cp-1 eventually Ready within 1s

  Scenario: Nobody hears of the API server's own end before it is back
    When kube-apiserver goes down
    Then pod kube-apiserver-cp-1 stays Running for 30s
    When kube-apiserver comes back
    Then pod kube-apiserver-cp-1 eventually has field .status.containerStatuses[0].restartCount "1" within 20s
    And pod kube-apiserver-cp-1 eventually Running within 1s

  Scenario: Its picture is deleted, and made anew
    Given I remember pod kube-scheduler-cp-1 as "before"
    When I run "kubectl delete pod kube-scheduler-cp-1 -n kube-system"
    Then pod kube-scheduler-cp-1 eventually Ready within 2s
    And pod kube-scheduler-cp-1 does not have the same uid as $before
    And kube-scheduler is up

  Scenario: Its picture is deleted while the kubelet is away, which makes it anew when it starts
    Given I remember pod kube-scheduler-cp-1 as "before"
    When the kubelet on cp-1 goes down
    And I run "kubectl delete pod kube-scheduler-cp-1 -n kube-system --force --grace-period=0"
    Then pod kube-scheduler-cp-1 is absent
    When the kubelet on cp-1 comes back
    Then pod kube-scheduler-cp-1 eventually Ready within 5s
    And pod kube-scheduler-cp-1 does not have the same uid as $before

  Scenario: Its picture is about to go when the kubelet starts
    Given I remember pod kube-scheduler-cp-1 as "before"
    When the kubelet on cp-1 goes down
    And I run "kubectl delete pod kube-scheduler-cp-1 -n kube-system --wait=false"
    And the kubelet on cp-1 comes back
    And 10 seconds pass
    Then pod kube-scheduler-cp-1 does not have the same uid as $before
    And pod kube-scheduler-cp-1 is Ready
