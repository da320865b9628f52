Feature: Workloads with what is seldom set, and rollouts that meet trouble

  Background:
    Given a cluster with 2 nodes
    And each node has 2 cpu and 4Gi memory

  @shared-cluster
  Scenario: A set keeps its claims through a rollback, and a pod that fails is tried again
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 3
        podManagementPolicy: Parallel
        minReadySeconds: 2
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}, annotations: {behaviour.kscenario.dev/db: "{term: {after: 1s, code: 0}}"}}
          spec: {terminationGracePeriodSeconds: 5, containers: [{name: db, image: "example.com/worktide1/db:1", readinessProbe: {exec: {command: [c]}, periodSeconds: 1}}]}
      """
    Then statefulset db eventually has 3 available replicas
    When I run "kubectl patch sts db -p '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"behaviour.kscenario.dev/db\":\"{exit: {after: 1s, code: 1}}\"}},\"spec\":{\"containers\":[{\"name\":\"db\",\"image\":\"example.com/worktide1/db:2\"}]}}}}'"
    And 8 seconds pass
    And I run "kubectl get sts db -o jsonpath='{.status.updatedReplicas} {.status.currentRevision} {.status.updateRevision}'"
    And I run "kubectl scale sts db --replicas=4"
    And 3 seconds pass
    And I run "kubectl rollout undo sts db"
    And I run "kubectl delete pod db-2 --grace-period=1"
    And 12 seconds pass
    And I run "kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image"
    And I run "kubectl get controllerrevisions -o custom-columns=REVISION:.revision"
    And I run "kubectl rollout history sts db"

  @shared-cluster
  Scenario: A deployment is pinned, and its quota is used up by the surge
    When I run "kubectl create quota pods --hard=pods=3"
    And I run "kubectl create deployment web --image=example.com/worktide2/web:1 --replicas=3"
    Then deployment web eventually has 3 available replicas
    When I run "kubectl set image deployment web web=example.com/worktide2/web:2"
    And 6 seconds pass
    And I run "kubectl get deployment,rs"
    And I run "kubectl describe quota pods"
    And I run "kubectl get events --field-selector reason=FailedCreate -o custom-columns=KIND:.involvedObject.kind,MESSAGE:.message"
    And I run "kubectl patch deployment web -p '{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxSurge\":0,\"maxUnavailable\":1}}}}'"
    And I run "kubectl rollout status deployment web --timeout=60s"
    And I run "kubectl get deployment web -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason};{end}'"
    And I run "kubectl get quota"

  @shared-cluster
  Scenario: A CronJob is edited between two minutes
    When I apply:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tick}
      spec:
        schedule: "* * * * *"
        concurrencyPolicy: Forbid
        successfulJobsHistoryLimit: 1
        failedJobsHistoryLimit: 0
        startingDeadlineSeconds: 30
        jobTemplate:
          metadata: {labels: {from: tick}}
          spec:
            ttlSecondsAfterFinished: 500
            backoffLimit: 0
            template:
              metadata: {annotations: {behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 0}}"}}
              spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/worktide4/app:1"}]}
      """
    And 62 seconds pass
    And I run "kubectl get cronjob tick -o jsonpath='{.status.active[*].kind} {.spec.suspend}'"
    And I run "kubectl patch cronjob tick -p '{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"behaviour.kscenario.dev/app\":\"{exit: {after: 1s, code: 1}}\"}}}}}}}'"
    And 61 seconds pass
    And I run "kubectl get jobs"
    And I run "kubectl describe cronjob tick"
    And I run "kubectl patch cronjob tick -p '{\"spec\":{\"suspend\":true}}'"
    And I run "kubectl get cronjob tick"
    And I run "kubectl delete cronjob tick --cascade=orphan"
    And I run "kubectl get jobs -o jsonpath='{.items[*].metadata.ownerReferences}'"

  @shared-cluster
  Scenario: A DaemonSet with surge, host ports and nodes that are cordoned
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        minReadySeconds: 1
        updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/worktide5/agent:1"}]}
      """
    Then daemonset agent eventually has 2 available replicas
    When I run "kubectl cordon worker-2"
    And I run "kubectl set image ds agent agent=example.com/worktide5/agent:2"
    And 12 seconds pass
    And I run:
      """
      kubectl get ds agent
      kubectl get pods -o custom-columns=NODE:.spec.nodeName,IMAGE:.spec.containers[0].image --sort-by=.spec.nodeName
      kubectl patch ds agent -p '{"spec":{"template":{"spec":{"containers":[{"name":"agent","ports":[{"containerPort":80,"hostPort":8080}]}]}}}}'
      kubectl patch ds agent -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":1}}}}'
      kubectl patch ds agent -p '{"spec":{"template":{"spec":{"containers":[{"name":"agent","ports":[{"containerPort":80,"hostPort":8080}]}]}}}}'
      """
    And 10 seconds pass
    And I run "kubectl get ds agent -o jsonpath='{.status}'"
    And I run "kubectl uncordon worker-2"
    And I run "kubectl describe ds agent"
    And I run "kubectl get pods -o jsonpath='{.items[0].spec.tolerations}'"

  @shared-cluster
  Scenario: Evictions one at a time, and what a drain says of pods that will not go
    When I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}, annotations: {behaviour.kscenario.dev/web: "{exec: [{from: 0s, code: 1}, {from: 4s, code: 0}]}"}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/worktide6/web:1", readinessProbe: {exec: {command: [c]}, periodSeconds: 1}}]}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {minAvailable: 2, unhealthyPodEvictionPolicy: IfHealthyBudget, selector: {matchLabels: {app: web}}}
      """
    And 2 seconds pass
    And I run "kubectl get pdb web"
    And I run "kubectl drain worker-1 --timeout=3s"
    Then pods labelled app=web eventually Ready
    When I run "kubectl get pdb web -o jsonpath='{.status}'"
    And I run "kubectl drain worker-2 --timeout=60s"
    And I run "kubectl describe pdb web"
    And I run "kubectl uncordon worker-1 worker-2"
    And 8 seconds pass
    And I run "kubectl patch pdb web --type=merge -p '{\"spec\":{\"minAvailable\":\"100%\"}}'"
    And 1 second passes
    And I run "kubectl get pdb web -o wide"
    And I run "kubectl drain worker-1 --timeout=2s --pod-selector=app=other"
    And I run "kubectl drain worker-1 --timeout=6s"
    And I run "kubectl uncordon worker-1"

  @shared-cluster
  Scenario: Two autoscalers fight, and one is paused by zero
    When I run "kubectl create deployment web --image=example.com/worktide7/web:1 --replicas=1"
    And I run "kubectl autoscale deployment web --name=low --min=2 --max=3"
    And 17 seconds pass
    And I run "kubectl get hpa,deployment"
    And I run "kubectl autoscale deployment web --name=high --min=4 --max=6"
    And 32 seconds pass
    And I run "kubectl get deployment web"
    And I run "kubectl describe hpa low"
    And I run "kubectl delete hpa high"
    And I run "kubectl scale deployment web --replicas=0"
    And 17 seconds pass
    And I run "kubectl get hpa low -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason} {.message};{end}'"
    And I run "kubectl get events --field-selector involvedObject.kind=HorizontalPodAutoscaler -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message"
