@etcd
Feature: etcd stands while most of it does, and has room
  Every write is agreed on by a majority. Without one, and without room, what is there can perhaps still be read, and the cluster runs on as it is.

  Background:
    Given a cluster with 1 node and external etcd of 3 members
    And deployment catalog with 2 replicas of image "bookstore/catalog:dev"
    And deployment catalog has 2 ready replicas

  Scenario: Without room nothing is written, and everything is read
    When etcd runs out of space
    And I run "kubectl create configmap a --from-literal=k=v"
    Then the last command fails
    And the last command prints "etcdserver: mvcc: database space exceeded"
    When I run "kubectl get deployment catalog"
    Then the last command succeeds
    And pods of deployment catalog are unaffected

  Scenario: The alarm is raised until there is room again
    Given etcd runs out of space
    When I run "etcdctl alarm list"
    Then the last command prints "alarm:NOSPACE"
    When etcd has space again
    And I run "kubectl create configmap a --from-literal=k=v"
    Then configmap a is present

  Scenario: A majority that is lost and found loses nothing that was answered
    Given I run "kubectl create configmap kept --from-literal=k=v"
    When etcd member etcd-1 goes down
    And etcd member etcd-2 goes down
    And I run "kubectl create configmap lost --from-literal=k=v --request-timeout=5s"
    Then the last command fails
    When etcd member etcd-1 comes back
    Then etcd eventually has quorum
    And configmap kept is present
    When I run "kubectl create configmap later --from-literal=k=v"
    Then the last command succeeds

  Scenario: A member that has lost its disk is told everything again
    When etcd member etcd-1 loses its disk
    And etcd member etcd-1 comes back
    And etcd member etcd-2 goes down
    Then etcd member etcd-2 is down
    And etcd has quorum for 1 minute
    And deployment catalog has 2 ready replicas

  Scenario: A leader that is cut off from the others leads no more
    Given etcd member etcd-1 is the leader
    When the network between etcd-1 and etcd-2 is partitioned
    And the network between etcd-1 and etcd-3 is partitioned
    Then etcd member etcd-1 is eventually not the leader within 5s
    And etcd has quorum

  Scenario: What an operator deletes in etcd is gone for everybody, and made anew by those who want it
    Given a pod of deployment catalog as "old"
    When I run "etcdctl del /registry/pods/default/ --prefix"
    Then $old is gone
    And pods labelled app=catalog are eventually Ready within 10s
