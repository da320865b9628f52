Feature: A custom resource and its controller

  Background:
    Given a cluster
    And namespace bookstore
    When I apply:
      """yaml
      apiVersion: bookstore.example.com/v1alpha1
      kind: Bookshelf
      metadata: { name: fiction }
      spec: { books: [Dune, Emma] }
      """

  Scenario: The controller stocks a shelf
    Then bookshelf fiction eventually Stocked
    And configmap fiction-catalogue has field .data.books "Dune, Emma"
    And bookshelf fiction has event Stocked
    And configmap fiction-catalogue is owned by bookshelf fiction

  Scenario: kubectl knows the kind by all its names
    Given bookshelf fiction is Stocked
    When I run "kubectl get bs"
    Then the last command prints "fiction   2       Stocked"

  Scenario: What somebody changes is mended
    Given bookshelf fiction is Stocked
    When I patch configmap fiction-catalogue:
      """yaml
      data: { books: none }
      """
    Then configmap fiction-catalogue eventually has field .data.books "Dune, Emma"

  Scenario: What a shelf owns goes with it
    Given bookshelf fiction is Stocked
    When I delete bookshelf fiction
    Then configmap fiction-catalogue is eventually gone

  Scenario: The API server refuses a shelf without books
    When I apply:
      """yaml
      apiVersion: bookstore.example.com/v1alpha1
      kind: Bookshelf
      metadata: { name: empty }
      spec: {}
      """
    Then the last request is rejected with 422 Invalid
    And the last request is rejected because "spec.books: Required value"

  Scenario: Nothing is stocked while no controller runs
    Given bookshelf fiction is Stocked
    When kube-controller-manager goes down
    And I apply:
      """yaml
      apiVersion: bookstore.example.com/v1alpha1
      kind: Bookshelf
      metadata: { name: travel }
      spec: { books: [Baedeker] }
      """
    Then bookshelf travel is never Stocked for 10m
