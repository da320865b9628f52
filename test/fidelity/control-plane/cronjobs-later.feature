Feature: Work by the clock, missed and forbidden

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Two missed starts while it is suspended, and a deadline that is too short
    When I apply:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tick}
      spec:
        schedule: "* * * * *"
        timeZone: Etc/UTC
        startingDeadlineSeconds: 100
        concurrencyPolicy: Forbid
        jobTemplate:
          spec:
            template:
              spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: tick, image: "example.com/later1/tick:1"}]}
      """
    Then cronjob tick eventually has field .status.active[0].kind "Job" within 90s
    When I run "kubectl get jobs"
    And 62 seconds pass
    And I run "kubectl get jobs"
    And I run "kubectl get cronjob tick"
    And I run "kubectl patch cronjob tick -p '{\"spec\":{\"concurrencyPolicy\":\"Allow\"}}'"
    And 3 seconds pass
    And I run "kubectl get cronjob tick -o jsonpath='{.status.active[*].kind}'"
    And I run "kubectl patch cronjob tick -p '{\"spec\":{\"suspend\":true}}'"
    And I run "kubectl delete cronjob tick --cascade=foreground"
    And 2 seconds pass
    And I run "kubectl get jobs,pods"
