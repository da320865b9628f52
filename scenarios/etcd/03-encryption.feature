@etcd
Feature: What stands in etcd can be read there
  Whoever reads etcd's disk reads everything, unless the API servers have encrypted it. They read it back for whoever may ask.

  Background:
    Given a cluster with 1 node
    And secrets are encrypted at rest

  Scenario: A Secret is encrypted, and a ConfigMap is not
    When I run "kubectl create secret generic db --from-literal=password=hunter2"
    And I run "kubectl create configmap db --from-literal=password=hunter2"
    Then secret db is encrypted in etcd
    And configmap db is not encrypted in etcd
    When I run "etcdctl get /registry/secrets/default/db"
    Then the last command prints "k8s:enc:aescbc:v1:key1"

  Scenario: Who may ask the API server is told in the clear
    Given I run "kubectl create secret generic db --from-literal=password=hunter2"
    When I run "kubectl get secret db -o jsonpath={.data.password}"
    Then the last command prints exactly "aHVudGVyMg=="
