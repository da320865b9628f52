Feature: Work that ends

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Each index has its own number of tries
    Given I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: shards}
      spec:
        completionMode: Indexed
        completions: 3
        parallelism: 3
        backoffLimitPerIndex: 0
        template:
          metadata: {annotations: {behaviour.kscenario.dev/shard: "exit: {after: 2s, code: 1}"}}
          spec: {restartPolicy: Never, containers: [{name: shard, image: "example.com/jobs1/shard:1"}]}
      """
    Then job shards eventually has condition Failed=True with reason FailedIndexes
    When I run "kubectl get job shards"
    And I run "kubectl describe job shards"
    And I run "kubectl get job shards -o jsonpath='{.status.failedIndexes} {.status.completedIndexes} {.status.failed}'"

  @shared-cluster
  Scenario: Success is declared when the leader is done
    Given I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: mpi}
      spec:
        completionMode: Indexed
        completions: 3
        parallelism: 3
        successPolicy: {rules: [{succeededIndexes: "0-1", succeededCount: 2}]}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/rank: "exit: {after: 3s, code: 0}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: rank, image: "example.com/jobs2/rank:1"}]}
      """
    Then job mpi eventually Complete
    When I run "kubectl get job mpi -o wide"
    And I run "kubectl get job mpi -o jsonpath='{.status.conditions[*].type} {.status.succeeded}'"
    And I run "kubectl delete job mpi"
    Then pods labelled job-name=mpi eventually gone

  @shared-cluster
  Scenario: A bad exit code ends it, a drained node does not
    Given I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: render}
      spec:
        backoffLimit: 2
        podFailurePolicy:
          rules:
          - {action: Ignore, onPodConditions: [{type: DisruptionTarget}]}
          - {action: FailJob, onExitCodes: {containerName: render, operator: In, values: [42]}}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/render: "{exit: {after: 6s, code: 42}, term: {after: 0s, code: 143}}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, nodeSelector: {kubernetes.io/hostname: worker-1}, containers: [{name: render, image: "example.com/jobs3/render:1"}]}
      """
    Then 1 pods labelled job-name=render eventually Running
    When I run "kubectl drain worker-1 --timeout=30s"
    And I run "kubectl uncordon worker-1"
    And I run "kubectl get job render -o jsonpath='{.status.failed} {.status.active}'"
    Then job render eventually has condition Failed=True with reason PodFailurePolicy
    When I run "kubectl describe job render"
    And I run "kubectl get pods -l job-name=render"

  @shared-cluster
  Scenario: Suspended at birth, woken, put to sleep and woken
    Given I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: nap}
      spec:
        suspend: true
        parallelism: 2
        completions: 2
        template:
          metadata: {annotations: {behaviour.kscenario.dev/nap: "exit: {after: 5s, code: 0}"}}
          spec: {restartPolicy: OnFailure, terminationGracePeriodSeconds: 1, containers: [{name: nap, image: "example.com/jobs4/nap:1"}]}
      """
    Then job nap eventually has condition Suspended=True with reason JobSuspended
    When I run "kubectl patch job nap --type=strategic -p '{\"spec\":{\"suspend\":false}}'"
    Then 2 pods labelled job-name=nap eventually Running
    When I run "kubectl patch job nap --type=strategic -p '{\"spec\":{\"suspend\":true}}'"
    Then pods labelled job-name=nap eventually gone
    When I run "kubectl get job nap"
    And I run "kubectl patch job nap --type=strategic -p '{\"spec\":{\"suspend\":false}}'"
    Then job nap eventually Complete
    When I run "kubectl describe job nap"

  @shared-cluster
  Scenario: Finished work is swept away
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: sweep}
      spec:
        ttlSecondsAfterFinished: 4
        activeDeadlineSeconds: 5
        template:
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: sweep, image: "example.com/jobs5/sweep:1"}]}
      """
    Then job sweep eventually has condition Failed=True with reason DeadlineExceeded
    When I run "kubectl get jobs"
    Then job sweep eventually gone
    And pods labelled job-name=sweep eventually gone
    When I run "kubectl create job quick --image=example.com/jobs5/quick:1 --dry-run=client -o yaml -- date"
    And I run "kubectl create job --from=cronjob/none manual"
    Then the last command fails

  @shared-cluster
  Scenario: Tries are exhausted with a container that restarts in place
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: stub}
      spec:
        backoffLimit: 1
        template:
          metadata: {annotations: {behaviour.kscenario.dev/stub: "exit: {after: 1s, code: 7}"}}
          spec: {restartPolicy: OnFailure, terminationGracePeriodSeconds: 1, containers: [{name: stub, image: "example.com/jobs6/stub:1"}]}
      """
    Then job stub eventually Failed within 90s
    When 2 seconds pass
    And I run "kubectl get jobs,pods"
    And I run "kubectl describe job stub"
