@chapter03
Feature: The Bookstore on the map
  Where each of its parts lives, and who makes it real.

  Background:
    Given a cluster with 3 nodes
    And namespace bookstore

  Scenario Outline: <name> is an ordinary workload on worker nodes
    When I apply "manifests/<name>.yaml"
    Then deployment <name> eventually has <n> ready replicas
    And pods of deployment <name> are Running

    Examples:
      | name            | n |
      | catalog         | 3 |
      | orders          | 2 |
      | storefront      | 2 |
      | payments-worker | 2 |
      | redis           | 1 |
      | rabbitmq        | 1 |

  Scenario: postgres keeps its data on a volume that the storage controllers provide
    When I apply "manifests/postgres.yaml"
    Then pvc postgres-data eventually Bound
    And deployment postgres eventually has 1 ready replica

  Scenario: orders finds postgres by its name
    Given the manifest "manifests/postgres.yaml" is applied
    And deployment postgres has 1 ready replica
    When I apply "manifests/orders.yaml"
    Then deployment orders eventually has 2 ready replicas
    And a pod of deployment orders resolves "postgres" to service postgres
    And a pod of deployment orders eventually reaches service postgres

  Scenario: Without the storage controllers the volume never comes
    Given kube-controller-manager goes down
    When I apply "manifests/postgres.yaml"
    Then pvc postgres-data never Bound for 30s
    And pvc postgres-data is Pending

  Scenario: Desired state is in etcd, submitted only through the API server
    When I apply "manifests/redis.yaml"
    Then deployment redis eventually has 1 ready replica
    And only kube-apiserver has talked to etcd
