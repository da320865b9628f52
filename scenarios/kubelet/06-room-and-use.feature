@kubelet
Feature: Room on a node, and what is used of it

  Background:
    Given the nodes:
      | name     | cpu | memory |
      | worker-1 | 4   | 8Gi    |
    And metrics-server is installed
    And image "registry.example/busy:1":
      """
      cpu: [{use: 50m}, {from: 2m, use: 700m}, {from: 20m, use: 20m}]
      memory: [{use: 64Mi}, {from: 2m, use: 200Mi}]
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: busy}
      spec:
        selector: {matchLabels: {app: busy}}
        template:
          metadata: {labels: {app: busy}}
          spec:
            containers: [{name: app, image: "registry.example/busy:1", resources: {requests: {cpu: "1"}}}]
      """
    And deployment busy eventually has 1 ready replica

  Scenario: A pod uses more later on, and an autoscaler follows
    When I run "kubectl autoscale deployment busy --cpu=50% --min=1 --max=3"
    Then deployment busy has 1 replica for 2 minutes
    And deployment busy eventually has 2 replicas within 1 minute
    When I run "kubectl top pod -l app=busy"
    Then the last command prints "200Mi"

  Scenario: A critical pod takes the room of another one
    Given a pod of deployment busy as "victim"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        nodeName: worker-1
        priorityClassName: system-node-critical
        containers: [{name: app, image: "registry.example/urgent:1", resources: {requests: {cpu: 3500m}}}]
      """
    Then $victim eventually has event Preempting saying "Preempted in order to admit critical pod"
    And $victim eventually has condition DisruptionTarget=True with reason TerminationByKubelet
    And pod urgent eventually Ready
    And a pod of deployment busy eventually Pending within 5s

  Scenario: What no room can be made for is turned away
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: giant}
      spec:
        nodeName: worker-1
        priorityClassName: system-node-critical
        containers: [{name: app, image: "registry.example/urgent:1", resources: {requests: {cpu: "64"}}}]
      """
    Then pod giant eventually UnexpectedAdmissionError
    And pods of deployment busy stay Running for 1 minute
