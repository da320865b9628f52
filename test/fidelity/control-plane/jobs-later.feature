Feature: Work that is changed under way

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Suspended while pods fail, and its count begins anew
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: flaky}
      spec:
        backoffLimit: 3
        completions: 2
        parallelism: 2
        template:
          metadata: {annotations: {behaviour.kscenario.dev/flaky: "exit: {after: 1s, code: 3}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: flaky, image: "example.com/later1/flaky:1"}]}
      """
    Then job flaky eventually has field .status.failed "2"
    When I run "kubectl patch job flaky --type=merge -p '{\"spec\":{\"suspend\":true}}'"
    And 3 seconds pass
    And I run "kubectl get job flaky -o jsonpath='{.status.failed} {.status.active} {.status.startTime} {.status.conditions[*].type}'"
    And I run "kubectl get job flaky"
    And I run "kubectl patch job flaky --type=merge -p '{\"spec\":{\"suspend\":false}}'"
    Then job flaky eventually has condition Failed=True with reason BackoffLimitExceeded within 2m
    When I run "kubectl get job flaky -o jsonpath='{.status.conditions[*].type}'"
    And I run "kubectl get job flaky"

  @shared-cluster
  Scenario: Success by the first index while another fails and a third runs on
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: lead}
      spec:
        completionMode: Indexed
        completions: 3
        parallelism: 3
        backoffLimitPerIndex: 1
        successPolicy: {rules: [{succeededIndexes: "0"}, {succeededCount: 3}]}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/lead: "{exit: {after: 4s, code: 0}, term: {after: 2s, code: 143}}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 5, containers: [{name: lead, image: "example.com/later2/lead:1"}]}
      """
    Then job lead eventually has condition SuccessCriteriaMet=True with reason SuccessPolicy
    And job lead eventually Complete
    When I run "kubectl get job lead -o jsonpath='{.status.succeeded} {.status.completedIndexes} {.status.failed} {.status.failedIndexes} {.status.conditions[*].reason}'"
    And I run "kubectl describe job lead"

  @shared-cluster
  Scenario: Several rules about failures, the first that matches counts
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: rules}
      spec:
        completionMode: Indexed
        completions: 2
        parallelism: 2
        backoffLimitPerIndex: 2
        maxFailedIndexes: 2
        podFailurePolicy:
          rules:
          - {action: Ignore, onExitCodes: {operator: In, values: [9]}}
          - {action: FailIndex, onExitCodes: {containerName: main, operator: NotIn, values: [1, 2]}}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/main: "exit: {after: 1s, code: 7}"}}
          spec: {restartPolicy: Never, containers: [{name: main, image: "example.com/later3/main:1"}]}
      """
    Then job rules eventually has condition Failed=True with reason FailedIndexes
    When I run "kubectl get job rules -o jsonpath='{.status.failed} {.status.failedIndexes}'"
    And I run "kubectl get pods -l job-name=rules -o jsonpath='{.items[*].status.phase}'"
    And I run "kubectl patch job rules --type=merge -p '{\"spec\":{\"podFailurePolicy\":null}}'"
    Then the last command fails
    When I run "kubectl patch job rules --type=merge -p '{\"spec\":{\"completions\":3}}'"
    Then the last command fails

  @shared-cluster
  Scenario: A pod is deleted, and only replaced once it has failed; then the work is parallel
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: slow}
      spec:
        podReplacementPolicy: Failed
        completions: 3
        parallelism: 1
        template:
          metadata: {annotations: {behaviour.kscenario.dev/slow: "{exit: {after: 8s, code: 0}, term: {after: 3s, code: 143}}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 10, containers: [{name: slow, image: "example.com/later4/slow:1"}]}
      """
    Then job slow eventually has field .status.ready "1"
    When I run "kubectl delete pod -l job-name=slow --wait=false"
    And 1 second passes
    And I run "kubectl get job slow -o jsonpath='{.status.active} {.status.terminating} {.status.failed}'"
    Then job slow eventually has field .status.failed "1"
    When I run "kubectl patch job slow --type=merge -p '{\"spec\":{\"parallelism\":3}}'"
    Then job slow eventually Complete within 2m
    When I run "kubectl get job slow"
    And I run "kubectl get pods -l job-name=slow"
