@upgrade
Feature: How far apart versions may be
  A control plane goes up by one minor version at a time. Kubelets may be three behind it, and none may be ahead.

  Background:
    Given a cluster with 2 nodes
    And kubernetes version 1.33
    And node worker-2 runs kubelet 1.31

  Scenario: Who is too far behind is brought up before the control plane goes further
    Given the control plane is upgraded to 1.34
    When node worker-2 is upgraded to 1.33
    And the control plane is upgraded to 1.35
    And I run "kubectl version"
    Then the last command prints "Server Version: v1.35"
    And nodes are Ready for 2 minutes

  Scenario: A scheduler has the words of its version
    Given I taint node worker-1 repair=now:NoSchedule
    And I taint node worker-2 repair=now:NoSchedule
    When I run "kubectl run before --image=bookstore/web:1"
    Then pod before eventually has event FailedScheduling saying "node(s) had untolerated taint {repair: now}"
    When the control plane is upgraded to 1.34
    And I run "kubectl run after --image=bookstore/web:1"
    Then pod after eventually has event FailedScheduling saying "node(s) had untolerated taint(s)"
