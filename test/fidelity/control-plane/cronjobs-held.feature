Feature: Work by the clock

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A nightly job is started by hand, then suspended and resumed
    Given I run "kubectl create cronjob nightly --image=example.com/cronjobs1/nightly:1 --schedule='30 2 * * *' -- backup"
    When I run "kubectl get cronjob nightly"
    And I run "kubectl create job by-hand --from=cronjob/nightly"
    Then pods labelled job-name=by-hand eventually Running
    When I run "kubectl patch cronjob nightly -p '{\"spec\":{\"suspend\":true}}'"
    And I run "kubectl get cj"
    And I run "kubectl describe cronjob nightly"
    And I run "kubectl delete job by-hand --cascade=foreground"
    Then job by-hand gone
    When I run "kubectl patch cronjob nightly -p '{\"spec\":{\"schedule\":\"61 * * * *\"}}'"
    Then the last command fails
    When I run "kubectl delete cronjob nightly"

  @shared-cluster
  Scenario: Every minute, and one is enough of each outcome
    Given I apply:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tick}
      spec:
        schedule: "* * * * *"
        concurrencyPolicy: Allow
        successfulJobsHistoryLimit: 1
        jobTemplate:
          spec:
            template:
              metadata: {annotations: {behaviour.kscenario.dev/tick: "exit: {after: 2s, code: 0}"}}
              spec: {restartPolicy: Never, containers: [{name: tick, image: "example.com/cronjobs2/tick:1"}]}
      """
    When 2 minutes pass
    And 10 seconds pass
    And I run "kubectl get cronjob tick -o jsonpath='{.spec.successfulJobsHistoryLimit} {.spec.suspend}'"
    And I run "kubectl get jobs -o custom-columns=OWNER:.metadata.ownerReferences[*].name,DONE:.status.succeeded"
    And I run "kubectl delete cronjob tick"
    And 2 seconds pass
    And I run "kubectl get jobs,pods"
