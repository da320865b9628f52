Feature: Sets whose pods have names

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: The pod in the middle fails after an update
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 3
        selector: {matchLabels: {app: db}}
        template:
          metadata:
            labels: {app: db}
            annotations: {behaviour.kscenario.dev/db: "{image: 'example.com/later1/db:2', missing: true}"}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: db, image: "example.com/later1/db:1"}]}
      """
    Then statefulset db eventually has 3 ready replicas
    When I run "kubectl set image sts/db db=example.com/later1/db:2"
    And 5 seconds pass
    And I run "kubectl get pods -l app=db"
    And I run "kubectl rollout status sts/db --timeout=2s"
    Then the last command fails
    When I run "kubectl scale sts/db --replicas=2"
    And 4 seconds pass
    And I run "kubectl get pods -l app=db"
    And I run "kubectl get sts db -o jsonpath='{.status.replicas} {.status.readyReplicas} {.status.updatedReplicas} {.status.currentReplicas}'"
    And I run "kubectl rollout undo sts/db"
    And 2 seconds pass
    And I run "kubectl get pods -l app=db"
    And I run "kubectl delete pod db-1 --ignore-not-found"
    Then statefulset db eventually has 2 ready replicas

  @shared-cluster
  Scenario: A pod in the middle is deleted while the set is scaled down
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: ring}
      spec:
        serviceName: ring
        replicas: 4
        minReadySeconds: 2
        selector: {matchLabels: {app: ring}}
        template:
          metadata: {labels: {app: ring}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: ring, image: "example.com/later2/ring:1"}]}
      """
    Then statefulset ring eventually has 4 available replicas within 2m
    When I run "kubectl delete pod ring-1 --wait=false"
    And I run "kubectl scale sts/ring --replicas=2"
    Then pod ring-2 eventually gone
    And pod ring-3 eventually gone
    And statefulset ring eventually has 2 available replicas
    When I run "kubectl get pods -l app=ring"
    And I run "kubectl describe sts ring"

  @shared-cluster
  Scenario: Claims are deleted when the set shrinks, and kept when it goes
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: later-a}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: later, hostPath: {path: /tmp/later-a}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: later-b}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: later, hostPath: {path: /tmp/later-b}}
      """
    And 1 second passes
    And I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: log}
      spec:
        serviceName: log
        replicas: 2
        persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Retain}
        selector: {matchLabels: {app: log}}
        template:
          metadata: {labels: {app: log}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: log, image: "example.com/later3/log:1", volumeMounts: [{name: data, mountPath: /data}]}]
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], storageClassName: later, resources: {requests: {storage: 1Gi}}}
      """
    Then statefulset log eventually has 2 ready replicas within 2m
    When I run "kubectl get pvc data-log-1 -o jsonpath='{.metadata.ownerReferences}'"
    And I run "kubectl scale sts/log --replicas=1"
    Then pod log-1 eventually gone
    And persistentvolumeclaim data-log-1 eventually gone
    When I run "kubectl get pvc"
    And I run "kubectl patch sts log --type=merge -p '{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":\"Delete\",\"whenScaled\":\"Retain\"}}}'"
    And 1 second passes
    And I run "kubectl get pvc data-log-0 -o jsonpath='{.metadata.ownerReferences[0].kind} {.metadata.ownerReferences[0].name}'"
    And I run "kubectl delete sts log"
    Then persistentvolumeclaim data-log-0 eventually gone
    When I run "kubectl get pv later-a later-b"

  @shared-cluster
  Scenario: In parallel with a partition, scaled up while half is old
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: par}
      spec:
        serviceName: par
        replicas: 4
        podManagementPolicy: Parallel
        updateStrategy: {rollingUpdate: {partition: 2}}
        selector: {matchLabels: {app: par}}
        template:
          metadata: {labels: {app: par}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: par, image: "example.com/later4/par:1"}]}
      """
    Then statefulset par eventually has 4 ready replicas
    When I run "kubectl set image sts/par par=example.com/later4/par:2"
    And I run "kubectl rollout status sts/par --timeout=60s"
    Then the last command succeeds
    When I run "kubectl scale sts/par --replicas=6"
    Then statefulset par eventually has 6 ready replicas
    When I run "kubectl get pods -l app=par -o jsonpath='{.items[*].spec.containers[0].image}'"
    And I run "kubectl delete pod par-0"
    Then statefulset par eventually has 6 ready replicas
    When I run "kubectl get pod par-0 -o jsonpath='{.spec.containers[0].image}'"
    And I run "kubectl get sts par -o jsonpath='{.status.currentReplicas} {.status.updatedReplicas} {.status.currentRevision} {.status.updateRevision}'"
    And I run "kubectl patch sts par --type=merge -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":0}}}}'"
    And I run "kubectl rollout status sts/par --timeout=60s"
    Then the last command succeeds
    When 1 second passes
    And I run "kubectl get controllerrevisions -l app=par"
    And I run "kubectl get sts par -o jsonpath='{.status.currentReplicas} {.status.updatedReplicas}'"
