@workloads
Feature: StatefulSets keep names, order and storage
  A StatefulSet's pods are not interchangeable: each has a name, a place in the order and a claim of its own.

  Background:
    Given a cluster with 3 nodes

  Rule: One after the other, and back in reverse

    Scenario: The second pod waits for the first
      Given image "bookstore/db:1":
        | exec | [{ from: 0s, code: 1 }, { from: 20s, code: 0 }] |
      When I apply:
        """yaml
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          serviceName: db
          replicas: 2
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec: { containers: [{ name: db, image: "bookstore/db:1", readinessProbe: { periodSeconds: 1, exec: { command: [ready] } } }] }
        """
      Then pod db-0 eventually Running
      And pod db-1 is absent while pod db-0 not Ready
      And statefulset db eventually has 2 ready replicas

    Scenario: Scaling down takes the highest name first
      Given the manifest "manifests/db.yaml" is applied
      And statefulset db eventually has 3 ready replicas
      When I scale statefulset db to 1
      Then pod db-2 eventually gone
      And pod db-1 eventually gone
      And pod db-0 is unaffected

    Scenario: A pod that is deleted comes back under its name with its own claim
      Given the manifest "manifests/db.yaml" is applied
      And statefulset db eventually has 3 ready replicas
      And container db in pod db-1 writes "order 17" to "/data/orders"
      And I remember pod db-1 as "before"
      When I delete pod db-1
      Then pod db-1 eventually does not have the same uid as $before
      And pod db-1 eventually Ready
      And pod db-1 has the same .spec.volumes[0].persistentVolumeClaim.claimName as $before
      And file "/data/orders" in container db of pod db-1 has content "order 17"

    Scenario: Claims outlive the set
      Given the manifest "manifests/db.yaml" is applied
      And statefulset db eventually has 3 ready replicas
      When I run "kubectl delete statefulset db"
      Then pods labelled app=db eventually gone
      And persistentvolumeclaim data-db-0 is Bound

  Rule: An update goes from the last pod to the first

    Scenario: A partition keeps the lower pods on the old revision
      Given the manifest "manifests/db.yaml" is applied
      And statefulset db eventually has 3 ready replicas
      When I patch statefulset db:
        """yaml
        spec: { updateStrategy: { rollingUpdate: { partition: 2 } } }
        """
      And I set image of statefulset db to "bookstore/db:2"
      Then pod db-2 eventually has field .spec.containers[0].image "bookstore/db:2"
      And pod db-2 eventually Ready
      And pod db-1 stays Ready for 2m
      And pod db-1 has field .spec.containers[0].image "bookstore/db:1"

    Scenario: An image that does not exist stops the update at its first pod, and undoing it is not enough
      Given the manifest "manifests/db.yaml" is applied
      And image "bookstore/db:bad":
        | missing | true |
      And statefulset db eventually has 3 ready replicas
      When I set image of statefulset db to "bookstore/db:bad"
      Then pod db-2 eventually ErrImagePull
      And pod db-0 stays Ready for 2m
      When I run "kubectl rollout undo statefulset/db"
      Then the last command prints "statefulset.apps/db rolled back"
      And pod db-2 is never Ready for 2m
      When I delete pod db-2
      Then pod db-2 eventually Ready
      And pod db-2 has field .spec.containers[0].image "bookstore/db:1"
