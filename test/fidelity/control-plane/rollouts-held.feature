Feature: Rolling out a shop, as its team does

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: A third more, none missing
    Given I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: front, labels: {team: shop}}
      spec:
        replicas: 6
        strategy: {rollingUpdate: {maxSurge: 34%, maxUnavailable: 0}}
        selector: {matchLabels: {app: front}}
        template:
          metadata: {labels: {app: front}}
          spec:
            terminationGracePeriodSeconds: 2
            containers: [{name: front, image: "example.com/rollouts1/front:v1", ports: [{containerPort: 8080}], readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]
      """
    When I run "kubectl rollout status deployment front --timeout=90s"
    And I run "kubectl set image deploy/front front=example.com/rollouts1/front:v2"
    And I run "kubectl rollout status deployment front --timeout=90s"
    Then deployment front has 6 updated replicas
    When I run "kubectl get rs -l app=front"
    And I run "kubectl get deploy -l team=shop -o wide"

  @shared-cluster
  Scenario: Four may be missing at once
    Given I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: back}
      spec:
        replicas: 8
        strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 50%}}
        selector: {matchLabels: {app: back}}
        template:
          metadata: {labels: {app: back}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: back, image: "example.com/rollouts2/back:v1"}]
      """
    Then deployment back eventually has 8 available replicas
    When I run "kubectl set env deployment/back COLOR=green"
    And I run "kubectl rollout status deployment/back"
    And I run "kubectl rollout history deployment/back --revision=2"
    And I run "kubectl rollout undo deployment/back --to-revision=1"
    And I run "kubectl rollout status deployment/back"
    And I run "kubectl get replicasets -o custom-columns=WANT:.spec.replicas,REVISION:.metadata.annotations.deployment\.kubernetes\.io/revision --sort-by=.spec.replicas"

  @shared-cluster
  Scenario: Only so many old revisions are remembered
    When I run "kubectl create deployment log --image=example.com/rollouts3/log:1 --replicas=1"
    And I run "kubectl patch deployment log -p '{\"spec\":{\"revisionHistoryLimit\":1}}'"
    Then deployment log eventually has 1 ready replicas
    When I run "kubectl set image deployment/log log=example.com/rollouts3/log:2"
    And I run "kubectl rollout status deployment/log"
    And I run "kubectl set image deployment/log log=example.com/rollouts3/log:3"
    And I run "kubectl rollout status deployment/log"
    And I run "kubectl set image deployment/log log=example.com/rollouts3/log:4"
    And I run "kubectl rollout status deployment/log"
    Then the last command succeeds
    When 2 seconds pass
    And I run "kubectl rollout history deployment/log"
    And I run "kubectl rollout undo deployment/log --to-revision=1"
    Then the last command fails
    When I run "kubectl rollout undo deployment/log"
    And I run "kubectl rollout status deployment/log"
    And I run "kubectl get rs"

  @shared-cluster
  Scenario: A canary that is paused half way
    When I run "kubectl create deployment canary --image=example.com/rollouts4/canary:1 --replicas=5"
    Then deployment canary eventually has 5 available replicas
    When I run:
      """
      kubectl patch deployment canary --type=merge -p '{"spec":{"minReadySeconds":4,"strategy":{"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}}}'
      kubectl set image deployment/canary canary=example.com/rollouts4/canary:2
      """
    Then deployment canary eventually has 1 updated replicas
    When I run "kubectl rollout pause deployment canary"
    And 8 seconds pass
    And I run "kubectl get deployment canary"
    And I run "kubectl rollout status deployment canary --timeout=3s"
    And I run "kubectl rollout pause deployment canary"
    And I run "kubectl rollout resume deployment canary"
    And I run "kubectl rollout status deployment canary --timeout=2m"
    Then the last command succeeds
    And deployment canary has 5 available replicas
    When I run "kubectl describe deployment canary"

  @shared-cluster
  Scenario: The deadline passes while new pods never become ready
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: mail}
      spec:
        replicas: 3
        progressDeadlineSeconds: 6
        selector: {matchLabels: {app: mail}}
        template:
          metadata: {labels: {app: mail}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: mail, image: "example.com/rollouts5/mail:1"}]}
      """
    Then deployment mail eventually has 3 ready replicas
    When I run:
      """
      kubectl patch deployment mail -p '{"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/mail":"exec: [{code: 1}]"}},"spec":{"containers":[{"name":"mail","readinessProbe":{"exec":{"command":["check"]},"periodSeconds":1}}]}}}}'
      """
    Then deployment mail eventually has condition Progressing=False with reason ProgressDeadlineExceeded
    When I run "kubectl get deployment,rs"
    And I run "kubectl rollout status deployment/mail"
    Then the last command fails
    When I run "kubectl scale deployment mail --replicas=4"
    And 3 seconds pass
    And I run "kubectl get deployment mail -o jsonpath='{.status.conditions[*].reason} {.status.unavailableReplicas}'"
    And I run "kubectl rollout undo deployment/mail"
    Then deployment mail eventually has 4 available replicas
    And deployment mail eventually has condition Progressing=True with reason NewReplicaSetAvailable

  @shared-cluster
  Scenario: Recreate with pods that need their time to stop
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: ledger}
      spec:
        replicas: 3
        strategy: {type: Recreate}
        selector: {matchLabels: {app: ledger}}
        template:
          metadata: {labels: {app: ledger}, annotations: {behaviour.kscenario.dev/ledger: "term: {after: 2s}"}}
          spec: {terminationGracePeriodSeconds: 8, containers: [{name: ledger, image: "example.com/rollouts6/ledger:1"}]}
      """
    Then deployment ledger eventually has 3 available replicas
    When I run "kubectl set image deployment ledger ledger=example.com/rollouts6/ledger:2"
    And 1 second passes
    And I run "kubectl get deployment ledger"
    And I run "kubectl get pods"
    And I run "kubectl rollout status deployment ledger --timeout=60s"
    Then deployment ledger has 3 available replicas
    When I run "kubectl rollout restart deployment ledger"
    And I run "kubectl scale deployment ledger --replicas=1"
    And I run "kubectl rollout status deployment ledger --timeout=60s"
    And I run "kubectl get rs"
