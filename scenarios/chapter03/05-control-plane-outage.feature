@chapter03
Feature: A control-plane outage of 45 minutes during an etcd disk replacement
  Running pods keep serving; what is lost is the ability to make changes.

  Background:
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And the manifest "manifests/orders.yaml" is applied
    And all pods are Ready
    And clients send 10 requests per second to service catalog as "shoppers"

  Scenario: Pods keep serving
    When the control plane goes down
    Then running pods unaffected for 45 minutes
    And kube-apiserver is down
    And traffic "shoppers" lose no request

  Scenario: kubelets restart crashed containers from their last known spec
    Given a pod of deployment orders as "victim"
    When the control plane goes down
    And container app in pod $victim crashes
    Then a pod of deployment orders eventually restarted 1 time on the node
    And kube-apiserver is down

  Scenario: No changes - not a deployment, not a scale, not a delete
    When the control plane goes down
    And I run:
      """sh
      kubectl create deployment late --image=bookstore/orders:dev
      kubectl scale deployment catalog --replicas=5
      kubectl delete deployment orders
      """
    Then the last command fails
    And deployment late is absent
    And deployment catalog always has 3 replicas
    And deployment orders is present

  Scenario: No self-healing onto another node
    When the control plane goes down
    And node worker-1 goes down
    Then deployment catalog always has 3 replicas for 45 minutes
    And node worker-1 is Ready
    And node worker-1 is down

  Scenario: Catching up - what the API showed was stale, and is true again soon after
    Given the control plane goes down
    And node worker-1 goes down
    And 45 minutes pass
    When the control plane comes back
    Then node worker-1 is not Ready within 2m
    And deployment catalog eventually has 3 ready replicas within 10m
    And deployment orders eventually has 2 ready replicas within 10m

  Scenario: Catching up - a crash in the outage is counted afterwards
    Given the control plane goes down
    And container app in a pod of deployment orders crashes
    And 45 minutes pass
    When the control plane comes back
    Then a pod of deployment orders eventually has field .status.containerStatuses[0].restartCount "1"
    And deployment orders eventually has 2 ready replicas

  Scenario: Catching up - what was asked for before is done after
    Given I run "kubectl scale deployment catalog --replicas=5"
    And the control plane goes down
    And 45 minutes pass
    When the control plane comes back
    # a mount that has failed for long is tried again every two minutes
    Then deployment catalog eventually has 5 ready replicas within 3 minutes
