Feature: Pods of manifest files with probes, init containers and restarts

  Scenario: A liveness probe of a static pod fails, and its mirror is deleted
    Given a cluster with 1 node
    When I put the manifest file "live.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: live
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 8s, code: 1}]}"
      spec:
        terminationGracePeriodSeconds: 1
        containers:
          - name: app
            image: registry.example/manifest/live:1
            livenessProbe: {exec: {command: [check]}, periodSeconds: 3, failureThreshold: 2}
      """
    Then pod live-worker-1 eventually Ready
    When 3 seconds pass
    And I run "kubectl delete pod live-worker-1 --force --grace-period=0"
    And 30 seconds pass
    And I run "kubectl get pods"

  Scenario: A static pod with an init container, and its node is restarted
    Given a cluster with 1 node
    When I put the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 2s, code: 0}}"
      spec:
        initContainers: [{name: prepare, image: "registry.example/manifest/prepare:1"}]
        containers: [{name: app, image: "registry.example/manifest/web:1"}]
      """
    Then pod web-worker-1 eventually Ready
    When 4 seconds pass
    And I run "kubectl get pods"
    And I put the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: other}
      spec:
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/manifest/other:1"}]
      """
    Then pod other-worker-1 eventually Ready
    And pod web-worker-1 eventually gone
    When 3 seconds pass
    And I run "kubectl get pods"

  Scenario: A static pod of policy OnFailure fails beside a sidecar, and its file goes
    Given a cluster with 1 node
    When I put the manifest file "task.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 1}}"
          behaviour.kscenario.dev/proxy: "{term: {after: 1s, code: 0}}"
      spec:
        restartPolicy: OnFailure
        initContainers: [{name: proxy, image: "registry.example/manifest/proxy:1", restartPolicy: Always}]
        containers: [{name: app, image: "registry.example/manifest/task:1"}]
      """
    And 25 seconds pass
    And I run "kubectl get pods"
    And I remove the manifest file "task.yaml" from node worker-1
    Then pod task-worker-1 eventually gone
    When 2 seconds pass
