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

  Scenario: A key is rotated, and what was stored before keeps the old one until it is written again
    Given I run "kubectl create secret generic old --from-literal=password=hunter2"
    When the API servers encrypt Secrets with keys "key2, key1"
    And I run "kubectl create secret generic new --from-literal=password=hunter2"
    And I run "etcdctl get /registry/secrets/default/ --prefix"
    Then the last command prints:
      """
      /registry/secrets/default/new
      k8s:enc:aescbc:v1:key2:
      """
    And the last command prints:
      """
      /registry/secrets/default/old
      k8s:enc:aescbc:v1:key1:
      """
    When I run "kubectl get secret old -o jsonpath={.data.password}"
    Then the last command prints exactly "aHVudGVyMg=="
    When I run "kubectl annotate secret old rotated=yes"
    And I run "etcdctl get /registry/secrets/default/old"
    Then the last command prints "k8s:enc:aescbc:v1:key2:"

  Scenario: A key outlives the process that was given it, and encryption may end
    Given the API servers encrypt Secrets with keys "key2, key1"
    And kube-apiserver crashes
    And 30 seconds pass
    When I run "kubectl create secret generic db --from-literal=password=hunter2"
    And I run "etcdctl get /registry/secrets/default/db"
    Then the last command prints "k8s:enc:aescbc:v1:key2:"
    When the API servers encrypt Secrets with keys "identity, key2, key1"
    And I run "kubectl annotate secret db plain=yes"
    Then secret db is not encrypted in etcd
