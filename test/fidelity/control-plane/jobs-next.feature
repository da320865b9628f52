Feature: Jobs that count failures by index, by reason and by time

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: backoffLimitPerIndex lets one index fail and the others end
    When I run "kubectl cordon worker-1"
    And I run "kubectl cordon worker-2"
    And I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: parts}
      spec:
        completionMode: Indexed
        completions: 3
        parallelism: 3
        backoffLimitPerIndex: 0
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 1s, code: 0}"}}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/part:1"}]}
      """
    Then 3 pods labelled job-name=parts eventually Pending
    When I run "kubectl annotate pods -l batch.kubernetes.io/job-completion-index=1 --overwrite 'behaviour.kscenario.dev/app=exit: {after: 1s, code: 7}'"
    And I run "kubectl uncordon worker-1 worker-2"
    Then job parts eventually has condition Failed=True with reason FailedIndexes
    When 2 seconds pass
    And I run "kubectl get job parts"
    And I run "kubectl describe job parts"
    And I run "kubectl get pods -l job-name=parts --sort-by=.metadata.name"

  @shared-cluster
  Scenario: backoffLimitPerIndex retries each index by itself up to maxFailedIndexes
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: bad}
      spec:
        completionMode: Indexed
        completions: 4
        parallelism: 2
        backoffLimitPerIndex: 1
        maxFailedIndexes: 1
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 1s, code: 3}"}}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/part:1"}]}
      """
    Then job bad eventually has condition Failed=True with reason MaxFailedIndexesExceeded within 2m
    When 3 seconds pass
    And I run "kubectl get job bad -o jsonpath='{.status.failedIndexes} {.status.failed} {.spec.backoffLimit}'"
    And I run "kubectl describe job bad"
    And I run "kubectl get pods -l job-name=bad -o custom-columns=INDEX:.metadata.annotations.batch\.kubernetes\.io/job-completion-index,FAILED:.metadata.annotations.batch\.kubernetes\.io/job-index-failure-count"

  @shared-cluster
  Scenario: podFailurePolicy with FailIndex, Ignore and Count
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: rules}
      spec:
        completionMode: Indexed
        completions: 2
        parallelism: 2
        backoffLimitPerIndex: 3
        podFailurePolicy:
          rules:
          - action: FailIndex
            onExitCodes: {operator: In, values: [42]}
          - action: Ignore
            onPodConditions: [{type: DisruptionTarget}]
          - action: Count
            onExitCodes: {operator: NotIn, values: [0, 42]}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 2s, code: 42}"}}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/part:1"}]}
      """
    Then job rules eventually has condition Failed=True with reason FailedIndexes
    When I run "kubectl describe job rules"
    And I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: moved}
      spec:
        backoffLimit: 0
        podFailurePolicy:
          rules:
          - action: Ignore
            onPodConditions: [{type: DisruptionTarget}]
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 12s, code: 0}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/part:1"}]}
      """
    Then pods labelled job-name=moved eventually Running
    When I run "kubectl drain worker-1 worker-2 --force"
    And I run "kubectl uncordon worker-1 worker-2"
    Then job moved eventually Complete
    When I run "kubectl get job moved"
    And I run "kubectl get pods -l job-name=moved"

  @shared-cluster
  Scenario: Suspended in the middle, resumed, and gone after its time
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: long}
      spec:
        completions: 2
        parallelism: 2
        ttlSecondsAfterFinished: 4
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 6s, code: 0}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/long:1"}]}
      """
    Then 2 pods labelled job-name=long eventually Running
    When I run "kubectl patch job long --type=merge -p '{\"spec\":{\"suspend\":true}}'"
    Then pods labelled job-name=long eventually gone
    When I run "kubectl get job long"
    And I run "kubectl patch job long --type=merge -p '{\"spec\":{\"parallelism\":1}}'"
    And I run "kubectl patch job long --type=merge -p '{\"spec\":{\"completions\":3}}'"
    And I run "kubectl patch job long --type=merge -p '{\"spec\":{\"suspend\":false}}'"
    Then job long eventually Complete
    When I run "kubectl describe job long"
    Then job long eventually gone
    And pods labelled job-name=long eventually gone
