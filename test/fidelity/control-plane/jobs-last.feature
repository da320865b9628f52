Feature: Jobs that grow, restart in place by index, are managed by others and end in odd ways

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: An Indexed job is made larger and smaller while it runs
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: elastic}
      spec:
        completionMode: Indexed
        completions: 2
        parallelism: 2
        template:
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/part:1"}]}
      """
    Then 2 pods labelled job-name=elastic eventually Running
    When I run "kubectl patch job elastic --type=merge -p '{\"spec\":{\"completions\":4}}'"
    And I run "kubectl patch job elastic --type=merge -p '{\"spec\":{\"completions\":4,\"parallelism\":4}}'"
    Then 4 pods labelled job-name=elastic eventually Running
    When I run "kubectl get pods -l job-name=elastic --sort-by=.metadata.name -o custom-columns=HOST:.spec.hostname"
    And I run "kubectl patch job elastic --type=merge -p '{\"spec\":{\"completions\":1,\"parallelism\":1}}'"
    Then 1 pods labelled job-name=elastic eventually Running
    When 2 seconds pass
    And I run "kubectl get pods -l job-name=elastic --sort-by=.metadata.name -o custom-columns=HOST:.spec.hostname"
    And I run "kubectl describe job elastic"

  @shared-cluster
  Scenario: With OnFailure and a limit per index a container restarts in its place
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: again}
      spec:
        completionMode: Indexed
        completions: 2
        parallelism: 2
        backoffLimitPerIndex: 1
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 1s, code: 1, times: 1}"}}
          spec: {restartPolicy: OnFailure, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/part:1"}]}
      """
    And 8 seconds pass
    And I run "kubectl get job again"
    And I run "kubectl get pods -l job-name=again"
    And I run "kubectl get job again -o jsonpath='{.status}'"

  @shared-cluster
  Scenario: A pod without its label is replaced, one that somebody deletes counts as failed
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: two}
      spec:
        completions: 2
        parallelism: 2
        backoffLimit: 3
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 9s, code: 0}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/two:1"}]}
      """
    Then 2 pods labelled job-name=two eventually Running
    When I run "kubectl delete pods -l job-name=two --wait=false"
    And 3 seconds pass
    And I run "kubectl get job two -o jsonpath='{.status.active} {.status.failed} {.status.terminating}'"
    Then job two eventually Complete
    When I run "kubectl get job two"
    And I run "kubectl describe job two"

  @shared-cluster
  Scenario: Somebody else manages a job, and a deadline passes while pods cannot be scheduled
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: nowhere}
      spec:
        activeDeadlineSeconds: 4
        backoffLimit: 2
        template:
          spec: {restartPolicy: Never, nodeSelector: {is: nowhere}, containers: [{name: app, image: "example.com/two:1"}]}
      """
    Then job nowhere eventually has condition Failed=True with reason DeadlineExceeded
    When 2 seconds pass
    And I run "kubectl get job nowhere"
    And I run "kubectl describe job nowhere"
    And I run "kubectl get pods"
