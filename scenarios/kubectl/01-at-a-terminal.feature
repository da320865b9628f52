@kubectl
Feature: At a terminal
  What kubectl keeps to itself (its context) and how long it looks on.

  Background:
    Given a cluster
    And a namespace "shop"

  Scenario: The namespace of the context
    Given I use namespace default
    When I run "kubectl config set-context --current --namespace=shop"
    And I run "kubectl create configmap settings --from-literal=colour=green"
    Then configmap settings in namespace shop exists
    And configmap settings in namespace default does not exist

  Scenario: Looking on while a pod starts
    Given deployment web of image "example.com/web:1"
    When I run "kubectl get pods --watch --request-timeout=20s"
    Then the last command prints:
      """
      0/1 Pending 0
      1/1 Running 0
      """

  Scenario: Server-side apply takes over what apply wrote
    Given the manifest "manifests/settings.yaml" is applied
    When I run "kubectl apply --server-side -f manifests/blue-settings.yaml"
    Then the last command prints exactly "configmap/settings serverside-applied"
    And configmap settings has field .data.colour blue

  Scenario: Who applies under another name must ask for it
    Given the manifest "manifests/settings.yaml" is applied
    When I run "kubectl apply --server-side --field-manager=pipeline -f manifests/blue-settings.yaml"
    Then the last command prints "conflict with \"kubectl-client-side-apply\" using v1: .data.colour"
    And configmap settings has field .data.colour green

  Scenario: What apply wrote goes with server-side apply's manifest
    Given the manifest "manifests/settings.yaml" is applied
    When I run "kubectl apply --server-side -f manifests/no-settings.yaml"
    Then configmap settings has no field .data.colour
