Feature: More that goes wrong at the start

  @shared-cluster
  Scenario: The environment wants a key that is missing
    Given a cluster with 1 node
    And namespace envkey
    When I run "kubectl create secret generic key --from-literal=a=b"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/envkey/web:1.0
            env: [{name: B, valueFrom: {secretKeyRef: {name: key, key: b}}}]
      """
    And 6 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: The pull secret is missing
    Given a cluster with 1 node
    And namespace pullsecret
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        imagePullSecrets: [{name: registry}]
        containers:
          - name: app
            image: registry.example/pullsecret/web:1.0
      """
    And 6 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A RuntimeClass whose handler the runtime does not know
    Given a cluster with 1 node
    And namespace handler
    When I apply:
      """
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata:
        name: sandboxed
      handler: unknown
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        runtimeClassName: sandboxed
        containers:
          - name: app
            image: registry.example/handler/web:1.0
      """
    And 5 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A RuntimeClass that does not exist
    Given a cluster with 1 node
    And namespace noclass
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        runtimeClassName: nothing
        containers:
          - name: app
            image: registry.example/noclass/web:1.0
      """
    Then the last command fails
    And 1 seconds pass
