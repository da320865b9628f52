@shared-cluster
Feature: Deadlines and rules of containers, one beside the other

  Scenario: A deadline over a container that crashes beside a sidecar with a hook
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: over
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 6}}"
      spec:
        activeDeadlineSeconds: 9
        initContainers:
          - name: proxy
            image: registry.example/rules/proxy:1
            restartPolicy: Always
            lifecycle: {preStop: {sleep: {seconds: 3}}}
        containers: [{name: app, image: "registry.example/rules/over:1"}]
      """
    And 25 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod over"

  Scenario: One is never restarted and one by a rule of codes that are not in a list, in a pod of policy Always
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: mixed
        annotations:
          behaviour.kscenario.dev/never: "{exit: {after: 2s, code: 5}}"
          behaviour.kscenario.dev/ruled: "{exit: {after: 3s, code: 3, times: 2}}"
          behaviour.kscenario.dev/other: "{exit: {after: 4s, code: 0, times: 1}}"
      spec:
        containers:
          - {name: never, image: "registry.example/rules/never:1", restartPolicy: Never}
          - name: ruled
            image: registry.example/rules/ruled:1
            restartPolicy: Never
            restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: [1, 2]}}]
          - {name: other, image: "registry.example/rules/other:1"}
      """
    And 35 seconds pass
    And I run "kubectl get pods"

  Scenario: An init container that is never restarted fails in a pod of policy Always
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: strict
        annotations:
          behaviour.kscenario.dev/check: "{exit: {after: 2s, code: 1}}"
      spec:
        initContainers:
          - {name: check, image: "registry.example/rules/check:1", restartPolicy: Never}
        containers: [{name: app, image: "registry.example/rules/strict:1"}]
      """
    And 12 seconds pass
    And I run "kubectl get pods"

  Scenario: Policies of its own let each container of a pod of policy Always end
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: ends
        annotations:
          behaviour.kscenario.dev/well: "{exit: {after: 2s, code: 0}}"
          behaviour.kscenario.dev/badly: "{exit: {after: 4s, code: 2}}"
      spec:
        containers:
          - {name: well, image: "registry.example/rules/well:1", restartPolicy: OnFailure}
          - {name: badly, image: "registry.example/rules/badly:1", restartPolicy: Never}
      """
    And 14 seconds pass
    And I run "kubectl get pods"
