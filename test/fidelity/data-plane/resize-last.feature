Feature: Resizes that wait for others, and resizes of what crashes

  Scenario: A resize is deferred until another pod gives away what it has
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: large}
      spec:
        containers: [{name: app, image: "registry.example/sizes/large:1", resources: {requests: {cpu: "2500m", memory: 1Gi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: small}
      spec:
        containers: [{name: app, image: "registry.example/sizes/small:1", resources: {requests: {cpu: "1", memory: 1Gi}}}]
      """
    Then pod large eventually Ready
    And pod small eventually Ready
    When 2 seconds pass
    And I run "kubectl patch pod small --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"2\"}}}]}}'"
    And 4 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl patch pod large --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"1500m\"}}}]}}'"
    And 15 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod small"

  Scenario: More memory with a restart for a sidecar, and for a container that is in its back-off
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: both
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 1, times: 3}}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/sizes/proxy:1
            restartPolicy: Always
            resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
            resources: {requests: {memory: 64Mi}, limits: {memory: 64Mi}}
        containers:
          - name: app
            image: registry.example/sizes/both:1
            resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
            resources: {requests: {memory: 64Mi}, limits: {memory: 64Mi}}
      """
    Then pod both eventually CrashLoopBackOff
    When 1 second pass
    And I run "kubectl patch pod both --subresource=resize -p '{\"spec\":{\"initContainers\":[{\"name\":\"proxy\",\"resources\":{\"requests\":{\"memory\":\"128Mi\"},\"limits\":{\"memory\":\"128Mi\"}}}]}}'"
    And 10 seconds pass
    And I run "kubectl patch pod both --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"memory\":\"96Mi\"},\"limits\":{\"memory\":\"96Mi\"}}}]}}'"
    And 30 seconds pass
    And I run "kubectl get pods"

  Scenario: More memory than the node has, and then a size that fits with less cpu
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: grows}
      spec:
        containers: [{name: app, image: "registry.example/sizes/grows:1", resources: {requests: {cpu: "1", memory: 1Gi}, limits: {cpu: "1", memory: 1Gi}}}]
      """
    Then pod grows eventually Ready
    When 2 seconds pass
    And I run "kubectl patch pod grows --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"memory\":\"64Gi\"},\"limits\":{\"memory\":\"64Gi\"}}}]}}'"
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl patch pod grows --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"500m\",\"memory\":\"2Gi\"},\"limits\":{\"cpu\":\"500m\",\"memory\":\"2Gi\"}}}]}}'"
    And 8 seconds pass
    And I run "kubectl get pods"
