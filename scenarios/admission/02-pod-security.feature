@admission
Feature: What a namespace lets a pod do to its node
  PodSecurity is asked for by labels of the namespace: enforced, only audited, or told to who applies. It looks at pods; of what makes pods it warns.

  Background:
    Given a cluster with 1 node
    And namespace bookstore

  Scenario: A privileged pod does not come into a restricted namespace
    Given I label namespace bookstore pod-security.kubernetes.io/enforce=restricted
    When I apply "manifests/privileged.yaml"
    Then the last request is rejected with 403 Forbidden
    And the last request is rejected because "violates PodSecurity"
    And pod miner is absent

  Scenario: A Deployment is let in, with a warning, and gets no pods
    Given I label namespace bookstore pod-security.kubernetes.io/enforce=restricted
    And I label namespace bookstore pod-security.kubernetes.io/warn=restricted
    When I run "kubectl create deployment web --image=bookstore/web:1"
    Then the last command prints "Warning: would violate PodSecurity"
    And a replicaset eventually has event FailedCreate saying "violates PodSecurity"
    And deployment web has 0 ready replicas for 1 minute

  Scenario: A label that comes later does not end what runs
    Given I apply "manifests/privileged.yaml"
    And pod miner eventually Running
    When I run "kubectl label namespace bookstore pod-security.kubernetes.io/enforce=baseline"
    Then the last command prints "Warning: existing pods in namespace"
    And pod miner is unaffected
    When I run "kubectl delete pod miner"
    And I run "kubectl apply -f manifests/privileged.yaml"
    Then the last command fails
    And the last command prints "violates PodSecurity"
