@chapter03
Feature: A replicated control plane

  Scenario Outline: With <n> control-plane nodes the loss of one is a non-event
    Given a cluster with <n> control plane nodes and 2 worker nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When control plane node cp-1 goes down
    And I run "kubectl scale deployment catalog --replicas=5"
    Then deployment catalog eventually has 5 ready replicas within 2m
    And kube-apiserver on cp-1 is down

    Examples:
      | n |
      | 3 |
      | 5 |

  Scenario: Five members bear the loss of two
    Given a cluster with 5 control plane nodes and 2 worker nodes
    When control plane node cp-1 goes down
    And control plane node cp-2 goes down
    And I run "kubectl create namespace still-writing"
    Then the last command succeeds
    And namespace still-writing is present
    And kube-apiserver on cp-1 is down
    And kube-apiserver on cp-2 is down

  Scenario: Three members do not bear the loss of two
    Given a cluster with 3 control plane nodes and 2 worker nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When control plane node cp-1 goes down
    And control plane node cp-2 goes down
    And I run "kubectl create namespace lost"
    Then the last command fails
    And namespace lost never present
    And running pods unaffected while control plane node cp-1 is down

  Scenario: Lost quorum comes back and so does everything else
    Given a cluster with 3 control plane nodes and 2 worker nodes
    And control plane node cp-1 goes down
    And control plane node cp-2 goes down
    When control plane node cp-1 comes back
    And I run "kubectl create namespace found"
    Then the last command succeeds

  Scenario: API servers are stateless - what one has written another one reads
    Given a cluster with 3 control plane nodes and 2 worker nodes
    And I run "kubectl create configmap note --from-literal=text=hello"
    When kube-apiserver on cp-1 goes down
    And I run "kubectl get configmap note -o jsonpath={.data.text}"
    Then the last command prints "hello"
    And kube-apiserver on cp-1 is down

  Scenario: One scheduler leads, and another takes over
    Given a cluster with 3 control plane nodes and 2 worker nodes
    When kube-scheduler on cp-1 goes down
    And kube-scheduler on cp-2 goes down
    And I apply "manifests/catalog-pod.yaml"
    Then kube-scheduler on cp-3 is eventually the leader
    And kube-scheduler on cp-1 is down
    And kube-scheduler on cp-2 is down
    And pod catalog eventually Running

  Scenario: An even number of members bears no more than the odd one below it
    Given a cluster with 2 nodes and external etcd of 5 members
    When etcd member etcd-1 goes down
    And etcd member etcd-2 goes down
    And I run "kubectl create namespace three-of-five"
    Then the last command prints "namespace/three-of-five created"
    And etcd member etcd-1 is down
    And etcd member etcd-2 is down

  Scenario: External etcd without quorum - the API servers are up and cannot serve
    Given a cluster with 2 nodes and external etcd of 3 members
    When etcd member etcd-1 goes down
    And etcd member etcd-2 goes down
    And I run "kubectl create namespace lost"
    Then the last command fails
    And kube-apiserver is up
    And namespace lost is absent

  Scenario: The etcd disk is replaced and nothing was lost
    Given a cluster with 3 control plane nodes and 2 worker nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When etcd member etcd-1 loses its disk
    And I run "kubectl create configmap kept --from-literal=a=b"
    And etcd member etcd-1 comes back
    Then etcd member etcd-1 is eventually up
    And configmap kept is present
    And pods of deployment catalog are Ready

  Scenario: Lose etcd without a backup, lose the cluster
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When etcd member etcd-1 loses its disk
    And etcd member etcd-1 comes back
    Then etcd is eventually up
    And deployment catalog is absent
    And service catalog is absent

  Scenario: etcd that is full takes no more writes, and pods run on
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When etcd runs out of space
    And I run "kubectl create namespace lost"
    Then the last command fails
    And the last command prints "database space exceeded"
    And namespace lost is absent
    And running pods unaffected
