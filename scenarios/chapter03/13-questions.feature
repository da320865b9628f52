@chapter03
Feature: Test your understanding
  The four questions of the chapter, answered by running them.

  Scenario: 1 - Why does everything go through the API server?
    Given a cluster with 3 nodes
    And user "ana" in groups "dev"
    When as user "ana" I run "kubectl create namespace sneaky"
    Then the last command fails
    And the last command prints "is forbidden"
    And namespace sneaky is absent

  Scenario: 2 - The control plane is down for 45 minutes during an etcd disk replacement
    Given a cluster with 3 nodes
    And the manifest "manifests/storefront.yaml" is applied
    And deployment storefront has 2 ready replicas
    And clients send 10 requests per second to service storefront as "customers"
    When the control plane goes down
    And I run "kubectl scale deployment storefront --replicas=4"
    Then the last command fails
    And running pods unaffected for 45 minutes
    And traffic "customers" lose no request

  Scenario: 3 - apply returned at once and the pod is Pending for half a minute
    Given a cluster with 3 nodes
    And image "bookstore/catalog:dev":
      | pull | 25s |
    When I apply "manifests/catalog-pod.yaml"
    Then the last command prints "pod/catalog created"
    And pod catalog eventually has event Scheduled from default-scheduler
    And pod catalog eventually has event Pulling from kubelet
    And the stuck stage of pod catalog is "image"
    And pod catalog eventually has event Started from kubelet
    And pod catalog eventually Running

  Scenario: 4 - Deleted pods of a deployment come back
    Given a cluster with 3 nodes
    And I run "kubectl create deployment demo --image=registry.k8s.io/pause:3.9 --replicas=3"
    And deployment demo has 3 ready replicas
    When I run "kubectl delete pod -l app=demo --wait=false"
    Then 3 pods labelled app=demo eventually Terminating
    And deployment demo eventually has 3 ready replicas
    And pods of deployment demo are owned by a replicaset

  Scenario: 4 - A deleted deployment takes its ReplicaSet and pods along
    Given a cluster with 3 nodes
    And I run "kubectl create deployment demo --image=registry.k8s.io/pause:3.9 --replicas=3"
    And deployment demo has 3 ready replicas
    When I run "kubectl delete deployment demo"
    Then deployment demo is gone
    And replicasets labelled app=demo are eventually gone
    And pods labelled app=demo are eventually gone
