@networking
Feature: Who may talk to whom
  Everybody to everybody, until the first policy selects a pod; from then on only what some policy allows.

  Background:
    Given a cluster with 2 nodes

  Rule: A plugin that enforces policies

    Background:
      Given the manifest "manifests/shop.yaml" is applied
      And deployment catalog eventually has 3 ready replicas
      And deployment orders eventually has 1 ready replica
      And deployment reports eventually has 1 ready replica
      And a pod of deployment orders eventually reaches service catalog

    Scenario: Deny all
      When I apply "manifests/deny-all.yaml"
      Then a pod of deployment orders eventually does not reach service catalog
      And a pod of deployment reports eventually does not reach service catalog

    Scenario: Deny all, but for one
      Given the manifest "manifests/deny-all.yaml" is applied
      And a pod of deployment orders eventually does not reach service catalog
      When I apply "manifests/orders-to-catalog.yaml"
      Then a pod of deployment orders eventually reaches service catalog
      And a pod of deployment reports does not reach service catalog

    Scenario: Probes come from the node, and pass
      When I apply "manifests/deny-all.yaml"
      And I apply "manifests/careful.yaml"
      Then deployment catalog eventually has 3 updated replicas within 2m
      And deployment catalog eventually has 3 ready replicas within 2m
      And a pod of deployment orders does not reach service catalog

    Scenario: DNS, blocked by accident
      Given a pod of deployment orders eventually resolves "catalog" to service catalog
      When I apply "manifests/orders-only-to-catalog.yaml"
      Then a pod of deployment orders eventually does not resolve "catalog"
      And a pod of deployment orders reaches service catalog

    Scenario: … and given back
      Given the manifest "manifests/orders-only-to-catalog.yaml" is applied
      And a pod of deployment orders eventually does not resolve "catalog"
      When I apply "manifests/dns-for-all.yaml"
      Then a pod of deployment orders eventually resolves "catalog" to service catalog
      And a pod of deployment orders reaches service catalog

    Scenario: A policy is felt by whoever sends at that moment
      Given a pod of deployment reports sends 10 requests per second to service catalog as "queries"
      When I apply "manifests/deny-all.yaml"
      Then traffic "queries" eventually loses at least 10 requests within 30s

  Rule: A plugin that does not

    Scenario: With flannel a policy is an object like any other
      Given the CNI is "flannel"
      And the manifest "manifests/shop.yaml" is applied
      And deployment catalog eventually has 3 ready replicas
      And deployment orders eventually has 1 ready replica
      And a pod of deployment orders eventually reaches service catalog
      When I apply "manifests/deny-all.yaml"
      Then networkpolicy deny-all is present
      And a pod of deployment orders always reaches service catalog for 30s
