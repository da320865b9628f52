Feature: Jobs whose fields change, and rules that compete

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A drained pod is counted, ignored, and the end
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: counted}
      spec:
        backoffLimit: 1
        podFailurePolicy:
          rules:
            - {action: Count, onPodConditions: [{type: DisruptionTarget}]}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{exit: {after: 60s, code: 0}, term: {after: 1s, code: 143}}"}}
          spec: {restartPolicy: Never, nodeSelector: {kubernetes.io/hostname: worker-2}, terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/jobtwave2/app:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: ended}
      spec:
        podFailurePolicy:
          rules:
            - {action: Ignore, onExitCodes: {containerName: app, operator: NotIn, values: [1, 143]}}
            - {action: FailJob, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{exit: {after: 60s, code: 0}, term: {after: 1s, code: 143}}"}}
          spec: {restartPolicy: Never, nodeSelector: {kubernetes.io/hostname: worker-2}, terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/jobtwave2/app:1"}]}
      """
    Then 1 pods labelled job-name=counted eventually Running
    And 1 pods labelled job-name=ended eventually Running
    When I run "kubectl drain worker-2"
    And 6 seconds pass
    And I run "kubectl get jobs"
    And I run "kubectl get pods"
    And I run "kubectl uncordon worker-2"
    And I run "kubectl describe job ended"
    And I run "kubectl get job counted -o jsonpath='{.status}'"

  @shared-cluster
  Scenario: What of a suspended job may change, and of one that runs
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: held, labels: {team: a}}
      spec:
        suspend: true
        parallelism: 2
        completions: 2
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{exit: {after: 30s, code: 0}, term: {after: 1s, code: 143}}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/jobtwave3/app:1", resources: {requests: {cpu: 50m}}}]}
      """
    And 1 second passes
    And I run:
      """
      kubectl get job held
      kubectl patch job held -p '{"spec":{"template":{"metadata":{"labels":{"queue":"x"}},"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker-1"},"tolerations":[{"key":"a","operator":"Exists"}],"schedulingGates":[{"name":"example.com/g"}]}}}}'
      kubectl patch job held -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"example.com/jobtwave3/app:2"}]}}}}'
      kubectl patch job held -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","resources":{"requests":{"cpu":"60m"}}}]}}}}'
      kubectl patch job held -p '{"spec":{"completions":3}}'
      kubectl patch job held -p '{"spec":{"backoffLimit":3,"activeDeadlineSeconds":100,"ttlSecondsAfterFinished":100}}'
      kubectl patch job held -p '{"spec":{"suspend":false}}'
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get job,pods
      kubectl get pods -o jsonpath='{.items[*].spec.nodeSelector} {.items[*].spec.schedulingGates}'
      kubectl patch job held -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker-2"}}}}}'
      kubectl patch job held -p '{"spec":{"suspend":true,"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker-2"}}}}}'
      kubectl patch job held -p '{"spec":{"suspend":true}}'
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get job held -o jsonpath='{.status}'
      kubectl patch job held -p '{"spec":{"template":{"spec":{"schedulingGates":null,"nodeSelector":{"kubernetes.io/hostname":"worker-2"}}}}}'
      kubectl patch job held -p '{"spec":{"suspend":false,"parallelism":1}}'
      """
    And 3 seconds pass
    And I run "kubectl get job,pods"
    And I run "kubectl describe job held"

  @shared-cluster
  Scenario: Selectors by hand, pods that are adopted, and two jobs of one name
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: stray, labels: {work: mine}, annotations: {behaviour.kscenario.dev/app: "{exit: {after: 8s, code: 0}}"}}
      spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/jobtwave4/app:1"}]}
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: byhand}
      spec:
        selector: {matchLabels: {work: mine}}
        template: {metadata: {labels: {work: mine}}, spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/jobtwave4/app:1"}]}}
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: byhand}
      spec:
        manualSelector: true
        completions: 2
        parallelism: 1
        selector: {matchLabels: {work: mine}}
        template:
          metadata: {labels: {work: mine}, annotations: {behaviour.kscenario.dev/app: "{exit: {after: 3s, code: 0}}"}}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/jobtwave4/app:1"}]}
      """
    And 4 seconds pass
    And I run "kubectl get pods stray -o jsonpath='{.metadata.ownerReferences[*].name} {.metadata.finalizers}'"
    And I run "kubectl get job,pods"
    And 15 seconds pass
    And I run "kubectl get job byhand -o jsonpath='{.status}'"
    And I run:
      """
      kubectl create job byhand --image=example.com/jobtwave4/app:1
      kubectl patch job byhand -p '{"spec":{"selector":{"matchLabels":{"work":"yours"}}}}'
      kubectl patch job byhand -p '{"spec":{"ttlSecondsAfterFinished":3}}'
      """
    And 7 seconds pass
    And I run "kubectl get jobs,pods"

  @shared-cluster
  Scenario: Refused jobs
    When I run:
      """
      kubectl create job a --image=example.com/jobtwave5/a:1 --dry-run=server -o jsonpath='{.spec.template.metadata.labels}'
      kubectl create job Bad --image=x
      kubectl create job b
      kubectl create job c --image=x --from=cronjob/none
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: wrong}
      spec:
        completionMode: Indexed
        parallelism: -1
        backoffLimit: -2
        activeDeadlineSeconds: -1
        ttlSecondsAfterFinished: -1
        maxFailedIndexes: 1
        podReplacementPolicy: Sometimes
        template: {spec: {restartPolicy: Always, containers: [{name: app, image: x}]}}
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: wrong}
      spec:
        backoffLimitPerIndex: 1
        podReplacementPolicy: TerminatingOrFailed
        podFailurePolicy:
          rules:
            - {action: FailIndex, onExitCodes: {containerName: nobody, operator: In, values: [0, 3, 2]}}
            - {action: Ignore, onExitCodes: {operator: In, values: []}, onPodConditions: [{type: A/b/c, status: maybe}]}
            - {action: Nothing}
        successPolicy: {rules: []}
        template: {spec: {restartPolicy: OnFailure, containers: [{name: app, image: x}]}}
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: wrong}
      spec:
        completionMode: Indexed
        completions: 3
        successPolicy: {rules: [{succeededIndexes: "0,5", succeededCount: 4}, {}, {succeededCount: 5}, {succeededIndexes: "2-1"}]}
        managedBy: nobody
        template: {metadata: {labels: {job-name: other}}, spec: {restartPolicy: Never, containers: [{name: app, image: x}]}}
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: this-name-is-much-too-long-for-a-cronjob-that-makes-jobs-of-it}
      spec:
        schedule: "61 * * * *"
        timeZone: Mars/Olympus
        concurrencyPolicy: Maybe
        startingDeadlineSeconds: -1
        successfulJobsHistoryLimit: -1
        failedJobsHistoryLimit: -1
        jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: x}]}}}}
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tz}
      spec:
        schedule: "TZ=UTC 0 * * * *"
        timeZone: Europe/Berlin
        jobTemplate: {metadata: {labels: {a: b}, annotations: {c: d}}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: x}]}}}}
      """
    And I create:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tz}
      spec:
        schedule: "@yearly"
        timeZone: Europe/Berlin
        suspend: true
        jobTemplate: {metadata: {labels: {a: b}, annotations: {c: d}}, spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/jobtwave5/b:1"}]}}}}
      """
    And I run:
      """
      kubectl get cronjob tz -o wide
      kubectl create job now --from=cronjob/tz
      kubectl get job now -o jsonpath='{.metadata.annotations} {.metadata.labels} {.metadata.ownerReferences[0].kind} {.spec.suspend}'
      kubectl patch cronjob tz -p '{"spec":{"schedule":"x"}}'
      kubectl patch cronjob tz -p '{"spec":{"timeZone":""}}'
      kubectl patch cronjob tz -p '{"spec":{"timeZone":"local"}}'
      kubectl patch cronjob tz -p '{"spec":{"timeZone":null,"schedule":"CRON_TZ=Asia/Tokyo 0 0 * * *"}}'
      kubectl describe cronjob tz
      kubectl delete cronjob tz
      """
    And 2 seconds pass
    And I run "kubectl get jobs"

  @shared-cluster
  Scenario: A failed job goes after its time, one whose deadline is brought forward fails at once
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: fails}
      spec:
        backoffLimit: 0
        ttlSecondsAfterFinished: 6
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 3}}"}}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/jobtwave6/app:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: late, finalizers: [example.com/keep]}
      spec:
        activeDeadlineSeconds: 600
        ttlSecondsAfterFinished: 0
        parallelism: 2
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{term: {after: 1s, code: 0}}"}}
          spec: {restartPolicy: OnFailure, terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/jobtwave6/app:1"}]}
      """
    Then 2 pods labelled job-name=late eventually Running
    When I run "kubectl patch job late -p '{\"spec\":{\"activeDeadlineSeconds\":1}}'"
    And 6 seconds pass
    And I run "kubectl get jobs,pods"
    And I run "kubectl get job late -o jsonpath='{.status} {.metadata.deletionTimestamp} {.metadata.finalizers}'"
    And I run "kubectl patch job late --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]'"
    And 8 seconds pass
    And I run "kubectl get jobs,pods"
    And I run "kubectl get events --field-selector involvedObject.kind=Job -o custom-columns=REASON:.reason,NAME:.involvedObject.name,MESSAGE:.message"
