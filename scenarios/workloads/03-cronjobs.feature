@workloads
Feature: CronJobs start Jobs by the clock
  The cluster's clock starts at midnight UTC unless a scenario says otherwise, so five-minute schedules are due at 00:05, 00:10 and so on.

  Background:
    Given a cluster with 1 node

  Scenario: A Job each five minutes, side by side when they take longer
    When I apply "manifests/report.yaml"
    And 11 minutes pass
    Then cronjob report has field .status.active[*].kind "Job Job"
    And cronjob report has event SuccessfulCreate

  Scenario: Forbid leaves out what would overlap
    When I apply "manifests/report.yaml"
    And I patch cronjob report:
      """yaml
      { spec: { concurrencyPolicy: "Forbid" } }
      """
    And 11 minutes pass
    Then cronjob report has event JobAlreadyActive
    And cronjob report has field .status.active[*].kind "Job"

  Scenario: Replace ends the old Job for the new one
    When I apply "manifests/report.yaml"
    And I patch cronjob report:
      """yaml
      { spec: { concurrencyPolicy: "Replace" } }
      """
    And 11 minutes pass
    Then cronjob report has event SuccessfulDelete
    And cronjob report has field .status.active[*].kind "Job"

  Scenario: Suspended, it starts nothing, and makes up for the last start alone
    When I apply "manifests/report.yaml"
    And I patch cronjob report:
      """yaml
      { spec: { suspend: true } }
      """
    And 32 minutes pass
    Then cronjob report has no event SuccessfulCreate
    When I patch cronjob report:
      """yaml
      { spec: { suspend: false } }
      """
    Then cronjob report eventually has field .status.active[0].kind "Job" within 5s
    And cronjob report has field .status.active[*].kind "Job"

  Scenario: While the controller manager is down nothing is started; back, it makes up for the last start
    Given the manifest "manifests/report.yaml" is applied
    When kube-controller-manager goes down
    And 12 minutes pass
    Then cronjob report has no event SuccessfulCreate
    When kube-controller-manager comes back
    Then cronjob report eventually has field .status.active[0].kind "Job" within 1m
    And cronjob report has field .status.active[*].kind "Job"

  Scenario: A schedule in a time zone
    When I apply:
      """yaml
      apiVersion: batch/v1
      kind: CronJob
      metadata: { name: morning }
      spec:
        schedule: "30 9 * * *"
        timeZone: Asia/Kolkata
        jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: app, image: "bookstore/report:1" }] } } } }
      """
    And 1 day passes
    Then jobs eventually Complete
    And cronjob morning has field .status.lastScheduleTime "2026-01-01T04:00:00Z"

  Scenario: Of the Jobs that are over the oldest goes first, whatever its name
    Given the manifest "manifests/report.yaml" is applied
    And I patch cronjob report:
      """yaml
      { spec: { successfulJobsHistoryLimit: 1 } }
      """
    And 6 minutes pass
    When I run "kubectl create job by-hand --from=cronjob/report"
    And I patch cronjob report:
      """yaml
      { spec: { suspend: true } }
      """
    Then job by-hand eventually Complete within 10 minutes
    And cronjob report eventually has event SuccessfulDelete
    When I run "kubectl get jobs -o name"
    Then the last command prints exactly "job.batch/by-hand"
