Feature: Starts with a turn

  @shared-cluster
  Scenario: Rules of an init container: exit code 3 is tried again, exit code 4 is the end
    Given a cluster with 1 node
    And namespace initrules
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: good
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 3, times: 1}}"
      spec:
        restartPolicy: Never
        initContainers:
          - {name: prepare, image: "registry.example/initrules/a:1.0", restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [3]}}]}
        containers:
          - {name: app, image: "registry.example/initrules/app:1.0"}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: bad
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 4}}"
      spec:
        restartPolicy: Always
        initContainers:
          - {name: prepare, image: "registry.example/initrules/a:1.0", restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [3]}}]}
        containers:
          - {name: app, image: "registry.example/initrules/app:1.0"}
      """
    And 9 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod good bad --wait=false"
    And 2 seconds pass

  @shared-cluster
  Scenario: Policy Always pulls at every start of a container that crashes, and the image goes missing
    Given a cluster with 1 node
    And namespace alwayscrash
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{image: 'registry.example/alwayscrash/app:2.0', missing: true, exit: {after: 2s, code: 1}}"
      spec:
        containers:
          - {name: app, image: "registry.example/alwayscrash/app:1.0", imagePullPolicy: Always}
      """
    And 7 seconds pass
    And I run "kubectl set image pod/web app=registry.example/alwayscrash/app:2.0"
    And 14 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --grace-period=1 --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A sidecar that is never started up holds back the work, and its pod is deleted
    Given a cluster with 1 node
    And namespace sidestuck
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 1}], term: {after: 1s, code: 2}}"
      spec:
        initContainers:
          - {name: proxy, image: "registry.example/sidestuck/p:1.0", restartPolicy: Always, startupProbe: {exec: {command: [up]}, periodSeconds: 2, failureThreshold: 3}}
          - {name: prepare, image: "registry.example/sidestuck/p:1.0"}
        containers:
          - {name: app, image: "registry.example/sidestuck/app:1.0"}
      """
    And 12 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone
