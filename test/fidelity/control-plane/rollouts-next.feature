Feature: Rollouts that are scaled, interrupted, limited and rolled back

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Scaling in the middle of a rollout that is stuck spreads the replicas
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        replicas: 4
        strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 1}}
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/shop:1"}]}
      """
    Then deployment shop eventually has 4 ready replicas
    When I run:
      """
      kubectl patch deployment shop -p '{"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/app":"missing: true"}},"spec":{"containers":[{"name":"app","image":"example.com/shop:none"}]}}}}'
      """
    And 6 seconds pass
    And I run "kubectl get rs"
    And I run "kubectl scale deployment shop --replicas=8"
    Then deployment shop eventually has field .status.replicas "10"
    When 4 seconds pass
    And I run "kubectl get deployment,rs"
    And I run "kubectl describe deployment shop"

  @shared-cluster
  Scenario: A second change overtakes the first, and history is limited
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        replicas: 3
        revisionHistoryLimit: 1
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/shop:1"}]}
      """
    Then deployment shop eventually has 3 ready replicas
    When I run "kubectl set image deployment/shop app=example.com/shop:2"
    And I run "kubectl set image deployment/shop app=example.com/shop:3"
    And I run "kubectl rollout status deployment/shop --timeout=60s"
    And 4 seconds pass
    And I run "kubectl rollout history deployment/shop"
    And I run "kubectl get rs"
    And I run "kubectl rollout undo deployment/shop --to-revision=1"
    And I run "kubectl rollout undo deployment/shop"
    And I run "kubectl rollout status deployment/shop --timeout=60s"
    And I run "kubectl get deployment shop -o jsonpath='{.spec.template.spec.containers[0].image} {.metadata.annotations}'"

  @shared-cluster
  Scenario: Only unavailable ones are allowed, and pods are ready late
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        replicas: 4
        minReadySeconds: 2
        strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: "50%"}}
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/shop:1"}]}
      """
    Then deployment shop eventually has 4 available replicas
    When I run "kubectl set env deployment/shop A=b"
    And I run "kubectl rollout status deployment/shop --timeout=60s"
    Then deployment shop eventually has 4 available replicas
    When I run "kubectl get deployment shop -o wide"
    And I run "kubectl get events --field-selector reason=ScalingReplicaSet -o custom-columns=MESSAGE:.message"

  @shared-cluster
  Scenario: From rolling to Recreate and scaled to none in between
    When I run "kubectl create deployment shop --image=example.com/shop:1 --replicas=2"
    Then deployment shop eventually has 2 ready replicas
    When I run "kubectl patch deployment shop -p '{\"spec\":{\"strategy\":{\"type\":\"Recreate\"}}}'"
    And I run "kubectl patch deployment shop -p '{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null},\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":1}}}}'"
    Then deployment shop eventually has 2 updated replicas
    And deployment shop eventually has 2 ready replicas
    When I run "kubectl scale deployment shop --replicas=0"
    And I run "kubectl set image deployment/shop shop=example.com/shop:2"
    Then pods labelled app=shop eventually gone
    When I run "kubectl scale deployment shop --replicas=1"
    Then deployment shop eventually has 1 ready replicas
    When I run "kubectl get rs"
    And I run "kubectl rollout history deployment shop"

  @shared-cluster
  Scenario: Labels that collide, a selector that does not match, a deployment deleted without its pods
    When I run "kubectl create deployment shop --image=example.com/shop:1 --replicas=2"
    Then deployment shop eventually has 2 ready replicas
    When I run "kubectl delete deployment shop --cascade=orphan"
    And I run "kubectl get rs,pods"
    And I run "kubectl create deployment shop --image=example.com/shop:1 --replicas=3"
    Then deployment shop eventually has 3 ready replicas
    When I run "kubectl get rs"
    And I run "kubectl label pods -l app=shop app=lost --overwrite"
    Then deployment shop eventually has 3 ready replicas
    When 2 seconds pass
    And I run "kubectl get pods --show-labels"
    And I run "kubectl rollout history deployment shop"
