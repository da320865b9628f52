Feature: StatefulSets that are updated by hand, start elsewhere and lose claims

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: OnDelete waits for a hand, ordinals may start at five
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 2
        ordinals: {start: 5}
        updateStrategy: {type: OnDelete}
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1"}]}
      """
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl set image sts/kv kv=example.com/kv:2"
    And 2 seconds pass
    And I run "kubectl get sts kv -o jsonpath='{.status.replicas} {.status.updatedReplicas} {.status.currentReplicas}'"
    And I run "kubectl delete pod kv-5"
    Then pod kv-5 eventually has field .spec.containers[0].image "example.com/kv:2"
    And pod kv-5 eventually Ready
    When I run "kubectl rollout status sts/kv --timeout=3s"
    And I run "kubectl rollout history sts/kv"
    And I run "kubectl rollout undo sts/kv"
    And 2 seconds pass
    And I run "kubectl get pods -l app=kv"
    And I run "kubectl get controllerrevisions"

  @shared-cluster
  Scenario: Parallel pods come and go together, and a rollout goes from the top
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: par}
      spec:
        serviceName: par
        podManagementPolicy: Parallel
        replicas: 3
        selector: {matchLabels: {app: par}}
        template:
          metadata: {labels: {app: par}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/par:1"}]}
      """
    Then statefulset par eventually has 3 ready replicas
    When I run "kubectl set image sts/par app=example.com/par:2"
    And I run "kubectl rollout status sts/par --timeout=60s"
    And I run "kubectl scale sts par --replicas=1"
    Then statefulset par eventually has field .status.replicas "1"
    When I run "kubectl get sts,pods"
    And I run "kubectl delete sts par --cascade=orphan"
    And I run "kubectl get pods"
    And I run "kubectl delete pod par-0"
    Then pod par-0 eventually gone

  @shared-cluster
  Scenario: Volumes made by hand are bound, and claims are deleted as the set says
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: sts-next-a}
      spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], storageClassName: sts-next, hostPath: {path: /tmp/a}, persistentVolumeReclaimPolicy: Retain}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: sts-next-b}
      spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], storageClassName: sts-next, hostPath: {path: /tmp/b}, persistentVolumeReclaimPolicy: Retain}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 2
        persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Delete}
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "example.com/db:1", volumeMounts: [{name: data, mountPath: /data}]}]
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {storageClassName: sts-next, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    Then statefulset db eventually has 2 ready replicas
    When I run "kubectl get pvc,pv"
    And I run "kubectl scale sts db --replicas=1"
    Then persistentvolumeclaim data-db-1 eventually gone
    When 2 seconds pass
    And I run "kubectl get pv"
    And I run "kubectl delete sts db"
    Then persistentvolumeclaim data-db-0 eventually gone
    When I run "kubectl get pv"

  @shared-cluster
  Scenario: A set waits for minReadySeconds and stops at a pod that fails
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: slow}
      spec:
        serviceName: slow
        replicas: 2
        minReadySeconds: 3
        selector: {matchLabels: {app: slow}}
        template:
          metadata: {labels: {app: slow}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/slow:1"}]}
      """
    Then statefulset slow eventually has 2 ready replicas
    And statefulset slow eventually has field .status.availableReplicas "2"
    When I run:
      """
      kubectl patch sts slow -p '{"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/app":"missing: true"}},"spec":{"containers":[{"name":"app","image":"example.com/none:2"}]}}}}'
      """
    Then pod slow-1 eventually ErrImagePull
    When I run "kubectl get sts slow"
    And I run "kubectl rollout undo sts slow"
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod slow-1"
    Then pod slow-1 eventually Ready
    When 5 seconds pass
    And I run "kubectl describe sts slow"
