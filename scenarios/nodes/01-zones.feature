@nodes
Feature: A zone is lost
  The node controller looks at the nodes zone by zone. Who is to be evicted from lost nodes waits for its turn, one node every ten seconds; where
  most of a zone is lost, but not all of it, the controller would rather believe that it is the network, and evicts nobody any more.

  Background:
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | a    |
      | worker-3 | a    |
      | worker-4 | a    |
      | worker-5 | b    |
    And the manifest "manifests/shop.yaml" is applied
    And deployment shop eventually has 4 ready replicas

  Scenario: What a lost zone ran is run again elsewhere
    When zone a goes down
    Then nodes labelled topology.kubernetes.io/zone=a eventually have taint node.kubernetes.io/unreachable:NoExecute within 2 minutes
    And deployment shop eventually has 4 ready replicas within 7 minutes
    And running pods labelled app=shop are scheduled on node worker-5

  Scenario: The nodes of a zone have their turns, ten seconds apart
    When zone a goes down
    Then node worker-1 eventually has taint node.kubernetes.io/unreachable:NoSchedule within 1 minute
    And at most 1 node has taint node.kubernetes.io/unreachable:NoExecute for 5s
    And at least 2 nodes have taint node.kubernetes.io/unreachable:NoExecute within 11s

  Scenario: Most of a zone is lost, and once that is known nobody is evicted from it any more
    When node worker-1 goes down
    And node worker-2 goes down
    And node worker-3 goes down
    Then at least 3 nodes are eventually NotReady within 1 minute
    And at most 2 nodes have taint node.kubernetes.io/unreachable:NoExecute for 10 minutes

  Scenario: A controller that has just started finds most of a zone lost, and evicts nobody
    When kube-controller-manager goes down
    And node worker-1 goes down
    And node worker-2 goes down
    And node worker-3 goes down
    And kube-controller-manager comes back
    Then at least 3 nodes are eventually NotReady within 2 minutes
    And no node has taint node.kubernetes.io/unreachable:NoExecute for 10 minutes
    And no pod labelled app=shop is Terminating for 10 minutes

  Scenario: Half of it is lost, and that is a matter of nodes
    When node worker-1 goes down
    And node worker-2 goes down
    Then node worker-1 eventually has taint node.kubernetes.io/unreachable:NoExecute within 2 minutes
    And node worker-2 eventually has taint node.kubernetes.io/unreachable:NoExecute within 15s
    And deployment shop eventually has 4 ready replicas within 7 minutes

  Scenario: A zone that comes back in time keeps its pods
    When zone a goes down
    Then nodes labelled topology.kubernetes.io/zone=a eventually have taint node.kubernetes.io/unreachable:NoExecute within 2 minutes
    When zone a comes back
    Then nodes eventually have no taint node.kubernetes.io/unreachable:NoExecute within 1 minute
    And deployment shop eventually has 4 ready replicas within 2 minutes
    And no pod labelled app=shop is Terminating for 5 minutes
