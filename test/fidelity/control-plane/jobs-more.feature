Feature: Jobs that replace, succeed early, are deleted and scaled

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: successPolicy by count ends the pods that are left
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: race}
      spec:
        completionMode: Indexed
        completions: 4
        parallelism: 2
        successPolicy: {rules: [{succeededIndexes: "0-2", succeededCount: 2}]}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 2s, code: 0}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/race:1"}]}
      """
    Then job race eventually Complete
    When 3 seconds pass
    And I run "kubectl get job race"
    And I run "kubectl describe job race"
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: podReplacementPolicy Failed waits for the end of a pod that is deleted
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: slow}
      spec:
        podReplacementPolicy: Failed
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{term: {after: 3s, code: 1}}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 10, containers: [{name: app, image: "example.com/slow:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: quick}
      spec:
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{term: {after: 3s, code: 1}}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 10, containers: [{name: app, image: "example.com/slow:1"}]}
      """
    Then pods labelled job-name=slow eventually Running
    And pods labelled job-name=quick eventually Running
    When I run "kubectl delete pods --all --wait=false"
    And 1 second passes
    And I run "kubectl get jobs -o custom-columns=NAME:.metadata.name,ACTIVE:.status.active,TERMINATING:.status.terminating"
    And 18 seconds pass
    And I run "kubectl get jobs,pods"
    And I run "kubectl describe job slow"

  @shared-cluster
  Scenario: Parallelism up, down and zero, and a work queue without completions
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: queue}
      spec:
        parallelism: 2
        template:
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/queue:1"}]}
      """
    Then 2 pods labelled job-name=queue eventually Running
    When I run "kubectl patch job queue --type=merge -p '{\"spec\":{\"parallelism\":4}}'"
    Then 4 pods labelled job-name=queue eventually Running
    When I run "kubectl get job queue"
    And I run "kubectl patch job queue --type=merge -p '{\"spec\":{\"parallelism\":1}}'"
    Then job queue eventually has field .status.active "1"
    And 1 pods labelled job-name=queue eventually Running
    When I run "kubectl patch job queue --type=merge -p '{\"spec\":{\"parallelism\":0}}'"
    Then pods labelled job-name=queue eventually gone
    When I run "kubectl describe job queue"
    And I run "kubectl delete job queue"

  @shared-cluster
  Scenario: A job is deleted without its pods, and one that is refused
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: left}
      spec:
        template:
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/left:1"}]}
      """
    Then pods labelled job-name=left eventually Running
    When I run "kubectl delete job left --cascade=orphan"
    And 2 seconds pass
    And I run "kubectl get pods -o custom-columns=OWNERS:.metadata.ownerReferences[*].kind,FINALIZERS:.metadata.finalizers[*]"
    And I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: wrong}
      spec:
        backoffLimitPerIndex: 1
        maxFailedIndexes: 2
        podReplacementPolicy: TerminatingOrFailed
        podFailurePolicy:
          rules: [{action: FailIndex, onExitCodes: {operator: In, values: [0]}}]
        successPolicy: {rules: [{succeededCount: 2}]}
        template:
          spec: {restartPolicy: OnFailure, containers: [{name: app, image: "example.com/left:1"}]}
      """
    And I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: always}
      spec:
        completionMode: Indexed
        template:
          spec: {restartPolicy: Always, containers: [{name: app, image: "example.com/left:1"}]}
      """
    And I run "kubectl create job one --image=example.com/one:1 -- sh -c true"
    And I run "kubectl patch job one --type=merge -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"one\",\"image\":\"example.com/two:1\"}]}}}}'"
    And I run "kubectl patch job one --type=merge -p '{\"spec\":{\"completionMode\":\"Indexed\"}}'"
    And I run "kubectl patch job one --type=merge -p '{\"spec\":{\"backoffLimit\":2,\"activeDeadlineSeconds\":300}}'"
