@chapter03
Feature: The architecture checklist

  @checklist:CP-01
  Scenario: The control plane is replicated, and the loss of a node of it is a non-event
    Given a cluster with 3 control plane nodes and 2 worker nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When control plane node cp-3 goes down
    And I run "kubectl scale deployment catalog --replicas=4"
    Then kube-apiserver on cp-3 is down
    And deployment catalog eventually has 4 ready replicas within 2m

  @checklist:CP-02
  Scenario: A snapshot of etcd brings back what was deleted after it
    Given a cluster with 3 nodes
    And I run "kubectl create configmap precious --from-literal=a=b"
    And I run "etcdctl snapshot save snap.db"
    And I run "kubectl delete configmap precious"
    When etcd is restored from snapshot "snap.db"
    Then configmap precious is eventually present

  @checklist:CP-02
  Scenario: Secrets are encrypted at rest
    Given a cluster with 1 node
    And secrets are encrypted at rest
    When I run "kubectl create secret generic db --from-literal=password=only-for-the-exercise"
    Then secret db is present
    And secret db: the value in etcd is encrypted

  @checklist:CP-03
  Scenario: Who is nobody may nothing
    Given a cluster with 3 nodes
    When as an unknown client I run "kubectl get secrets"
    Then the last command fails
    And the last command prints "Forbidden"

  @checklist:CP-03
  Scenario: RBAC gives what it was told to give, and no more
    Given a cluster with 3 nodes
    And user "ana" in groups "dev"
    And I run "kubectl create role reader --verb=get,list --resource=pods"
    When I run "kubectl create rolebinding ana --role=reader --user=ana"
    And as user "ana" I run "kubectl get pods"
    Then the last command prints "No resources found in default namespace."

  @checklist:CP-03
  Scenario: RBAC gives no more than it was told to give
    Given a cluster with 3 nodes
    And user "ana" in groups "dev"
    And I run "kubectl create role reader --verb=get,list --resource=pods"
    And I run "kubectl create rolebinding ana --role=reader --user=ana"
    When as user "ana" I run "kubectl run mine --image=bookstore/catalog:dev"
    Then the last request is rejected with 403 Forbidden
    And pod mine is absent

  @checklist:CP-03
  Scenario: A kubelet reads the secrets of the pods on its node, and no others
    Given a cluster with 3 nodes
    And I run "kubectl create secret generic db --from-literal=password=x"
    And I run "kubectl create secret generic other --from-literal=password=y"
    And I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: orders }
      spec:
        nodeName: worker-1
        containers: [{ name: app, image: "bookstore/orders:dev", envFrom: [{ secretRef: { name: db } }] }]
      """
    When as user "system:node:worker-1" in groups "system:nodes" I run "kubectl get secret db"
    Then the last command prints "Opaque"
    When as user "system:node:worker-1" in groups "system:nodes" I run "kubectl get secret other"
    Then the last request is rejected with 403 Forbidden
    And the last command prints "no relationship found between node 'worker-1' and this object"

  @checklist:CP-03
  Scenario: Admission refuses what a quota does not allow
    Given a cluster with 3 nodes
    And namespace team
    And I run "kubectl create quota small --hard=pods=1"
    And the manifest "manifests/catalog-pod.yaml" is applied
    When I run "kubectl run second --image=bookstore/catalog:dev"
    Then the last command fails
    And the last command prints "exceeded quota: small"

  @checklist:CP-04
  Scenario: A kubelet of the version before goes with this control plane
    Given kubernetes version 1.35
    And a cluster with 2 nodes
    And node worker-2 runs kubelet 1.34
    When I apply "manifests/catalog.yaml"
    Then deployment catalog eventually has 3 ready replicas
    And a pod of deployment catalog is scheduled on node worker-2

  @checklist:DP-01
  Scenario: There is headroom for the loss of a node
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And the manifest "manifests/orders.yaml" is applied
    And all pods are Ready
    When node worker-2 goes down
    Then node worker-2 is not Ready within 60s
    And deployment catalog eventually has 3 ready replicas within 8m
    And deployment orders eventually has 2 ready replicas within 8m

  @checklist:MC-01
  Scenario: On a managed cluster the control plane's parts are not yours to touch
    Given a managed cluster with 3 nodes
    When the control plane goes down
    Then the control plane is down
    And node worker-1 is up
