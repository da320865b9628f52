Feature: Jobs that wait between tries, and what may be said of a job

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: While an index waits for its next try the status stands still
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: shards}
      spec:
        completionMode: Indexed
        completions: 2
        parallelism: 2
        backoffLimitPerIndex: 3
        podReplacementPolicy: Failed
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "{exit: {after: 40s, code: 0}, term: {after: 2s, code: 143}}"}}
          spec:
            restartPolicy: Never
            terminationGracePeriodSeconds: 5
            containers: [{name: app, image: "example.com/further1/shards:1"}]
      """
    Then 2 pods labelled job-name=shards eventually Running
    When 3 seconds pass
    And I run "kubectl delete pod -l batch.kubernetes.io/job-completion-index=0 --wait=false"
    And 6 seconds pass
    And I run "kubectl get job shards -o jsonpath='{.status}'"
    And 10 seconds pass
    And I run "kubectl get job shards -o jsonpath='{.status}'"

  @shared-cluster
  Scenario: What may not become of the status of a job that somebody else controls
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: theirs}
      spec:
        managedBy: example.com/queue
        completionMode: Indexed
        completions: 4
        parallelism: 2
        backoffLimitPerIndex: 1
        template:
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/further2/theirs:1"}]}
      """
    And I run:
      """
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"active":1,"ready":2}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"active":-1,"failed":-1}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"completedIndexes":"0,1-7"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"completedIndexes":"0-1-2"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"completedIndexes":"2,1"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"completedIndexes":"x"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"completedIndexes":"3-2"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"completedIndexes":"0-2","failedIndexes":"2-3"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"uncountedTerminatedPods":{"succeeded":["a","a"],"failed":[""]}}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"startTime":"2026-01-01T00:00:00Z","completionTime":"2025-01-01T00:00:00Z"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"Complete","status":"True"}]}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"active":1,"terminating":1,"uncountedTerminatedPods":{"failed":["a"]},"conditions":[{"type":"Failed","status":"True"}]}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"Complete","status":"True"},{"type":"FailureTarget","status":"True"},{"type":"SuccessCriteriaMet","status":"True"},{"type":"Failed","status":"True"}]}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"startTime":"2026-01-01T00:00:00Z","active":2,"ready":1,"failed":2,"succeeded":1,"completedIndexes":"0"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"startTime":"2026-01-02T00:00:00Z"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"startTime":null}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"failed":1,"succeeded":0,"active":0}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"active":0,"ready":0,"conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}],"completionTime":"2026-01-03T00:00:00Z"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"completionTime":"2026-01-04T00:00:00Z"}}'
      kubectl patch job theirs --subresource=status --type=merge -p '{"status":{"conditions":[]}}'
      kubectl create job plain --image=example.com/further2/plain:1
      kubectl patch job plain --subresource=status --type=merge -p '{"status":{"completedIndexes":"0","failedIndexes":"1"}}'
      kubectl get job theirs
      """
    And 3 seconds pass
