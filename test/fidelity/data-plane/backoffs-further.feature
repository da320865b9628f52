@shared-cluster
Feature: Back-offs of containers that live for a while, change, or come before others

  Scenario: Each run lasts longer than the back-off before it
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: long
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 12s, code: 5, times: 3}}"
      spec:
        containers: [{name: app, image: "registry.example/backoffs/long:1"}]
      """
    And 85 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod long"

  Scenario: The image of a container in its back-off is changed, and the new one crashes as well
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: change
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 1, times: 4}}"
      spec:
        containers: [{name: app, image: "registry.example/backoffs/change:1"}]
      """
    Then pod change eventually restarted 2 times
    When 3 seconds pass
    And I run "kubectl set image pod/change app=registry.example/backoffs/change:2"
    And 40 seconds pass
    And I run "kubectl get pods"

  Scenario: An init container of a pod of policy OnFailure fails again and again
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: thrice
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 9}}"
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 0}}"
      spec:
        restartPolicy: OnFailure
        initContainers: [{name: prepare, image: "registry.example/backoffs/prepare:1"}]
        containers: [{name: app, image: "registry.example/backoffs/thrice:1"}]
      """
    And 20 seconds pass
    And I run "kubectl get pod thrice"
    And 25 seconds pass
    And I run "kubectl get pod thrice"

  Scenario: A sidecar with a startup probe crashes before it has started up
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: beside
        annotations:
          behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 1}, {from: 5s, code: 0}], exit: {after: 3s, code: 2, times: 2}}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/backoffs/proxy:1
            restartPolicy: Always
            startupProbe: {exec: {command: [check]}, periodSeconds: 1, failureThreshold: 30}
        containers: [{name: app, image: "registry.example/backoffs/beside:1"}]
      """
    Then pod beside eventually Ready within 2m
    When 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod beside --wait=false"
    Then pod beside eventually gone
