@certificates
Feature: Certificates are issued
  kube-controller-manager signs what has been approved for one of the signers `kubernetes.io/…`: it says who somebody is, and until when.

  Background:
    Given a cluster
    And the manifest "manifests/editors.yaml" is applied

  Scenario: Approved and issued
    Given the manifest "manifests/jane.yaml" is applied
    When I run "kubectl certificate approve jane"
    Then csr jane eventually has field .status.certificate within 5s
    And csr jane has condition Approved=True with reason KubectlApprove

  Scenario: What the certificate says is who asks
    Given the manifest "manifests/jane.yaml" is applied
    When I run "kubectl certificate approve jane"
    And with the certificate of csr "jane" I run "kubectl auth whoami"
    Then the last command prints "Username                                            jane"
    And the last command prints "[editors testers system:authenticated]"

  Scenario: Once it has expired, nobody knows its holder
    Given the manifest "manifests/jane-for-10-minutes.yaml" is applied
    When I run "kubectl certificate approve jane"
    And 11 minutes pass
    And with the certificate of csr "jane" I run "kubectl get pods"
    Then the last command prints "error: You must be logged in to the server (Unauthorized)"

  Scenario: A kubelet's request for its client certificate needs nobody
    When I apply "manifests/worker-9.yaml"
    Then csr worker-9 eventually has condition Approved=True with reason AutoApproved within 5s
    And csr worker-9 eventually has field .status.certificate within 5s

  Scenario: Nobody decides while kube-controller-manager is away
    Given kube-controller-manager goes down
    And the manifest "manifests/worker-9.yaml" is applied
    And 10 minutes pass
    And csr worker-9 has no condition Approved=True
    When kube-controller-manager comes back
    Then csr worker-9 eventually has field .status.certificate within 1m

  Scenario: What the signer cannot accept fails
    Given the manifest "manifests/serving.yaml" is applied
    When I run "kubectl certificate approve serving"
    Then csr serving eventually has condition Failed=True with reason SignerValidationFailure within 5s
    And csr serving has field .status.conditions[1].message "DNS or IP subjectAltName is required"

  Scenario: An hour after it has served, a request is cleaned up
    Given the manifest "manifests/jane.yaml" is applied
    When I run "kubectl certificate approve jane"
    And 2 hours pass
    Then csr jane is gone

  Scenario: A certificate in one's kubeconfig is who asks
    Given the manifest "manifests/jane.yaml" is applied
    When I run "kubectl certificate approve jane"
    Then csr jane eventually has field .status.certificate within 5s
    Given csr jane as "request"
    When I run:
      """
      kubectl config set users.jane.client-certificate-data ${request.status.certificate}
      kubectl config set-credentials jane --client-key=manifests/jane.key --embed-certs
      kubectl config set-context jane --cluster=kubernetes --user=jane
      kubectl --context=jane auth whoami
      """
    Then the last command prints "[editors testers system:authenticated]"
    And the last command prints "Username                                            jane"
    When I run "kubectl --context=jane get deployments"
    Then the last command prints "No resources found in default namespace."
    When I run "kubectl --context=jane get nodes"
    Then the last command prints "nodes is forbidden: User \"jane\" cannot list resource \"nodes\""
    When 25 hours pass
    And I run "kubectl --context=jane get deployments"
    Then the last command prints "error: You must be logged in to the server (Unauthorized)"

  Scenario: A certificate that another authority has signed is nobody's
    When I run "kubectl get pods --client-certificate=manifests/mallory.crt --client-key=manifests/jane.key"
    Then the last command prints "error: You must be logged in to the server (Unauthorized)"
    When I run "kubectl get pods --certificate-authority=manifests/mallory.crt"
    Then the last command prints "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority"
    When I run "kubectl get pods --client-certificate=manifests/jane.key --client-key=manifests/jane.key"
    Then the last command prints "but did find a private key; PEM inputs may have been switched"

  Scenario: The administrator comes with a certificate, of which a server knows the fingerprint
    When I run "kubectl auth whoami"
    Then the last command prints "Extra: authentication.kubernetes.io/credential-id   [X509SHA256="
