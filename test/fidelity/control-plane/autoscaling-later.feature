Feature: Autoscalers that know nothing

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Without metrics the replicas stay, yet least and most are kept
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app}
      spec:
        replicas: 1
        selector: {matchLabels: {app: app}}
        template:
          metadata: {labels: {app: app}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/later1/app:1", resources: {requests: {cpu: 50m}}}]}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: app}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app}
        minReplicas: 2
        maxReplicas: 4
        metrics:
        - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}
        - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 100Mi}}}
      """
    Then deployment app eventually has 2 available replicas
    When I run "kubectl scale deployment app --replicas=6"
    And 17 seconds pass
    And I run "kubectl get hpa app"
    And I run "kubectl get deployment app -o jsonpath='{.spec.replicas}'"
    And I run "kubectl describe hpa app"
    And I run "kubectl patch hpa app --type=merge -p '{\"spec\":{\"minReplicas\":3,\"maxReplicas\":3}}'"
    And 17 seconds pass
    And I run "kubectl get deployment app -o jsonpath='{.spec.replicas}'"
    And I run "kubectl get hpa app -o jsonpath='{.status.conditions[*].reason}'"
