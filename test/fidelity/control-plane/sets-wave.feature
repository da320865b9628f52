Feature: StatefulSets and DaemonSets whose less used fields change under way

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Two may be missing in an ordered rollout that is undone half way
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 5
        minReadySeconds: 1
        revisionHistoryLimit: 1
        updateStrategy: {rollingUpdate: {maxUnavailable: 2, partition: 1}}
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/wave1/kv:1"}]}
      """
    Then statefulset kv eventually has 5 available replicas within 2m
    When I run "kubectl set image sts kv kv=example.com/wave1/kv:2"
    Then pod kv-3 eventually has field .spec.containers[0].image "example.com/wave1/kv:2"
    When I run "kubectl rollout undo sts kv"
    And 20 seconds pass
    And I run:
      """
      kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image
      kubectl get controllerrevisions -o custom-columns=REVISION:.revision,OWNER:.metadata.ownerReferences[0].name
      kubectl rollout history sts kv
      kubectl patch sts kv --type=merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":0}}}}'
      kubectl patch sts kv --type=merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":"120%"}}}}'
      kubectl patch sts kv --type=merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":-1}}}}'
      kubectl patch sts kv --type=merge -p '{"spec":{"updateStrategy":{"type":"OnDelete"}}}'
      kubectl patch sts kv --type=merge -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'
      kubectl rollout status sts kv
      kubectl rollout restart sts kv
      """
    And 2 seconds pass
    And I run "kubectl get sts kv -o jsonpath='{.status}'"

  @shared-cluster
  Scenario: What a claim's owners are follows the policy of the set
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: wave2-a}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: wave2, persistentVolumeReclaimPolicy: Retain, hostPath: {path: /data/a}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: wave2-b}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: wave2, persistentVolumeReclaimPolicy: Retain, hostPath: {path: /data/b}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 2
        podManagementPolicy: Parallel
        persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Retain}
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: kv, image: "example.com/wave2/kv:1", volumeMounts: [{name: data, mountPath: /data}]}]
        volumeClaimTemplates:
          - metadata: {name: data, labels: {tier: db}}
            spec: {storageClassName: wave2, accessModes: [ReadWriteOnce], resources: {requests: {storage: 500Mi}}}
      """
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl get pvc -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].kind,LABELS:.metadata.labels"
    And I run "kubectl patch sts kv -p '{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":\"Delete\",\"whenScaled\":\"Retain\"}}}'"
    And 2 seconds pass
    And I run "kubectl get pvc -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].kind,LABELS:.metadata.labels"
    And I run "kubectl scale sts kv --replicas=1"
    And 4 seconds pass
    And I run "kubectl get pvc,pods"
    And I run "kubectl patch sts kv -p '{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":\"Delete\",\"whenScaled\":\"Delete\"}}}'"
    And 2 seconds pass
    And I run "kubectl get pvc -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].kind,LABELS:.metadata.labels"
    And I run "kubectl scale sts kv --replicas=0"
    And 4 seconds pass
    And I run:
      """
      kubectl get pvc,pv
      kubectl delete sts kv
      kubectl patch sts kv --type=merge -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Keep"}}}'
      """
    And 3 seconds pass
    And I run "kubectl get pvc,pv"
    And I run "kubectl delete pv wave2-a wave2-b"

  @shared-cluster
  Scenario: A set is orphaned, its history is found again by another template
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
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/wave3/kv:1"}]}
      """
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl delete sts kv --cascade=orphan"
    And 2 seconds pass
    And I run "kubectl get pods,controllerrevisions -o custom-columns=KIND:.kind,OWNER:.metadata.ownerReferences"
    And I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 3
        updateStrategy: {type: OnDelete}
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/wave3/kv:2"}]}
      """
    Then statefulset kv eventually has 3 ready replicas
    When I run:
      """
      kubectl get sts kv -o wide
      kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image,OWNER:.metadata.ownerReferences[0].kind
      kubectl rollout history sts kv
      kubectl get sts kv -o jsonpath='{.status.currentReplicas} {.status.updatedReplicas} {.status.readyReplicas}'
      kubectl rollout status sts kv
      kubectl patch sts kv -p '{"spec":{"serviceName":"other"}}'
      kubectl patch sts kv -p '{"spec":{"podManagementPolicy":"Parallel"}}'
      kubectl patch sts kv -p '{"spec":{"minReadySeconds":3,"ordinals":{"start":1},"revisionHistoryLimit":0}}'
      """
    And 8 seconds pass
    And I run "kubectl get pods,sts,controllerrevisions -o name"
    And I run "kubectl describe sts kv"

  @shared-cluster
  Scenario: A DaemonSet remembers two revisions, and goes back to the first of them
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent, annotations: {kubernetes.io/change-cause: first}}
      spec:
        revisionHistoryLimit: 1
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/wave4/agent:1"}]}
      """
    Then daemonset agent eventually has 2 ready replicas
    When I run "kubectl set image ds agent agent=example.com/wave4/agent:2"
    And I run "kubectl annotate ds agent kubernetes.io/change-cause=second --overwrite"
    And I run "kubectl rollout status ds agent --timeout=40s"
    And I run "kubectl set env ds agent A=1"
    And I run "kubectl rollout status ds agent --timeout=40s"
    And I run "kubectl rollout history ds agent"
    And I run "kubectl rollout history ds agent --revision=2"
    And I run "kubectl rollout undo ds agent --to-revision=1"
    And I run "kubectl rollout undo ds agent --to-revision=2"
    And I run "kubectl rollout status ds agent --timeout=40s"
    And I run "kubectl rollout history ds agent"
    And I run "kubectl rollout undo ds agent --to-revision=4"
    And I run "kubectl get controllerrevisions -o custom-columns=REVISION:.revision,CAUSE:.metadata.annotations"
    And I run "kubectl describe ds agent"

  @shared-cluster
  Scenario: A DaemonSet under OnDelete is told to roll, by halves, to some machines
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        minReadySeconds: 2
        updateStrategy: {type: OnDelete}
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/wave5/agent:1"}]}
      """
    Then daemonset agent eventually has 2 available replicas
    When I run "kubectl set image ds agent *=example.com/wave5/agent:2"
    And 3 seconds pass
    And I run "kubectl get ds agent -o wide"
    And I run "kubectl rollout status ds agent"
    And I run "kubectl patch ds agent -p '{\"spec\":{\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"50%\"}}}}'"
    Then daemonset agent eventually has 2 updated replicas
    And daemonset agent eventually has 2 available replicas
    When I run "kubectl patch ds agent -p '{\"spec\":{\"template\":{\"spec\":{\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"kubernetes.io/hostname\",\"operator\":\"In\",\"values\":[\"worker-2\"]}]}]}}}}}}}'"
    And 12 seconds pass
    And I run "kubectl get ds agent"
    And I run "kubectl get pods -o wide"
    And I run:
      """
      kubectl patch ds agent -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":0}}}}'
      kubectl patch ds agent -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxSurge":1}}}}'
      kubectl patch ds agent -p '{"spec":{"selector":{"matchLabels":{"a":"b"}}}}'
      kubectl patch ds agent -p '{"spec":{"template":{"spec":{"restartPolicy":"Never"}}}}'
      kubectl patch ds agent -p '{"spec":{"template":{"spec":{"activeDeadlineSeconds":5}}}}'
      kubectl delete ds agent --cascade=orphan
      kubectl get pods,controllerrevisions -o custom-columns=KIND:.kind,OWNER:.metadata.ownerReferences
      """
