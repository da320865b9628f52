Feature: Jobs as a course runs them

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A batch of shards, one of which is bad, and what is told of it
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: shards, labels: {team: data}}
      spec:
        completionMode: Indexed
        completions: 4
        parallelism: 2
        backoffLimitPerIndex: 1
        maxFailedIndexes: 2
        podReplacementPolicy: Failed
        podFailurePolicy:
          rules:
          - action: FailIndex
            onExitCodes: {operator: In, values: [3]}
        template:
          metadata:
            annotations: {behaviour.kscenario.dev/app: "exit: {after: 2s, code: 3}"}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/shard:1"}]}
      """
    And I run "kubectl wait --for=condition=Failed job/shards --timeout=60s"
    Then the last command succeeds
    And job shards eventually Failed
    When I run:
      """
      kubectl get job shards
      kubectl get job shards -o wide
      kubectl get jobs -l team=data -o jsonpath='{range .items[*]}{.status.failedIndexes}{"/"}{.status.failed}{"/"}{.status.conditions[*].reason}{"\n"}{end}'
      kubectl describe job shards
      kubectl get pods -l job-name=shards -o custom-columns=INDEX:.metadata.labels.batch\.kubernetes\.io/job-completion-index,PHASE:.status.phase --sort-by=.metadata.labels.batch\.kubernetes\.io/job-completion-index
      """

  @shared-cluster
  Scenario: A suspended job is given another place, then it runs
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: later}
      spec:
        suspend: true
        completions: 2
        parallelism: 2
        template:
          metadata:
            annotations: {behaviour.kscenario.dev/app: "exit: {after: 3s, code: 0}"}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/later:1"}]}
      """
    Then job later eventually has condition Suspended=True with reason JobSuspended
    When I run:
      """
      kubectl get job later
      kubectl get pods
      kubectl patch job later -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker-2"}}}}}'
      kubectl patch job later -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"example.com/later:2"}]}}}}'
      kubectl patch job later -p '{"spec":{"template":{"metadata":{"labels":{"extra":"yes"}}}}}'
      kubectl patch job later -p '{"spec":{"completions":3}}'
      kubectl patch job later -p '{"spec":{"suspend":false}}'
      """
    Then job later eventually Complete
    When I run:
      """
      kubectl get job later
      kubectl get pods -o wide -l extra=yes
      kubectl get job later -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}{"\n"}{end}'
      kubectl describe job later
      kubectl patch job later -p '{"spec":{"suspend":true}}'
      kubectl patch job later -p '{"spec":{"parallelism":5}}'
      kubectl get events --field-selector involvedObject.kind=Job --sort-by=.lastTimestamp -o custom-columns=REASON:.reason,MESSAGE:.message
      kubectl delete job later --cascade=orphan
      kubectl get pods -l job-name=later -o jsonpath='{.items[*].metadata.ownerReferences}'
      """

  @shared-cluster
  Scenario: Work with a sidecar that outlives it, and a leader that decides
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: vote}
      spec:
        completionMode: Indexed
        completions: 3
        parallelism: 3
        successPolicy: {rules: [{succeededIndexes: "1-2", succeededCount: 1}]}
        template:
          metadata:
            annotations:
              behaviour.kscenario.dev/app: "exit: {after: 4s, code: 0}"
              behaviour.kscenario.dev/mesh: "{term: {after: 1s}}"
          spec:
            restartPolicy: Never
            initContainers: [{name: mesh, image: "example.com/mesh:1", restartPolicy: Always}]
            containers: [{name: app, image: "example.com/vote:1"}]
      """
    And I run "kubectl get job vote"
    Then job vote eventually has condition SuccessCriteriaMet=True
    And job vote eventually Complete
    When 5 seconds pass
    And I run:
      """
      kubectl describe job vote
      kubectl get job vote -o jsonpath='{.status.completedIndexes} {.status.succeeded} {.status.ready} {.status.active} {.status.terminating}'
      kubectl get pods --sort-by=.metadata.name
      """

  @shared-cluster
  Scenario: A job that is taken away in the foreground while its pods are slow to end
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: slow}
      spec:
        parallelism: 2
        completions: 2
        backoffLimit: 0
        template:
          metadata:
            annotations: {behaviour.kscenario.dev/app: "{term: {after: 4s}}"}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/slow:1"}]}
      """
    Then 2 pods labelled job-name=slow eventually Ready
    When I run:
      """
      kubectl get job slow
      kubectl delete job slow --cascade=foreground --wait=false
      kubectl get job slow -o jsonpath='{.metadata.finalizers} {.metadata.deletionTimestamp}'
      kubectl get pods -l job-name=slow
      kubectl describe job slow
      """
    Then job slow eventually gone
    And pods labelled job-name=slow eventually gone

  @shared-cluster
  Scenario: Scheduled work by hand, with a zone and a limit
    When I apply:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "30 6 * * 1-5"
        timeZone: Europe/Berlin
        concurrencyPolicy: Forbid
        startingDeadlineSeconds: 200
        successfulJobsHistoryLimit: 1
        failedJobsHistoryLimit: 0
        jobTemplate:
          metadata: {labels: {kind: report}}
          spec:
            ttlSecondsAfterFinished: 3
            backoffLimit: 1
            template:
              metadata:
                annotations: {behaviour.kscenario.dev/app: "exit: {after: 1s, code: 1}"}
              spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/report:1"}]}
      """
    And I run:
      """
      kubectl get cronjob report
      kubectl get cj report -o wide
      kubectl describe cronjob report
      kubectl create job manual --from=cronjob/report
      kubectl create job manual --from=cronjob/report
      kubectl create job other --from=cronjob/none
      kubectl create job third --image=example.com/third:1 --from=cronjob/report
      kubectl get job manual -o jsonpath='{.metadata.annotations} {.metadata.labels} {.metadata.ownerReferences[0].kind}'
      kubectl patch cronjob report -p '{"spec":{"suspend":true}}'
      kubectl patch cronjob report -p '{"spec":{"schedule":"61 * * * *"}}'
      kubectl patch cronjob report -p '{"spec":{"timeZone":"Mars/Base"}}'
      kubectl patch cronjob report -p '{"spec":{"schedule":"TZ=UTC 1 * * * *"}}'
      kubectl get cronjobs
      """
    Then job manual eventually gone
    When I run "kubectl get cronjob report -o jsonpath='{.status}'"
    And I run "kubectl delete cronjob report"
    Then cronjob report eventually gone
