Feature: More readiness

  @shared-cluster
  Scenario: A readiness gate that nobody sets, then somebody does
    Given a cluster with 1 node
    And namespace gate
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        readinessGates: [{conditionType: example.com/ready}]
        containers:
          - name: app
            image: registry.example/gate/app:1.0
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      """
    And 5 seconds pass
    And I run "kubectl get pod web -o wide"
    When I run "kubectl patch pod web --subresource=status -p '{\"status\":{\"conditions\":[{\"type\":\"example.com/ready\",\"status\":\"True\"}]}}'"
    Then pod web eventually Ready
    And 2 seconds pass

  @shared-cluster
  Scenario: One of two containers is not ready
    Given a cluster with 1 node
    And namespace halfready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
        annotations:
          behaviour.kscenario.dev/second: "{exec: [{from: 0s, code: 1}, {from: 9s, code: 0}]}"
      spec:
        containers:
          - name: first
            image: registry.example/halfready/first:1.0
          - name: second
            image: registry.example/halfready/second:1.0
            readinessProbe: {exec: {command: [check]}, periodSeconds: 3}
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      """
    And 5 seconds pass
    And I run "kubectl get pod web"
    Then pod web eventually Ready
    And 2 seconds pass

  @shared-cluster
  Scenario: Two successes make it ready, and a restart makes it not
    Given a cluster with 1 node
    And namespace twosuccesses
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 14s, code: 1, times: 1}}"
      spec:
        containers:
          - name: app
            image: registry.example/twosuccesses/app:1.0
            readinessProbe: {exec: {command: [check]}, periodSeconds: 3, successThreshold: 2, initialDelaySeconds: 2}
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      """
    And 32 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: No answer on the port
    Given a cluster with 1 node
    And namespace noanswer
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /readyz, from: 0s, status: 0}, {path: /readyz, from: 9s, status: 200}]}"
      spec:
        containers:
          - name: app
            image: registry.example/noanswer/app:1.0
            ports: [{containerPort: 8080}]
            readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 3, timeoutSeconds: 1}
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      """
    Then pod web eventually Ready
    And 2 seconds pass
