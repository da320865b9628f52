Feature: Scheduling, storage and devices once more, in orders that courses do not try

  Background:
    Given a cluster with 3 nodes
    And each node has 2 cpu and 4Gi memory

  @shared-cluster
  Scenario: Preemption across three nodes with a budget and a nominated pod that gives up
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: ebb1-high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: ebb1-low}
      value: -10
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: low}
      spec:
        replicas: 3
        selector: {matchLabels: {app: low}}
        template:
          metadata: {labels: {app: low}, annotations: {behaviour.kscenario.dev/app: "{term: {after: 6s, code: 0}}"}}
          spec:
            priorityClassName: ebb1-low
            terminationGracePeriodSeconds: 20
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: low}}}]
            containers: [{name: app, image: "example.com/ebb1/low:1", resources: {requests: {cpu: 1200m}}}]
      """
    Then deployment low eventually has 3 available replicas
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: high}
      spec: {priorityClassName: ebb1-high, terminationGracePeriodSeconds: 1, nodeSelector: {kubernetes.io/hostname: worker-2}, containers: [{name: app, image: "example.com/ebb1/high:1", resources: {requests: {cpu: "1"}}}]}
      """
    And 2 seconds pass
    And I run "kubectl get pod high -o jsonpath='{.status.nominatedNodeName} {.status.phase} {.status.conditions[0].message}'"
    And I run "kubectl get pods -l app=low -o jsonpath='{.items[*].status.conditions[?(@.type==\"DisruptionTarget\")].message}'"
    And I run "kubectl delete pod high"
    And 8 seconds pass
    And I run "kubectl get deployment low"
    And I run "kubectl get events --field-selector reason=Preempted -o custom-columns=MESSAGE:.message"
    And I run "kubectl delete priorityclass ebb1-high ebb1-low"

  @shared-cluster
  Scenario: A pod that fits after a node is relabelled, a taint is lifted, a pod goes
    When I run:
      """
      kubectl taint nodes --all ebb2=x:NoSchedule
      kubectl run a --image=example.com/ebb2/a:1 --overrides='{"spec":{"terminationGracePeriodSeconds":1,"nodeSelector":{"pool":"one"}}}'
      kubectl run b --image=example.com/ebb2/b:1 --overrides='{"spec":{"terminationGracePeriodSeconds":1,"tolerations":[{"key":"ebb2","operator":"Equal","value":"y"}]}}'
      kubectl run c --image=example.com/ebb2/c:1 --overrides='{"spec":{"terminationGracePeriodSeconds":1,"tolerations":[{"key":"ebb2","operator":"Exists"}],"containers":[{"name":"c","image":"example.com/ebb2/c:1","resources":{"requests":{"cpu":"3"}}}]}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pods -o custom-columns=NAME:.metadata.name,WHY:.status.conditions[0].message
      kubectl label node worker-1 pool=one
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pod a -o jsonpath='{.status.conditions[0].message}'
      kubectl taint node worker-1 ebb2-
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pods -o wide
      kubectl label node worker-1 pool=two --overwrite
      kubectl taint nodes worker-2 worker-3 ebb2-
      kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message
      """
    And 2 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod c"

  @shared-cluster
  Scenario: A StatefulSet with claims whose class waits, and volumes that come one by one
    When I apply:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: ebb3}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      reclaimPolicy: Delete
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 2
        persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: db, image: "example.com/ebb3/db:1", volumeMounts: [{name: data, mountPath: /d}]}]}
        volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: ebb3, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
      """
    And 3 seconds pass
    And I run "kubectl get pods,pvc"
    And I run "kubectl get pod db-0 -o jsonpath='{.status.conditions[0].message}'"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: ebb3-1}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: ebb3, local: {path: /a}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-3]}]}]}}}
      """
    Then pod db-0 eventually scheduled on node worker-3
    When 4 seconds pass
    And I run "kubectl get pods,pvc,pv"
    And I run "kubectl scale sts db --replicas=1"
    And 2 seconds pass
    And I run "kubectl get pvc"
    And I run "kubectl delete sts db"
    And 4 seconds pass
    And I run "kubectl get pvc,pv"
    And I run "kubectl get pv ebb3-1 -o jsonpath='{.status.phase} {.status.message} {.metadata.finalizers}'"
    And I run "kubectl delete pv ebb3-1"
    And I run "kubectl delete sc ebb3"

  @shared-cluster
  Scenario: Gates, deadlines and names of nodes in a deployment
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: gated}
      spec:
        replicas: 2
        progressDeadlineSeconds: 5
        selector: {matchLabels: {app: gated}}
        template:
          metadata: {labels: {app: gated}}
          spec: {terminationGracePeriodSeconds: 1, schedulingGates: [{name: example.com/a}, {name: example.com/b}], containers: [{name: app, image: "example.com/ebb4/app:1"}]}
      """
    And 7 seconds pass
    And I run "kubectl get deployment,pods"
    And I run "kubectl rollout status deployment gated"
    And I run "kubectl get deployment gated -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason};{end}'"
    And I run "kubectl get pods -o jsonpath='{.items[*].status.conditions[0].reason} {.items[0].spec.schedulingGates}'"
    And I run "kubectl patch deployment gated --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/template/spec/schedulingGates\"}]'"
    Then deployment gated eventually has 2 available replicas
    When I run "kubectl describe deployment gated"
    And I run "kubectl patch deployment gated -p '{\"spec\":{\"template\":{\"spec\":{\"nodeName\":\"worker-9\"}}}}'"
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl rollout undo deployment gated"
    And 3 seconds pass
    And I run "kubectl get deployment gated"

  @shared-cluster
  Scenario: Labels and annotations of pods that the cluster itself writes and reads
    When I run "kubectl create deployment web --image=example.com/ebb6/web:1 --replicas=3"
    Then deployment web eventually has 3 available replicas
    When I run:
      """
      kubectl annotate pods -l app=web controller.kubernetes.io/pod-deletion-cost=x
      kubectl annotate pods -l app=web controller.kubernetes.io/pod-deletion-cost=010
      kubectl annotate pods -l app=web controller.kubernetes.io/pod-deletion-cost=-5
      kubectl label pods -l app=web pod-template-hash=other --overwrite
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pods --show-labels
      kubectl get rs
      kubectl delete pods -l pod-template-hash=other
      kubectl annotate deployment web deployment.kubernetes.io/revision=7 --overwrite
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get deployment web -o jsonpath='{.metadata.annotations}'
      kubectl annotate rs -l app=web deployment.kubernetes.io/desired-replicas=9 --overwrite
      kubectl set env deployment web A=1
      kubectl rollout status deployment web --timeout=40s
      kubectl get rs -o jsonpath='{range .items[*]}{.metadata.annotations}{"; "}{end}'
      kubectl rollout history deployment web
      """
