@chapter03
Feature: Watches, resync and controllers that resume

  Background:
    Given a cluster with 3 nodes

  Scenario: Components are told of changes, they do not ask for them
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog eventually Running
    And the journey of pod catalog is:
      | from           | to             | what                    |
      | kube-apiserver | kube-scheduler | notifies of pod catalog |
      | kube-apiserver | kubelet        | notifies of pod catalog |

  Scenario: A controller that crashes in the middle of its work resumes where reality is
    When I apply "manifests/catalog.yaml"
    And kube-controller-manager crashes
    Then kube-controller-manager is down
    And deployment catalog eventually has 3 ready replicas within 2m
    And 3 pods of deployment catalog are Ready
    And kube-controller-manager is up

  Scenario: A missed watch event is made good when the watch is opened anew
    Given watch events to kube-scheduler are dropped
    And I apply "manifests/catalog-pod.yaml"
    And pod catalog is Pending
    When watch events to kube-scheduler are no longer dropped
    Then pod catalog eventually Running

  Scenario: Late watch events make everything late and nothing wrong
    Given watch events to kube-scheduler are delayed by 10s
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog never Scheduled for 9s
    And pod catalog eventually Running within 20s

  Scenario: Level-triggered - the count is restored however it was lost
    Given the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When I run "kubectl delete pods -l app=catalog --wait=false"
    Then at most 2 pods of deployment catalog eventually Ready
    And deployment catalog eventually has 3 ready replicas

  Scenario: Spec is what was asked for, status what was observed
    Given the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When I run "kubectl scale deployment catalog --replicas=4"
    Then deployment catalog has field .spec.replicas "4"
    And deployment catalog has field .status.readyReplicas "3"
    And deployment catalog eventually has field .status.readyReplicas "4"

  Scenario: The control plane never touches a container
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog eventually Running
    And the journey of pod catalog is:
      | from    | to                | what             |
      | kubelet | container-runtime | create container |
      | kubelet | container-runtime | start container  |
