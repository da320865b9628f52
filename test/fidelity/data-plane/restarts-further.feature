@shared-cluster
Feature: Policies of restart, mixed

  Scenario: Policies and rules of three containers of one pod
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: mixed
        annotations:
          behaviour.kscenario.dev/once: "{exit: {after: 2s, code: 1}}"
          behaviour.kscenario.dev/ruled: "{exit: {after: 3s, code: 42, times: 2}}"
          behaviour.kscenario.dev/fails: "{exit: {after: 4s, code: 2, times: 1}}"
      spec:
        restartPolicy: Always
        containers:
          - {name: once, image: "registry.example/mixed/once:1", restartPolicy: Never}
          - name: ruled
            image: registry.example/mixed/ruled:1
            restartPolicy: Never
            restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42, 43]}}]
          - {name: fails, image: "registry.example/mixed/fails:1", restartPolicy: OnFailure}
      """
    And 35 seconds pass
    And I run "kubectl get pod mixed"

  Scenario: A liveness probe and a rule of another exit code
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: ruled
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 0}, {from: 3s, code: 1}], term: {code: 5}}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/mixed/probed:1
            restartPolicy: OnFailure
            restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: [5]}}]
            livenessProbe: {exec: {command: [check]}, periodSeconds: 1, failureThreshold: 2}
      """
    And 16 seconds pass
    And I run "kubectl get pod ruled"

  Scenario: OnFailure: one ends well at once, another fails twice and then ends well
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: batch
        annotations:
          behaviour.kscenario.dev/quick: "{exit: {after: 0s, code: 0}}"
          behaviour.kscenario.dev/tries: "{exit: {after: 2s, code: 1, times: 1}}"
          behaviour.kscenario.dev/long: "{exit: {after: 9s, code: 0}}"
      spec:
        restartPolicy: OnFailure
        activeDeadlineSeconds: 20
        containers:
          - {name: quick, image: "registry.example/mixed/quick:1"}
          - {name: tries, image: "registry.example/mixed/tries:1"}
          - {name: long, image: "registry.example/mixed/long:1"}
      """
    And 26 seconds pass
    And I run "kubectl get pod batch"

  Scenario: A Deployment whose containers crash is rolled back
    Given a cluster with 1 node
    When I run "kubectl create deployment web --image=registry.example/mixed/web:1 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl patch deployment web -p '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"behaviour.kscenario.dev/web\":\"{exit: {after: 1s, code: 1}}\"}}}}}'"
    And 14 seconds pass
    And I run "kubectl get deployment web"
    And I run "kubectl rollout undo deployment web"
    And 5 seconds pass
    And I run "kubectl get deployment web"
    And I run "kubectl delete deployment web"
    Then 0 pods labelled app=web eventually gone
