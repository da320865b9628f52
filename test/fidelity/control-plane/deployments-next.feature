Feature: Deployments that run into deadlines, owners and limits

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A deadline of a few seconds passes, a better image makes progress again
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop, annotations: {kubernetes.io/change-cause: "first"}}
      spec:
        replicas: 3
        progressDeadlineSeconds: 5
        strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/shop:1"}]}
      """
    Then deployment shop eventually has 3 available replicas
    When I run:
      """
      kubectl patch deployment shop -p '{"metadata":{"annotations":{"kubernetes.io/change-cause":"second"}},"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/app":"missing: true"}},"spec":{"containers":[{"name":"app","image":"example.com/shop:2"}]}}}}'
      """
    Then deployment shop eventually has condition Progressing=False with reason ProgressDeadlineExceeded
    When I run "kubectl rollout status deployment shop"
    And I run "kubectl get deployment shop"
    And I run:
      """
      kubectl patch deployment shop -p '{"metadata":{"annotations":{"kubernetes.io/change-cause":"third"}},"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/app":"{}"}},"spec":{"containers":[{"name":"app","image":"example.com/shop:3"}]}}}}'
      """
    Then deployment shop eventually has condition Progressing=True with reason NewReplicaSetAvailable
    And deployment shop eventually has 3 updated replicas
    When 2 seconds pass
    And I run "kubectl rollout history deployment shop"
    And I run "kubectl describe deployment shop"
    And I run "kubectl rollout undo deployment shop --to-revision=1"
    And I run "kubectl rollout status deployment shop"
    And I run "kubectl rollout history deployment shop"

  @shared-cluster
  Scenario: A deployment takes over a ReplicaSet of the same template, and lets it go
    When I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: hand, labels: {app: hand}}
      spec:
        replicas: 2
        selector: {matchLabels: {app: hand}}
        template:
          metadata: {labels: {app: hand}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/hand:1"}]}
      """
    Then replicaset hand eventually has 2 ready replicas
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: hand}
      spec:
        replicas: 3
        selector: {matchLabels: {app: hand}}
        template:
          metadata: {labels: {app: hand}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/hand:1"}]}
      """
    Then deployment hand eventually has 3 ready replicas
    When 2 seconds pass
    And I run "kubectl get rs,pods"
    And I run "kubectl rollout history deployment hand"
    And I run "kubectl set image deployment hand app=example.com/hand:2"
    Then deployment hand eventually has 3 updated replicas
    And deployment hand eventually has field .status.replicas "3"
    When 2 seconds pass
    And I run "kubectl get rs"
    And I run "kubectl label rs hand app=away --overwrite"
    And 2 seconds pass
    And I run "kubectl get rs hand -o yaml"
    And I run "kubectl rollout history deployment hand"

  @shared-cluster
  Scenario: A paused deployment is scaled, changed, undone and resumed
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        replicas: 2
        paused: true
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/shop:1"}]}
      """
    When 2 seconds pass
    And I run "kubectl get deployment,rs"
    And I run "kubectl rollout resume deployment shop"
    Then deployment shop eventually has 2 available replicas
    When I run "kubectl rollout pause deployment shop"
    And I run "kubectl scale deployment shop --replicas=4"
    Then deployment shop eventually has 4 available replicas
    When I run "kubectl set image deployment shop app=example.com/shop:2"
    And I run "kubectl set resources deployment shop --limits=cpu=200m,memory=64Mi"
    And I run "kubectl rollout undo deployment shop"
    And I run "kubectl rollout pause deployment shop"
    And I run "kubectl rollout restart deployment shop"
    And 2 seconds pass
    And I run "kubectl rollout status deployment shop --timeout=2s"
    And I run "kubectl get deployment shop -o wide"
    And I run "kubectl rollout resume deployment shop"
    And I run "kubectl rollout resume deployment shop"
    Then deployment shop eventually has 4 updated replicas
    And deployment shop eventually has 4 available replicas
    When 2 seconds pass
    And I run "kubectl get rs"
    And I run "kubectl describe deployment shop"

  @shared-cluster
  Scenario: Percentages round as upstream rounds, and pods that are never ready hold the rest
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: wide}
      spec:
        replicas: 5
        strategy: {rollingUpdate: {maxSurge: "30%", maxUnavailable: "30%"}}
        selector: {matchLabels: {app: wide}}
        template:
          metadata: {labels: {app: wide}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/wide:1"}]}
      """
    Then deployment wide eventually has 5 available replicas
    When I run:
      """
      kubectl patch deployment wide -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","readinessProbe":{"exec":{"command":["no"]},"periodSeconds":1},"image":"example.com/wide:2"}]},"metadata":{"annotations":{"behaviour.kscenario.dev/app":"exec: [{code: 1}]"}}}}}'
      """
    And 5 seconds pass
    And I run "kubectl get rs"
    And I run "kubectl get deployment wide"
    And I run "kubectl scale deployment wide --replicas=3"
    And 3 seconds pass
    And I run "kubectl get rs"
    And I run "kubectl rollout undo deployment wide"
    Then deployment wide eventually has 3 updated replicas
    And deployment wide eventually has 3 available replicas
    When 2 seconds pass
    And I run "kubectl get deployment,rs"
    And I run "kubectl delete deployment wide --cascade=foreground --timeout=30s"
    Then pods labelled app=wide eventually gone
