@chapter03
Feature: The commands of the Quick Reference

  Background:
    Given a cluster with 3 nodes

  Scenario: kubectl cluster-info
    When I run "kubectl cluster-info"
    Then the last command prints "Kubernetes control plane is running at"
    And the last command prints "CoreDNS is running at"

  Scenario: kubectl get nodes -o wide
    When I run "kubectl get nodes -o wide"
    Then the last command prints "INTERNAL-IP"
    And the last command prints:
      """
      cp-1
      worker-1
      worker-2
      worker-3
      """

  Scenario: kubectl get componentstatuses is deprecated
    When I run "kubectl get componentstatuses"
    Then the last command prints "Warning: v1 ComponentStatus is deprecated in v1.19+"

  Scenario: kubectl get --raw='/readyz?verbose'
    When I run "kubectl get --raw='/readyz?verbose'"
    Then the last command prints:
      """
      [+]ping ok
      [+]etcd ok
      readyz check passed
      """

  Scenario: What a list holds does not say of which kind it is, on the wire
    When I run "kubectl get --raw /api/v1/namespaces/default/services"
    Then the last command prints "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\","
    And the last command prints "\"items\":[{\"metadata\":{\"name\":\"kubernetes\","

  Scenario: kubectl get --raw /
    When I run "kubectl get --raw /"
    Then the last command prints:
      """
          "/apis/apps/v1",
          "/apis/authentication.k8s.io",
          "/livez/poststarthook/rbac/bootstrap-roles",
      """

  Scenario: /readyz says that etcd is gone
    Given etcd goes down
    When I run "kubectl get --raw='/readyz?verbose'"
    Then the last command fails
    And the last command prints "[-]etcd failed"

  Scenario: kubectl -n kube-system get pods -l tier=control-plane
    When I run "kubectl -n kube-system get pods -l tier=control-plane"
    Then the last command prints:
      """
      etcd-cp-1
      kube-apiserver-cp-1
      kube-controller-manager-cp-1
      kube-scheduler-cp-1
      """

  Scenario: kubectl api-resources
    When I run "kubectl api-resources"
    Then the last command prints "NAME"
    And the last command prints "deployments"
    And the last command prints "priorityclasses"

  Scenario: kubectl get events -A --sort-by=.lastTimestamp
    Given the manifest "manifests/catalog-pod.yaml" is applied
    And pod catalog is Running
    When I run "kubectl get events -A --sort-by=.lastTimestamp"
    Then the last command prints "Scheduled"
    And the last command prints "Started"

  Scenario: kubectl explain pod.spec
    When I run "kubectl explain pod.spec"
    Then the last command prints "KIND:       Pod"
    And the last command prints "containers"
