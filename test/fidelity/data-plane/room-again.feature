@shared-cluster
Feature: Room that is asked for, and what did not begin

  Scenario: Changed while the init container runs, and while the image is pulled
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: early
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 8s, code: 0}}"
          behaviour.kscenario.dev/app: "{image: registry.example/dr/early:1, pull: 5s}"
      spec:
        initContainers: [{name: prepare, image: "registry.example/dr/prepare:1", resources: {requests: {cpu: 50m}}}]
        containers: [{name: app, image: "registry.example/dr/early:1", resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}}]
      """
    And 4 seconds pass
    And I run "kubectl patch pod early --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"200m\"}}}]}}'"
    And 7 seconds pass
    And I run "kubectl patch pod early --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"memory\":\"96Mi\"},\"limits\":{\"memory\":\"96Mi\"}}}]}}'"
    Then pod early eventually Ready
    When 8 seconds pass
    And I run "kubectl get pod early -o jsonpath={.status.containerStatuses[0].resources}"

  Scenario: Three pods want more, and room is made for one
    Given a cluster with 1 node
    And each node has 4 cpu and 4Gi memory
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: big}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "registry.example/dr/big:1", resources: {requests: {cpu: 2}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: burst}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "registry.example/dr/x:1", resources: {requests: {cpu: 500m}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: sure}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "registry.example/dr/x:1", resources: {requests: {cpu: 500m, memory: 100Mi}, limits: {cpu: 500m, memory: 100Mi}}}]}
      """
    Then all pods eventually Ready
    When I run "kubectl patch pod burst --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"2500m\"}}}]}}'"
    And 2 seconds pass
    And I run "kubectl patch pod sure --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"2500m\"},\"limits\":{\"cpu\":\"2500m\"}}}]}}'"
    And 3 seconds pass
    And I run "kubectl delete pod big"
    And 12 seconds pass
    And I run "kubectl get pods -o wide"
    And I run "kubectl describe pod sure"

  Scenario: The image of a main container is missing beside a sidecar, and the pod is deleted in its back-off
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: half
        annotations:
          behaviour.kscenario.dev/app: "{missing: true, image: registry.example/im/app:1}"
          behaviour.kscenario.dev/proxy: "{term: {after: 2s, code: 3}}"
      spec:
        initContainers: [{name: proxy, image: "registry.example/im/proxy:1", restartPolicy: Always}]
        containers: [{name: app, image: "registry.example/im/app:1"}]
      """
    And 20 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod half"
    Then the last command succeeds
