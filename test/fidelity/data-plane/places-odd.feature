Feature: Places that are taken and given back

  @shared-cluster
  Scenario: A toleration of eight seconds, and a taint that is taken away in time
    Given a cluster with 1 node
    And namespace tolerated
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: eight}
      spec:
        tolerations: [{key: gone, operator: Exists, effect: NoExecute, tolerationSeconds: 8}]
        containers: [{name: app, image: "registry.example/tolerated/app:1.0"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: never}
      spec:
        terminationGracePeriodSeconds: 3
        containers: [{name: app, image: "registry.example/tolerated/app:1.0"}]
      """
    Then pod eight eventually Ready
    And pod never eventually Ready
    When I run "kubectl taint node worker-1 gone=yes:NoExecute"
    And 4 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl taint node worker-1 gone-"
    And 7 seconds pass
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: A resize waits for the room of a pod that goes
    Given a cluster with 1 node
    And namespace resizewaits
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: big}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "registry.example/resizewaits/app:1.0", resources: {requests: {cpu: "3"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/resizewaits/app:1.0", resources: {requests: {cpu: 500m}}}]
      """
    Then pod web eventually Ready
    And pod big eventually Ready
    When I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"2\"}}}]}}'"
    And 3 seconds pass
    And I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"1500m\"}}}]}}'"
    And 3 seconds pass
    And I run "kubectl delete pod big"
    And 5 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: Requests for the pod as a whole, and two debug containers
    Given a cluster with 1 node
    And namespace wholepod
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/one: "{exit: {after: 1s, code: 0}}"
      spec:
        resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: "1", memory: 128Mi}}
        containers:
          - {name: app, image: "registry.example/wholepod/app:1.0", resources: {requests: {cpu: 100m}}}
          - {name: two, image: "registry.example/wholepod/app:1.0"}
      """
    Then pod web eventually Ready
    And I run "kubectl debug web -c one --image=registry.example/wholepod/one:1.0"
    And I run "kubectl debug web -c more --image=registry.example/wholepod/one:1.0"
    And 4 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl describe pod web"
    And I run "kubectl delete pod web --grace-period=2 --wait=false"
    Then pod web eventually gone
