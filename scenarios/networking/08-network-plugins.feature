@networking
Feature: Network plugins are not all alike
  A policy lets in everybody by address: whether pods are among them depends on the plugin.

  Scenario: With calico an address may be a pod's
    Given a cluster with 2 nodes
    And the CNI is "calico"
    And the manifest "manifests/shop.yaml" is applied
    And deployment catalog eventually has 3 ready replicas
    And deployment orders eventually has 1 ready replica
    And I apply:
      """yaml
      { apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny }, spec: { podSelector: {}, policyTypes: [Ingress] } }
      """
    And a pod of deployment orders eventually does not reach service catalog
    When I apply "manifests/range.yaml"
    Then a pod of deployment orders eventually reaches service catalog

  Scenario: With cilium it is never a pod's
    Given a cluster with 2 nodes
    And the CNI is "cilium"
    And the manifest "manifests/shop.yaml" is applied
    And deployment catalog eventually has 3 ready replicas
    And deployment orders eventually has 1 ready replica
    And a pod of deployment orders eventually reaches service catalog
    When I apply "manifests/range.yaml"
    Then a pod of deployment orders eventually does not reach service catalog
