@chapter03
Feature: Version skew between control plane and kubelets

  @checklist:CP-04
  Scenario: A kubelet three minor versions behind is supported and works
    Given a cluster with 2 nodes
    And node worker-1 runs kubelet 1.32
    When I run "kubectl get nodes"
    Then the last command prints "v1.32"
    And node worker-1 is Ready

  @checklist:CP-04
  Scenario: Nodes are upgraded one after the other, and pods run on
    Given kubernetes version 1.35
    And a cluster with 2 nodes
    And node worker-1 runs kubelet 1.34
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    And 10s pass
    When node worker-1 is upgraded to 1.35
    Then node worker-1 eventually has field .status.nodeInfo.kubeletVersion "v1.35.4"
    And running pods unaffected
