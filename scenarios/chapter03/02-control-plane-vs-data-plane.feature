@chapter03
Feature: Control plane and data plane
  The control plane decides, the data plane does. Each scenario is a row of the chapter's table.

  Scenario: Job - the control plane holds the truth and decides, a node runs the containers
    Given a cluster with 3 nodes
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog eventually Scheduled
    And pod catalog eventually Running
    And container app in pod catalog is Running on the node

  Scenario: Components - each is a process of its own, and each is up
    Given a cluster with 3 nodes
    Then kube-apiserver is up
    And etcd is up
    And kube-scheduler is up
    And kube-controller-manager is up
    And the kubelet on worker-1 is up
    And kube-proxy on worker-2 is up

  Scenario: Talks to - a node without the API server learns nothing new
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When kube-apiserver goes down
    And I run "kubectl scale deployment catalog --replicas=5"
    Then the last command fails
    And the last command prints "was refused"
    And deployment catalog never has 5 replicas

  Scenario: If the control plane is down - no changes can be made, and running pods keep running
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When the control plane goes down
    Then running pods unaffected while control plane down

  Scenario: If a worker node is down - its pods are affected, and are made anew elsewhere
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When node worker-1 goes down
    Then node worker-1 is not Ready within 60s
    And pods on node worker-1 are eventually Terminating within 7m
    And deployment catalog eventually has 3 ready replicas within 7m

  Scenario: Scale unit - the data plane grows by nodes
    Given a cluster with 1 node
    And each node has 1 cpu and 2Gi memory
    And deployment heavy with 2 replicas of image "bookstore/catalog:dev"
    And deployment heavy has 2 ready replicas
    When I run "kubectl set resources deployment heavy --requests=cpu=600m"
    And node worker-2 joins
    Then node worker-2 is eventually Ready
    And deployment heavy eventually has 2 updated replicas within 2m
    And a pod of deployment heavy is eventually scheduled on node worker-2

  Scenario: Scale unit - the control plane grows by replicas, of which one leads
    Given a cluster with 3 control plane nodes and 2 worker nodes
    When control plane node cp-1 goes down
    And I run "kubectl create deployment web --image=bookstore/storefront:dev --replicas=2"
    Then node cp-1 is not Ready within 90s
    And deployment web eventually has 2 ready replicas

  Scenario: Where it lives - workloads stay off the control-plane nodes
    Given a cluster with 1 node
    When I apply "manifests/catalog.yaml"
    Then deployment catalog eventually has 3 ready replicas
    And node cp-1 has taint node-role.kubernetes.io/control-plane:NoSchedule
    And pods labelled app=catalog are scheduled on node worker-1
