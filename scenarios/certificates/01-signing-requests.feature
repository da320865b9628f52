@certificates
Feature: Requests for certificates
  Who wants to speak to the API server as somebody new asks for a certificate: the request is an object, and somebody who may
  decides about it.

  Background:
    Given a cluster
    And user "ana"

  Scenario: A request waits for somebody to decide
    When I apply "manifests/jane.yaml"
    And I run "kubectl get csr --no-headers"
    Then the last command prints "jane   0s"
    And the last command prints "24h   Pending"

  Scenario: What openssl wrote can be read
    Given the manifest "manifests/jane.yaml" is applied
    When I run "kubectl describe csr jane"
    Then the last command prints "Common Name:    jane"
    And the last command prints "Organization:   editors"
    And the last command prints "DNS Names:     a.example.com"

  Scenario: Denied once, never approved
    Given the manifest "manifests/shop.yaml" is applied
    When I run "kubectl certificate deny shop"
    And I run "kubectl certificate approve shop"
    Then csr shop has condition Denied=True with reason KubectlDeny
    And the last command prints "error: certificate signing request \"shop\" is already Denied"

  Scenario: A signer of one's own
    Given the manifest "manifests/shop.yaml" is applied
    When I run "kubectl certificate approve shop"
    Then the last command prints "certificatesigningrequest.certificates.k8s.io/shop approved"
    And csr shop has condition Approved=True with reason KubectlApprove

  Scenario: Nobody asks for system:masters
    When I apply "manifests/mallory.yaml"
    Then the last command fails
    And the last command prints "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed"

  Scenario: Who may change requests may not yet approve them
    Given the manifest "manifests/jane.yaml" is applied
    And the manifest "manifests/changer.yaml" is applied
    When as user "ana" I run "kubectl certificate approve jane"
    Then the last command prints "user not permitted to approve requests with signerName \"kubernetes.io/kube-apiserver-client\""
