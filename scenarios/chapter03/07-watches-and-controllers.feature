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

  Scenario Outline: Any component that crashes in the middle of its work resumes where reality is - <component>
    When I apply "manifests/catalog.yaml"
    And <component> crashes
    Then <component> is down
    And deployment catalog eventually has 3 ready replicas within 2m
    And 3 pods of deployment catalog are Ready
    And <component> is up

    Examples:
      | component               |
      | kube-controller-manager |
      | kube-scheduler          |
      | kube-apiserver          |
      | etcd                    |
      | the kubelet on worker-1 |

  Scenario: One process, many loops - jobs, service accounts, certificates of the cluster
    When I run "kubectl create namespace shop"
    And I run "kubectl create job report --image=busybox -n shop"
    Then serviceaccount default in namespace shop is eventually present
    And configmap kube-root-ca.crt in namespace shop is eventually present
    And job report in namespace shop is eventually Complete

  Scenario: Without that process none of its loops turns
    When kube-controller-manager goes down
    And I run "kubectl create namespace shop"
    Then namespace shop is present
    And serviceaccount default in namespace shop is never present for 5m
    And configmap kube-root-ca.crt in namespace shop is absent

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

  Scenario: The Deployment controller drives a rollout, from one ReplicaSet to the next
    Given the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When I set image of deployment catalog to "bookstore/catalog:next"
    Then deployment catalog eventually has 3 updated replicas
    And 2 replicasets of deployment catalog are present
    And deployment catalog eventually has 3 ready replicas
    And pods of deployment catalog eventually have field .spec.containers[0].image "bookstore/catalog:next"

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
