Feature: StatefulSets with claims, partitions and several at a time

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Claims go when the set is deleted, and stay when it shrinks
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 2
        podManagementPolicy: Parallel
        persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Retain}
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "example.com/db:1"}]
        volumeClaimTemplates:
        - metadata: {name: data, labels: {tier: store}}
          spec: {storageClassName: by-hand, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    Then persistentvolumeclaim data-db-0 eventually present
    And persistentvolumeclaim data-db-1 eventually present
    When 2 seconds pass
    And I run "kubectl get pods,pvc"
    And I run "kubectl get pvc data-db-0 -o yaml"
    And I run "kubectl scale sts db --replicas=1"
    And 3 seconds pass
    And I run "kubectl get pvc"
    And I run "kubectl patch sts db -p '{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenScaled\":\"Delete\"}}}'"
    And 2 seconds pass
    And I run "kubectl get pvc -o custom-columns=NAME:.metadata.name,OWNERS:.metadata.ownerReferences[*].kind"
    And I run "kubectl delete sts db"
    And 4 seconds pass
    And I run "kubectl get pvc,pods"

  @shared-cluster
  Scenario: A partition above all, lowered step by step, and a revision that comes back
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 3
        revisionHistoryLimit: 1
        updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 3}}
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1"}]}
      """
    Then statefulset kv eventually has 3 ready replicas
    When I run "kubectl set image sts kv kv=example.com/kv:2"
    And 2 seconds pass
    And I run "kubectl get sts kv -o jsonpath='{.status.updatedReplicas} {.status.currentReplicas}'"
    And I run "kubectl rollout status sts kv --timeout=2s"
    And I run "kubectl delete pod kv-1"
    Then statefulset kv eventually has 3 ready replicas
    When I run "kubectl patch sts kv -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}}'"
    Then statefulset kv eventually has 1 updated replicas
    And pod kv-2 eventually Ready
    When I run "kubectl scale sts kv --replicas=4"
    Then statefulset kv eventually has 4 ready replicas
    When I run "kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image"
    And I run "kubectl patch sts kv -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":0}}}}'"
    Then statefulset kv eventually has field .status.currentReplicas "4"
    And statefulset kv eventually has 4 ready replicas
    When I run "kubectl rollout undo sts kv"
    And I run "kubectl rollout status sts kv --timeout=90s"
    And I run "kubectl rollout history sts kv"
    And I run "kubectl get controllerrevisions -o custom-columns=NAME:.metadata.name,REVISION:.revision"
    And I run "kubectl describe sts kv"

  @shared-cluster
  Scenario: Orphaned pods are taken over by a new set of the same name
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 2
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1"}]}
      """
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl delete sts kv --cascade=orphan"
    And 1 second passes
    And I run "kubectl get pods -o custom-columns=NAME:.metadata.name,OWNERS:.metadata.ownerReferences[*].kind"
    And I run "kubectl get controllerrevisions"
    And I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 3
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1"}]}
      """
    Then statefulset kv eventually has 3 ready replicas
    When I run "kubectl get sts,pods"
    And I run "kubectl label pod kv-1 app=lost --overwrite"
    And 4 seconds pass
    And I run "kubectl get pods --show-labels"
    And I run "kubectl delete pod kv-1"
    Then pod kv-1 eventually Ready
    And statefulset kv eventually has 3 ready replicas

  @shared-cluster
  Scenario: What may not be changed, and a pod of a name that the set wants
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: kv-0, labels: {who: me}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/other:1"}]}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 2
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1"}]}
      """
    And 3 seconds pass
    And I run "kubectl get sts,pods"
    And I run "kubectl delete pod kv-0"
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl patch sts kv -p '{\"spec\":{\"serviceName\":\"other\"}}'"
    And I run "kubectl patch sts kv -p '{\"spec\":{\"podManagementPolicy\":\"Parallel\"}}'"
    And I run "kubectl patch sts kv -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":-1}}}}'"
    And I run "kubectl patch sts kv -p '{\"spec\":{\"ordinals\":{\"start\":-2}}}'"
    And I run "kubectl patch sts kv -p '{\"spec\":{\"minReadySeconds\":2,\"revisionHistoryLimit\":3}}'"
    And I run "kubectl rollout pause sts kv"
    And I run "kubectl rollout restart sts kv"
    And I run "kubectl rollout status sts kv --timeout=60s"
    And I run "kubectl delete pods -l app=kv --force --grace-period=0"
    Then statefulset kv eventually has field .status.availableReplicas "2"
