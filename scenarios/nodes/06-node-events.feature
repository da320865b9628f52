@nodes
Feature: What a kubelet tells of its node
  It looks at its node every ten seconds, and tells then what has changed.

  Background:
    Given a cluster with 1 node

  Scenario: A cordon is told within ten seconds, and so is its end
    When I cordon node worker-1
    Then node worker-1 eventually has event NodeNotSchedulable from kubelet saying "Node worker-1 status is now: NodeNotSchedulable" within 10s
    When I uncordon node worker-1
    Then node worker-1 eventually has event NodeSchedulable from kubelet within 10s

  Scenario: A cordon while the kubelet stands still is told when it starts again
    When the kubelet on worker-1 stops
    And I cordon node worker-1
    Then node worker-1 has no event NodeNotSchedulable for 30s
    When the kubelet on worker-1 starts
    Then node worker-1 eventually has event NodeNotSchedulable from kubelet within 5s

  Scenario: A machine that was switched off has another boot id
    When node worker-1 reboots
    Then node worker-1 eventually has event Rebooted from kubelet within 2 minutes
    And node worker-1 eventually Ready within 1 minute
