@chapter03
Feature: The two rules of the architecture
  Everything goes through the API server, and components do not call each other: they watch shared state and react.

  Background:
    Given a cluster with 3 nodes

  Rule: Only the API server talks to etcd, and everyone talks only to the API server

    Scenario: A deployment comes up and nobody but the API server has talked to etcd
      When I apply "manifests/catalog.yaml"
      Then deployment catalog eventually has 3 ready replicas
      And only kube-apiserver has talked to etcd

    Scenario: Every request passes the same stages on its way to etcd
      When I apply "manifests/catalog-pod.yaml"
      Then the last command succeeds
      And the request "create pod catalog" passed: authentication, authorization, mutating admission, validation, validating admission, storage

    Scenario: What the API server refuses never reaches etcd
      When I apply:
        """yaml
        apiVersion: v1
        kind: Pod
        metadata: { name: nameless }
        spec:
          containers: [{ image: "bookstore/catalog:dev" }]
        """
      Then the last command fails
      And the last command prints "spec.containers[0].name: Required value"
      And pod nameless is absent

  Rule: Components do not call each other, they watch and react

    Scenario: From apply to Running without a single call between components
      When I apply "manifests/catalog-pod.yaml"
      Then pod catalog eventually Running
      And no component has called another except kube-apiserver

    Scenario: The scheduler writes its decision down and the kubelet reads it there
      When I apply "manifests/catalog-pod.yaml"
      Then pod catalog eventually Ready
      And the journey of pod catalog is:
        | from           | to                | what                    |
        | kube-scheduler | kube-apiserver    | bind pod catalog        |
        | kube-apiserver | etcd              | put                     |
        | kube-apiserver | kubelet           | notifies of pod catalog |
        | kubelet        | container-runtime | create sandbox          |
