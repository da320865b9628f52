Feature: Scaling by numbers nobody has

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Below the least, above the most, and switched off
    Given I run "kubectl create deployment shop --image=example.com/autoscaling1/shop:1 --replicas=1"
    And I run "kubectl set resources deployment shop --requests=cpu=50m"
    And I run "kubectl autoscale deployment shop --min=2 --max=4 --cpu=50%"
    Then deployment shop eventually has 2 ready replicas
    When I run "kubectl scale deployment shop --replicas=7"
    Then deployment shop eventually has 4 replicas within 90s
    When I run "kubectl get hpa shop"
    And I run "kubectl scale deployment shop --replicas=0"
    And 20 seconds pass
    Then hpa shop eventually has condition ScalingActive=False with reason ScalingDisabled
    When I run "kubectl describe hpa shop"
    And I run "kubectl delete hpa shop"
    And I run "kubectl get deployment shop"

  @shared-cluster
  Scenario: Two autoscalers for one set, one of them with own metrics
    Given I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        replicas: 1
        serviceName: kv
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/autoscaling2/kv:1"}]}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: first}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: kv}
        minReplicas: 1
        maxReplicas: 3
        metrics: [{type: Pods, pods: {metric: {name: lag}, target: {type: AverageValue, averageValue: "10"}}}]
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: second}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: kv}
        minReplicas: 1
        maxReplicas: 5
        metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
      """
    Then statefulset kv eventually has 1 ready replicas
    And hpa first eventually has condition ScalingActive=False
    When 20 seconds pass
    And I run "kubectl get hpa"
    And I run "kubectl describe hpa"
