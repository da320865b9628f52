Feature: CronJobs that forbid, replace, are suspended and keep a history

  Background:
    Given a cluster with 1 nodes

  @shared-cluster
  Scenario: Forbid skips, Replace deletes, and the history is limited
    When I apply:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: alone}
      spec:
        schedule: "* * * * *"
        concurrencyPolicy: Forbid
        jobTemplate:
          spec:
            template:
              spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/tick:1"}]}
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: newest}
      spec:
        schedule: "* * * * *"
        concurrencyPolicy: Replace
        jobTemplate:
          spec:
            template:
              spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/tick:1"}]}
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: brief}
      spec:
        schedule: "* * * * *"
        timeZone: Europe/Berlin
        successfulJobsHistoryLimit: 0
        jobTemplate:
          spec:
            template:
              metadata: {annotations: {behaviour.kscenario.dev/app: "exit: {after: 2s, code: 0}"}}
              spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/tick:1"}]}
      """
    And 130 seconds pass
    And I run "kubectl get cronjobs"
    And I run "kubectl get jobs"
    And I run "kubectl describe cronjob alone"
    And I run "kubectl patch cronjob newest -p '{\"spec\":{\"suspend\":true}}'"
    And I run "kubectl delete cronjob alone"
    Then pods labelled batch.kubernetes.io/cronjob-name=alone eventually gone
    When I run "kubectl get cronjobs"

  @shared-cluster
  Scenario: Schedules, zones and names that are refused
    When I run "kubectl create cronjob bad --image=example.com/tick:1 --schedule='61 * * * *'"
    And I run "kubectl create cronjob bad --image=example.com/tick:1 --schedule='TZ=UTC 1 * * * *'"
    And I run "kubectl create cronjob bad --image=example.com/tick:1 --schedule='@every 1h'"
    And I run "kubectl create cronjob a-name-that-is-much-too-long-for-what-a-cronjob-may-have --image=example.com/tick:1 --schedule='1 * * * *'"
    And I run "kubectl create cronjob nightly --image=example.com/tick:1 --schedule='@daily' --restart=Never -- date"
    And I run "kubectl patch cronjob nightly -p '{\"spec\":{\"timeZone\":\"Mars/Base\"}}'"
    And I run "kubectl patch cronjob nightly -p '{\"spec\":{\"concurrencyPolicy\":\"Never\"}}'"
    And I run "kubectl patch cronjob nightly -p '{\"spec\":{\"startingDeadlineSeconds\":-1}}'"
    And I run "kubectl patch cronjob nightly -p '{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Always\"}}}}}}'"
    And I run "kubectl create job now --from=cronjob/nightly"
    And I run "kubectl create job none --from=cronjob/none"
    And I run "kubectl get job now -o yaml"
    And I run "kubectl get cronjob nightly -o wide"
    And 2 seconds pass
    And I run "kubectl describe cronjob nightly"
    And I run "kubectl delete cronjob nightly"
    Then job now eventually gone
    And pods labelled job-name=now eventually gone
