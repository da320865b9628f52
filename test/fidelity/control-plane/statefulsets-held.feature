Feature: Databases in sets

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Claims go with the replicas that are scaled away
    Given I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: held-a}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: held, persistentVolumeReclaimPolicy: Retain, hostPath: {path: /tmp/a}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: held-b}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: held, persistentVolumeReclaimPolicy: Retain, hostPath: {path: /tmp/b}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 2
        serviceName: db
        persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Retain}
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: db, image: "example.com/statefulsets1/db:1", volumeMounts: [{name: data, mountPath: /data}]}]}
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], storageClassName: held, resources: {requests: {storage: 1Gi}}}
      """
    Then statefulset db eventually has 2 ready replicas
    When I run "kubectl get pvc -o custom-columns=NAME:.metadata.name,OWNERS:.metadata.ownerReferences[*].kind"
    And I run "kubectl scale sts db --replicas=1"
    Then pvc data-db-1 eventually gone
    When I run "kubectl get pvc"
    And I run "kubectl delete sts db"
    Then pods labelled app=db eventually gone
    When I run "kubectl get pvc -o name"
    And I run "kubectl delete pvc --all"
    And I run "kubectl delete pv held-a held-b"

  @shared-cluster
  Scenario: Parallel, three at a time may be missing
    Given I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: par}
      spec:
        replicas: 4
        serviceName: par
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: par}}
        template:
          metadata: {labels: {app: par}}
          spec:
            terminationGracePeriodSeconds: 1
            initContainers: [{name: prepare, image: "example.com/statefulsets2/prepare:1"}]
            containers: [{name: par, image: "example.com/statefulsets2/par:1"}]
      """
    And 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get sts par"
    And I run "kubectl patch sts par --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/template/spec/initContainers\"}]'"
    And 5 seconds pass
    And I run "kubectl get sts par -o jsonpath='{.status.replicas} {.status.updatedReplicas} {.status.readyReplicas}'"
    And I run "kubectl delete pods -l app=par"
    Then statefulset par eventually has 4 ready replicas
    When I run "kubectl rollout history sts/par"
    And I run "kubectl rollout status sts/par"

  @shared-cluster
  Scenario: A canary of the topmost, and all the rest after
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: red}
      spec:
        replicas: 3
        serviceName: red
        updateStrategy: {rollingUpdate: {partition: 2}}
        selector: {matchLabels: {app: red}}
        template:
          metadata: {labels: {app: red}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: red, image: "example.com/statefulsets3/red:1", env: [{name: A, value: "1"}]}]}
      """
    And I run "kubectl rollout status sts red --timeout=60s"
    And I run "kubectl set env sts/red A=2"
    Then statefulset red eventually has 1 updated replicas
    And statefulset red eventually has 3 ready replicas
    When I run "kubectl rollout status sts red"
    And I run "kubectl get pods -L apps.kubernetes.io/pod-index"
    And I run "kubectl patch sts red -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":0}}}}'"
    And I run "kubectl rollout status sts red --timeout=60s"
    Then statefulset red eventually has field .status.currentReplicas "3"
    When I run "kubectl get controllerrevisions -l app=red"
    And I run "kubectl rollout undo sts red"
    And I run "kubectl rollout status sts red --timeout=60s"
    And I run "kubectl rollout history sts red"

  @shared-cluster
  Scenario: Deleted one by one, and the service goes away
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: q}
      spec: {clusterIP: None, selector: {app: q}, ports: [{name: amqp, port: 5672}]}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: q}
      spec:
        replicas: 3
        serviceName: q
        selector: {matchLabels: {app: q}}
        template:
          metadata: {labels: {app: q}}
          spec: {terminationGracePeriodSeconds: 3, containers: [{name: q, image: "example.com/statefulsets4/q:1", ports: [{name: amqp, containerPort: 5672}], readinessProbe: {tcpSocket: {port: amqp}, initialDelaySeconds: 1, periodSeconds: 1}}]}
      """
    Then statefulset q eventually has 3 ready replicas
    When I run "kubectl delete pod q-1"
    Then pod q-1 eventually Ready
    When I run "kubectl delete pod q-0 q-2 --grace-period=0 --force"
    Then statefulset q eventually has 3 available replicas
    When I run "kubectl get endpoints q"
    And I run "kubectl delete service q"
    And I run "kubectl scale --replicas=0 sts/q"
    Then pods labelled app=q eventually gone
    When I run "kubectl get sts q"
    And I run "kubectl describe sts q"

  @shared-cluster
  Scenario: A pod fails while the set grows
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: grow}
      spec:
        replicas: 1
        serviceName: grow
        selector: {matchLabels: {app: grow}}
        template:
          metadata: {labels: {app: grow}, annotations: {behaviour.kscenario.dev/grow: "exit: {after: 3s, code: 2, times: 1}"}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: grow, image: "example.com/statefulsets5/grow:1"}]}
      """
    And 1 second passes
    And I run "kubectl scale sts grow --replicas=3"
    Then statefulset grow eventually has 3 replicas
    When 12 seconds pass
    Then statefulset grow eventually has 3 ready replicas
    When I run "kubectl get pods"
    And I run "kubectl get sts grow"
