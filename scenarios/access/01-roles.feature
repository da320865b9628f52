@access
Feature: Who may do what
  Everybody is somebody, and nobody may anything until a role says so. A role gives rights, a binding gives the role to users, groups or service
  accounts; nobody can give away more than they have.

  Background:
    Given a cluster with 1 node
    And namespace bookstore
    And user "ana" in groups "shop"
    And user "bo"
    And the manifest "manifests/shop-roles.yaml" is applied

  Scenario: A binding to a group lets its members in, in that namespace and no further
    When as user "ana" I run "kubectl run web --image=bookstore/web:1"
    Then pod web is present
    When as user "ana" I run "kubectl run web --image=bookstore/web:1 -n default"
    Then the last command fails
    And the last command prints "pods is forbidden: User \"ana\" cannot create resource \"pods\" in API group \"\" in the namespace \"default\""
    And user "ana" can create pods
    But user "ana" cannot create pods in namespace default
    And user "bo" may not get pod web

  Scenario: Nobody gives away more than they have
    When as user "ana" I run "kubectl create rolebinding all --clusterrole=cluster-admin --user=bo"
    Then the last command fails
    And the last command prints "attempting to grant RBAC permissions not currently held"
    And rolebinding all is absent

  Scenario: A right that is taken away is gone at once
    Given as user "ana" I run "kubectl run web --image=bookstore/web:1"
    When I run "kubectl delete rolebinding shop"
    And as user "ana" I run "kubectl delete pod web"
    Then the last command fails
    And the last command prints "Forbidden"
    And pod web is present

  Scenario: Who may impersonate is asked as the other
    When I run "kubectl get pods --as=bo"
    Then the last command fails
    And the last command prints "User \"bo\" cannot list resource \"pods\""
    When as user "ana" I run "kubectl get pods --as=bo"
    Then the last command fails
    And the last command prints "User \"ana\" cannot impersonate resource \"users\""

  Scenario: A role that collects others grows with them
    When as user "bo" I run "kubectl get pods"
    Then the last command fails
    When I apply "manifests/reader.yaml"
    Then clusterrole watchers eventually has field .rules[*].resources[*] "pods"
    When as user "bo" I run "kubectl get pods"
    Then the last command prints "No resources found in bookstore namespace."
