@extending
Feature: Asking somebody else
  An admission webhook makes the API server ask a program of one's own before it stores anything. Every write depends on what
  that program does from then on, also when it is not there at all.

  Background:
    Given a cluster
    And namespace shop
    And I run "kubectl label namespace shop policy=enforced"
    And webhook "policy.example.com" allows
    And the manifest "manifests/policy-webhook.yaml" is applied

  Scenario: It refuses, in its own words
    When webhook "policy.example.com" refuses "no privileged pods"
    And I run "kubectl run web --image=example.com/web:1"
    Then the last command fails
    And the last command prints "Error from server: admission webhook \"policy.example.com\" denied the request: no privileged pods"
    And pod web is absent

  Scenario: It allows, and nobody notices
    When I run "kubectl run web --image=example.com/web:1"
    Then pod web eventually Running

  Scenario: It is down, and so nothing new starts where it is asked
    When webhook "policy.example.com" goes down
    And I run "kubectl run web --image=example.com/web:1"
    Then the last command fails
    And the last request is rejected with 500 InternalError
    And the last command prints "failed calling webhook \"policy.example.com\""

  Scenario: What runs goes on while it is down, but is not replaced
    Given I run "kubectl create deployment web --image=example.com/web:1 --replicas=2"
    And deployment web has 2 ready replicas
    When webhook "policy.example.com" goes down
    And I delete a pod of deployment web
    Then deployment web eventually has 1 ready replica
    And deployment web never has 2 ready replicas for 10m
    And at least 1 pod of deployment web always Running for 10m

  Scenario: It comes back, and the controllers catch up by themselves
    Given webhook "policy.example.com" goes down
    And I run "kubectl create deployment web --image=example.com/web:1 --replicas=2"
    And replicasets labelled app=web have event FailedCreate
    When webhook "policy.example.com" comes back
    Then deployment web eventually has 2 ready replicas within 20m

  Scenario: It hangs, and each request waits as long as its configuration says
    When webhook "policy.example.com" hangs
    And I run "kubectl run web --image=example.com/web:1"
    Then the last command fails
    And the last command prints "context deadline exceeded"

  Scenario: Where it fails open its absence changes nothing
    Given I run "kubectl patch validatingwebhookconfiguration policy --type=json -p '[{\"op\":\"replace\",\"path\":\"/webhooks/0/failurePolicy\",\"value\":\"Ignore\"}]'"
    And webhook "policy.example.com" goes down
    When I run "kubectl run web --image=example.com/web:1"
    Then pod web eventually Running

  Scenario: Namespaces that do not ask for it never wait for it
    Given webhook "policy.example.com" goes down
    And I use namespace default
    When I run "kubectl run web --image=example.com/web:1"
    Then pod web eventually Running

  Scenario: A mutating webhook adds what nobody wrote
    Given the manifest "manifests/sidecar-webhook.yaml" is applied
    And webhook "inject.example.com" patches:
      """
      - { op: add, path: /spec/containers/-, value: { name: proxy, image: "example.com/proxy:1" } }
      """
    When I run "kubectl run web --image=example.com/web:1 --labels=inject=yes"
    Then pod web has field .spec.containers[1].name "proxy"
    And pod web eventually Running

  Rule: A webhook that runs in the cluster must not stand in its own way

    Background:
      Given namespace security
      And the manifest "manifests/guard.yaml" is applied
      And deployment guard has 1 ready replica
      And the manifest "manifests/guard-webhook.yaml" is applied

    Scenario: A Pod that is deleted still answers when the next one is created
      When I run "kubectl delete pods -l app=guard --wait=false"
      Then a pod of deployment guard eventually Terminating
      And deployment guard eventually has 1 ready replica

    Scenario: Once all are gone there is nobody who would allow a new one
      Given I run "kubectl scale deployment guard --replicas=0"
      And no pods labelled app=guard are present
      When I run "kubectl scale deployment guard --replicas=1"
      Then replicasets labelled app=guard eventually have event FailedCreate
      And deployment guard never has 1 ready replica for 1h

    Scenario: Only its configuration can let it come back
      Given I run "kubectl scale deployment guard --replicas=0"
      And no pods labelled app=guard are present
      And I run "kubectl scale deployment guard --replicas=1"
      And replicasets labelled app=guard have event FailedCreate
      When I run "kubectl delete validatingwebhookconfiguration guard"
      Then deployment guard eventually has 1 ready replica within 20m

    Scenario: A namespace of its own that it is not asked about spares it that
      Given I run "kubectl patch validatingwebhookconfiguration guard --type=json -p '[{\"op\":\"add\",\"path\":\"/webhooks/0/namespaceSelector\",\"value\":{\"matchExpressions\":[{\"key\":\"kubernetes.io/metadata.name\",\"operator\":\"NotIn\",\"values\":[\"security\"]}]}}]'"
      And I run "kubectl scale deployment guard --replicas=0"
      And no pods labelled app=guard are present
      When I run "kubectl scale deployment guard --replicas=1"
      Then deployment guard eventually has 1 ready replica
