@workloads
Feature: HorizontalPodAutoscalers need to be told what pods use

  Background:
    Given a cluster with 1 node
    And the manifest "manifests/till.yaml" is applied
    And deployment till eventually has 3 ready replicas

  Scenario: Without metrics an autoscaler says so and changes nothing
    When I run "kubectl autoscale deployment till --min=1 --max=5 --cpu=80%"
    Then horizontalpodautoscaler till eventually has condition ScalingActive=False with reason FailedGetResourceMetric
    And deployment till has 3 replicas

  Scenario: Its bounds hold all the same
    When I run "kubectl autoscale deployment till --min=1 --max=2 --cpu=80%"
    Then deployment till eventually has 2 replicas
    And horizontalpodautoscaler till has event SuccessfulRescale saying "Current number of replicas above Spec.MaxReplicas"
