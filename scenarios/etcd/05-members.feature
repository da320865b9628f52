@etcd
Feature: Members of etcd come and go, one at a time
  A member is replaced by taking it away and adding another one. Who has been taken away counts for nothing any more, and a learner does not count yet.

  Background:
    Given a cluster with 1 node and external etcd of 3 members
    And 10 seconds pass

  Scenario: A member that is lost for good is replaced, and the group can lose another one
    Given etcd member etcd-3 loses its disk
    When I run "etcdctl member remove 1508a2d8d3e7486c"
    And I run "etcdctl member add etcd-4 --peer-urls=https://etcd-4:2380"
    Then the last command prints "ETCD_INITIAL_CLUSTER_STATE="
    When etcd member etcd-4 starts
    And etcd member etcd-2 goes down
    And I run "kubectl create configmap kept --from-literal=k=v"
    Then etcd member etcd-2 is down
    And configmap kept is present

  Scenario: A learner is no voter until it is made one
    Given I run "etcdctl member add etcd-4 --learner --peer-urls=https://etcd-4:2380"
    When I run "etcdctl member promote 7a37ff8ef27c9524"
    Then the last command prints "can only promote a learner member which is in sync with leader"
    When etcd member etcd-4 starts
    And 1 second passes
    And I run "etcdctl member promote 7a37ff8ef27c9524"
    And I run "etcdctl member list"
    Then the last command prints "7a37ff8ef27c9524, started, etcd-4, https://etcd-4:2380, https://etcd-4:2379, false"

  Scenario: Nobody is taken away whom a majority needs
    When etcd member etcd-3 goes down
    And I run "etcdctl member remove 9a1ae5ae1900e69d"
    Then the last command fails
    And the last command prints "etcdserver: unhealthy cluster"

  Scenario: The leader gives its place away, and nobody waits for an election
    Given etcd member etcd-1 is the leader
    When I run "etcdctl move-leader 9a1ae5ae1900e69d"
    Then the last command prints "Leadership transferred from 1d4981735737c042 to 9a1ae5ae1900e69d"
    And etcd member etcd-2 is the leader

  Scenario: The last member goes on alone with all that it holds, and grows again
    Given I run "kubectl create configmap kept --from-literal=k=v"
    And etcd member etcd-1 goes down
    And etcd member etcd-2 goes down
    When etcd member etcd-3 goes on alone
    And I run "etcdctl member add etcd-4 --peer-urls=https://etcd-4:2380"
    And etcd member etcd-4 starts
    And I run "kubectl create configmap more --from-literal=k=v"
    Then configmap kept is present
    And configmap more is present
