@workloads
Feature: HorizontalPodAutoscalers scale by what pods use

  Background:
    Given a cluster with 2 nodes
    And metrics-server is installed
    And the manifest "manifests/counter.yaml" is applied
    And deployment counter eventually has 1 ready replica

  Scenario: Pods are added until what each uses comes near the target
    Given pods of deployment counter use 600m CPU
    When I run "kubectl autoscale deployment counter --min=1 --max=3 --cpu=80%"
    Then deployment counter eventually has 3 ready replicas within 2m
    And horizontalpodautoscaler counter has event SuccessfulRescale saying "cpu resource utilization (percentage of request) above target"

  Scenario: A rise within a tenth of the target changes nothing
    Given pods of deployment counter use 430m CPU
    When I run "kubectl autoscale deployment counter --min=1 --max=3 --cpu=80%"
    And 5 minutes pass
    Then horizontalpodautoscaler counter has condition ScalingActive=True
    And deployment counter has 1 replica

  Scenario: They go away only after five minutes of little use
    Given pods of deployment counter use 600m CPU
    When I run "kubectl autoscale deployment counter --min=1 --max=3 --cpu=80%"
    Then deployment counter eventually has 3 ready replicas within 2m
    When pods of deployment counter use 100m CPU
    And 4 minutes pass
    Then deployment counter has 3 replicas
    And horizontalpodautoscaler counter has condition AbleToScale=True with reason ScaleDownStabilized
    When 2 minutes pass
    Then deployment counter has 1 replica

  Scenario: Containers that request no CPU have no utilization
    When the manifest "manifests/till.yaml" is applied
    And I run "kubectl autoscale deployment till --min=1 --max=5 --cpu=80%"
    Then horizontalpodautoscaler till eventually has condition ScalingActive=False with reason FailedGetResourceMetric within 2m
    And horizontalpodautoscaler till eventually has event FailedGetResourceMetric saying "missing request for cpu in container till" within 2m
    And deployment till has 3 replicas
