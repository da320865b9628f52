@certificates
Feature: The certificates of kubelets
  A machine that joins shows a token, asks for a certificate and is somebody from then on. Kubelets ask for the next one long
  before the last has expired; kube-controller-manager approves and issues it. Who has missed that is nobody any more.

  Background:
    Given a cluster

  Scenario: A machine joins with a token
    Given the manifest "manifests/join-token.yaml" is applied
    When node worker-9 joins with the token "shop01.0123456789abcdef"
    And 10 seconds pass
    And I run "kubectl get csr"
    Then node worker-9 eventually Ready within 1m
    And the last command prints "system:bootstrap:shop01"
    And the last command prints "Approved,Issued"

  Scenario: A token that nobody knows is nobody's, until somebody does
    Given node worker-9 joins with the token "shop01.0123456789abcdef"
    And 10 minutes pass
    And node worker-9 does not exist
    When I apply "manifests/join-token.yaml"
    Then node worker-9 eventually Ready within 2m

  Scenario: Who holds it may ask for a certificate, and nothing else
    Given the manifest "manifests/join-token.yaml" is applied
    When with the token "shop01.0123456789abcdef" I run "kubectl get pods"
    Then the last command prints "User \"system:bootstrap:shop01\" cannot list resource \"pods\""

  Scenario: A token lasts as long as its Secret says
    Given the manifest "manifests/join-token.yaml" is applied
    When 24 hours pass
    And with the token "shop01.0123456789abcdef" I run "kubectl auth whoami"
    Then the last command prints "error: You must be logged in to the server (Unauthorized)"
    And secret bootstrap-token-shop01 in namespace kube-system is gone

  Scenario: No machine joins while nobody issues certificates
    Given kube-controller-manager goes down
    When node worker-9 joins
    And 10 minutes pass
    And I run "kubectl get csr"
    Then the last command prints "Pending"
    And node worker-9 does not exist

  Scenario: A machine that was switched off for too long is given a certificate by hand
    Given node worker-1 goes down
    And 300 days pass
    And the certificates of the control plane are renewed
    And 66 days pass
    And node worker-1 comes back
    And 1 hour passes
    And node worker-1 is NotReady
    When the certificate of the kubelet on node worker-1 is renewed
    Then node worker-1 eventually Ready within 2m
