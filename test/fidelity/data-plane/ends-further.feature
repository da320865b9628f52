@shared-cluster
Feature: A pod that is deleted in the middle of its start, and a debug container without an image

  Scenario: The first of two containers sleeps after its start, and the pod is deleted meanwhile
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: early}
      spec:
        terminationGracePeriodSeconds: 12
        containers:
          - name: one
            image: registry.example/hookslast/one:1
            lifecycle: {postStart: {sleep: {seconds: 9}}}
          - {name: two, image: "registry.example/hookslast/two:1"}
      """
    And 4 seconds pass
    And I run "kubectl delete pod early --wait=false --grace-period=2"
    Then pod early eventually gone

  Scenario: The image of a debug container is missing, and its pod crashes
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: sick
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 3s, code: 1}}"
          behaviour.kscenario.dev/tools: "{image: registry.example/late/tools:1, missing: true}"
      spec:
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "registry.example/late/sick:1"}]
      """
    And 5 seconds pass
    And I run "kubectl debug sick --image=registry.example/late/tools:1 --container=tools"
    And 25 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod sick --wait=false"
    Then pod sick eventually gone
