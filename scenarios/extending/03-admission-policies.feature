@extending
Feature: Rules for everybody, in one expression
  A ValidatingAdmissionPolicy lets the API server itself judge requests by expressions. There is no program that could be down.

  Background:
    Given a cluster
    And the manifest "manifests/no-latest-policy.yaml" is applied
    And namespace shop
    And I run "kubectl label namespace shop stage=production"

  Scenario: What breaks the rule is refused with its message
    When I run "kubectl create deployment web --image=example.com/web:latest"
    Then the last command fails
    And the last command prints "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest' denied request: no moving tags, but example.com/web:latest"
    And the last request is rejected with 422
    And deployment web is absent

  Scenario: What keeps it passes
    When I run "kubectl create deployment web --image=example.com/web:1.2"
    Then deployment web eventually has 1 ready replica

  Scenario: Elsewhere it does not hold
    Given I use namespace default
    When I run "kubectl create deployment web --image=example.com/web:latest"
    Then deployment web eventually has 1 ready replica

  Scenario: Changes are judged as well
    Given I run "kubectl create deployment web --image=example.com/web:1.2"
    And deployment web has 1 ready replica
    When I run "kubectl set image deployment/web web=example.com/web:latest"
    Then the last command fails
    And deployment web has field .spec.template.spec.containers[0].image "example.com/web:1.2"

  Scenario: What was there before the rule stays until it is changed
    Given namespace old
    And I run "kubectl create deployment web --image=example.com/web:latest"
    And deployment web has 1 ready replica
    When I run "kubectl label namespace old stage=production"
    And I run "kubectl annotate deployment web owner=ana"
    Then the last command fails
    And deployment web has 1 ready replica

  Scenario: A rule can be tried out before it bites
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: { name: no-latest }
      spec: { policyName: no-latest, validationActions: [Warn], matchResources: { namespaceSelector: { matchLabels: { stage: production } } } }
      """
    And I run "kubectl create deployment web --image=example.com/web:latest"
    Then the last command succeeds
    And the last command prints "Warning: Validation failed for ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest'"

  Scenario: It holds for components too, not only for people
    Given the manifest "manifests/few-pods-policy.yaml" is applied
    When I run "kubectl create deployment web --image=example.com/web:1.2 --replicas=2"
    Then replicasets labelled app=web eventually has event FailedCreate
    And deployment web never has 1 ready replicas for 5m
