Feature: Rollouts that take their time

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: None more and one missing, and the new ones are slow
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        minReadySeconds: 2
        strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/later1/web:1"}]}
      """
    Then deployment web eventually has 3 available replicas
    When I run "kubectl set image deployment/web web=example.com/later1/web:2"
    And I run "kubectl rollout status deployment/web --timeout=90s"
    Then the last command succeeds
    When I run "kubectl rollout history deployment/web"
    And I run "kubectl get rs -l app=web"

  @shared-cluster
  Scenario: Proportional scaling over three sets
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: prop}
      spec:
        replicas: 10
        strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}
        selector: {matchLabels: {app: prop}}
        template:
          metadata:
            labels: {app: prop}
            annotations: {behaviour.kscenario.dev/prop: "{image: 'example.com/later2/prop:2', missing: true}"}
          spec: {terminationGracePeriodSeconds: 0, containers: [{name: prop, image: "example.com/later2/prop:1"}]}
      """
    Then deployment prop eventually has 10 available replicas
    When I run "kubectl set image deployment/prop prop=example.com/later2/prop:2"
    And 3 seconds pass
    And I run "kubectl get rs -l app=prop -o jsonpath='{.items[*].spec.replicas}'"
    And I run "kubectl scale deployment/prop --replicas=15"
    And 3 seconds pass
    And I run "kubectl get rs -l app=prop --sort-by=.spec.replicas -o jsonpath='{.items[*].spec.replicas}'"
    And I run "kubectl scale deployment/prop --replicas=6"
    And 3 seconds pass
    And I run "kubectl get rs -l app=prop --sort-by=.spec.replicas -o jsonpath='{.items[*].spec.replicas}'"
    And I run "kubectl rollout undo deployment/prop"
    Then deployment prop eventually has 6 available replicas
    When I run "kubectl rollout status deployment/prop --timeout=30s"
    Then the last command succeeds

  @shared-cluster
  Scenario: Undo while paused, undo to a revision that is not there, and undo with nothing to undo
    When I run "kubectl create deployment old --image=example.com/later3/old:1 --replicas=2"
    Then deployment old eventually has 2 available replicas
    When I run "kubectl rollout undo deployment/old"
    Then the last command fails
    When I run "kubectl rollout pause deployment/old"
    And I run "kubectl set image deployment/old old=example.com/later3/old:2"
    And I run "kubectl rollout undo deployment/old"
    Then the last command fails
    When I run "kubectl rollout restart deployment/old"
    Then the last command fails
    When I run "kubectl rollout resume deployment/old"
    And I run "kubectl rollout status deployment/old --timeout=60s"
    Then the last command succeeds
    When I run "kubectl rollout undo deployment/old --to-revision=7"
    Then the last command fails
    When I run "kubectl rollout undo deployment/old --to-revision=1 --dry-run=server"
    And I run "kubectl rollout undo deployment/old --to-revision=1"
    And I run "kubectl rollout status deployment/old --timeout=60s"
    Then the last command succeeds
    When I run "kubectl rollout history deployment/old"
    And I run "kubectl rollout history deployment/old --revision=3"
    And I run "kubectl rollout resume deployment/old"
    Then the last command fails

  @shared-cluster
  Scenario: A deadline passes, and more replicas are asked for
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: late}
      spec:
        replicas: 2
        progressDeadlineSeconds: 4
        selector: {matchLabels: {app: late}}
        template:
          metadata:
            labels: {app: late}
            annotations: {behaviour.kscenario.dev/late: "{image: 'example.com/later4/late:1', missing: true}"}
          spec: {terminationGracePeriodSeconds: 0, containers: [{name: late, image: "example.com/later4/late:1"}]}
      """
    Then deployment late eventually has condition Progressing=False with reason ProgressDeadlineExceeded
    When I run "kubectl scale deployment/late --replicas=3"
    And 2 seconds pass
    And I run "kubectl get deployment late -o jsonpath='{.status.conditions[*].reason}'"
    And I run "kubectl rollout pause deployment/late"
    And 1 second passes
    And I run "kubectl get deployment late -o jsonpath='{.status.conditions[*].reason}'"
    And I run "kubectl rollout resume deployment/late"
    And 6 seconds pass
    And I run "kubectl get deployment late -o jsonpath='{.status.conditions[*].reason}'"
    And I run "kubectl set image deployment/late late=example.com/later4/late:2"
    Then deployment late eventually has 3 available replicas
    When 1 second passes
    And I run "kubectl get deployment late -o jsonpath='{.status.conditions[*].reason}'"

  @shared-cluster
  Scenario: Rolled back in the middle, and revisions are numbered anew
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: mid}
      spec:
        replicas: 4
        minReadySeconds: 3
        revisionHistoryLimit: 1
        strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
        selector: {matchLabels: {app: mid}}
        template:
          metadata: {labels: {app: mid}}
          spec: {terminationGracePeriodSeconds: 0, containers: [{name: mid, image: "example.com/later5/mid:1"}]}
      """
    Then deployment mid eventually has 4 available replicas
    When I run "kubectl set image deployment/mid mid=example.com/later5/mid:2"
    And 4 seconds pass
    And I run "kubectl rollout undo deployment/mid"
    Then the last command succeeds
    When I run "kubectl rollout status deployment/mid --timeout=60s"
    Then the last command succeeds
    When 1 second passes
    And I run "kubectl get rs -l app=mid --sort-by=.spec.replicas"
    And I run "kubectl rollout history deployment/mid"
    And I run "kubectl set env deployment/mid MODE=new"
    And I run "kubectl rollout status deployment/mid --timeout=60s"
    And 1 second passes
    And I run "kubectl get rs -l app=mid -o name"
    And I run "kubectl rollout history deployment/mid"
