@certificates
Feature: The certificates of a control plane last a year
  kubeadm makes them when the cluster is made, and again at every upgrade. Nobody who does neither is told in advance.

  Background:
    Given a cluster
    And deployment web with 2 replicas of image "example.com/web:1"
    And 2 pods of deployment web eventually Ready

  Scenario: On the last day everything is well
    Given 364 days pass
    When I run "kubectl scale deployment web --replicas=3"
    Then 3 pods of deployment web eventually Ready

  Scenario: Then nobody can connect, and what runs goes on running
    Given 365 days pass
    When I run "kubectl get pods"
    Then the last command prints "Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2027-01-01T"
    And the last command prints "is after 2027-01-01T00:00:00Z"
    And running pods unaffected

  Scenario: Kubelets rotate their certificates, but nobody minds what they say
    Given 365 days pass
    And 1 minute passes
    When node worker-1 goes down
    Then node worker-1 stays Ready for 20m
    And pods of deployment web are Running
    And the kubelet on worker-1 is down

  Scenario: An API server that is started again finds no etcd
    Given 365 days pass
    And kube-apiserver crashes
    And 1 minute passes
    When I run "kubectl get pods"
    Then the last command prints "was refused"

  Scenario: Renewed, everybody finds together again
    Given 365 days pass
    And 10 minutes pass
    When the certificates of the control plane are renewed
    And I run "kubectl scale deployment web --replicas=3"
    Then 3 pods of deployment web eventually Ready

  Scenario: Renewed in time, nobody notices
    Given 300 days pass
    And the certificates of the control plane are renewed
    And 65 days pass
    When I run "kubectl scale deployment web --replicas=3"
    Then 3 pods of deployment web eventually Ready
