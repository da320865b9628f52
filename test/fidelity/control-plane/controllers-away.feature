Feature: What nobody looks after while the controllers are away, and what becomes of it

  Scenario: The deadline of a job passes while the controllers are away, and its pods end meanwhile
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: calc}
      spec:
        completions: 2
        parallelism: 2
        activeDeadlineSeconds: 10
        backoffLimit: 4
        template:
          metadata:
            labels: {app: calc}
            annotations:
              behaviour.kscenario.dev/app: "{exit: {after: 6s, code: 1, times: 1}, term: {after: 1s, code: 0}}"
          spec:
            restartPolicy: OnFailure
            terminationGracePeriodSeconds: 3
            containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then job calc eventually has field .status.ready "2"
    When kube-controller-manager goes down
    And 14 seconds pass
    And I run "kubectl get pods"
    And kube-controller-manager comes back
    And 28 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job calc -o jsonpath='{.status.conditions[*].type} {.status.conditions[*].reason} {.status.failed} {.status.active}'"

  Scenario: Endpoints while the controllers are away and pods change
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: a
        labels: {app: s}
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /, from: 15s, status: 500}, {path: /, from: 40s, status: 200}], term: {after: 2s, code: 0}}"
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 3
        containers: [{name: app, image: "registry.example/h/app:1", ports: [{containerPort: 80}], readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1, failureThreshold: 1}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: b
        labels: {app: s}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "registry.example/h/app:1", ports: [{containerPort: 80}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: s}
      spec: {selector: {app: s}, ports: [{port: 80}]}
      """
    Then pod a eventually Ready
    And pod b eventually Ready
    When 2 seconds pass
    And kube-controller-manager goes down
    And I run "kubectl delete pod b --wait=false"
    And 18 seconds pass
    And I run "kubectl get endpointslices"
    And I run "kubectl get pods"
    And kube-controller-manager comes back
    And 40 seconds pass
    And I run "kubectl get endpointslices"
    And I run "kubectl get pods"

  Scenario: A job of every minute replaces one that hangs on a lost node
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tick}
      spec:
        schedule: "* * * * *"
        concurrencyPolicy: Replace
        jobTemplate:
          spec:
            template:
              spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, nodeSelector: {kubernetes.io/hostname: worker-1}, containers: [{name: app, image: "registry.example/h/app:1"}]}
      """
    Then cronjob tick eventually has field .status.active[0].kind "Job" within 2m
    When 3 seconds pass
    And node worker-1 goes down
    And 65 seconds pass
    And I run "kubectl get jobs"
    And I run "kubectl get pods"
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get jobs"
    And I run "kubectl get cronjob"
