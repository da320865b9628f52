Feature: More of everything a kubelet does

  @shared-cluster
  Scenario: A crash loop beside a sidecar
    Given a cluster with 1 node
    And namespace crashside
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 1}}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/crashside/proxy:1.0
            restartPolicy: Always
        containers:
          - name: app
            image: registry.example/crashside/app:1.0
      """
    And 24 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A preStop hook of a sidecar
    Given a cluster with 1 node
    And namespace sidehook
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 2s}}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/sidehook/proxy:1.0
            restartPolicy: Always
            lifecycle: {preStop: {sleep: {seconds: 3}}}
        containers:
          - name: app
            image: registry.example/sidehook/app:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A postStart hook that sleeps
    Given a cluster with 1 node
    And namespace startsleep
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/startsleep/app:1.0
            lifecycle: {postStart: {sleep: {seconds: 4}}}
          - name: next
            image: registry.example/startsleep/next:1.0
      """
    Then pod web eventually Ready
    And 2 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A Job whose container is killed for want of memory, with one retry
    Given a cluster with 1 node
    And namespace joboom
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: report
      spec:
        backoffLimit: 1
        template:
          metadata:
            annotations:
              behaviour.kscenario.dev/app: "{exit: {after: 2s, oom: true}}"
          spec:
            restartPolicy: OnFailure
            containers:
              - name: app
                image: registry.example/joboom/report:1.0
      """
    And 14 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job report"

  @shared-cluster
  Scenario: Startup, liveness and readiness together
    Given a cluster with 1 node
    And namespace allthree
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /s, from: 0s, status: 503}, {path: /s, from: 5s, status: 200}, {path: /r, from: 0s, status: 503}, {path: /r, from: 10s, status: 200}, {path: /l, from: 18s, status: 500}]}"
      spec:
        containers:
          - name: app
            image: registry.example/allthree/app:1.0
            ports: [{containerPort: 8080}]
            startupProbe: {httpGet: {path: /s, port: 8080}, periodSeconds: 2, failureThreshold: 10}
            readinessProbe: {httpGet: {path: /r, port: 8080}, periodSeconds: 2}
            livenessProbe: {httpGet: {path: /l, port: 8080}, periodSeconds: 3, failureThreshold: 2}
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      """
    And 34 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A debug container that joins and fails, and the pod goes
    Given a cluster with 1 node
    And namespace debugfails
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/tools: "{startError: 'no such file'}"
      spec:
        containers:
          - name: app
            image: registry.example/debugfails/app:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl debug web --image=registry.example/debugfails/tools:1.0 --container=tools --profile=general"
    And 6 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: An image that cannot be pulled, with policy Never
    Given a cluster with 1 node
    And namespace missnever
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{missing: true}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/missnever/app:1.0
      """
    And 20 seconds pass
    And I run "kubectl get pod task"
    And I run "kubectl delete pod task --wait=false"
    Then pod task eventually gone

  @shared-cluster
  Scenario: A grace period of zero seconds in the pod
    Given a cluster with 1 node
    And namespace gracezero
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {ignore: true}}"
      spec:
        terminationGracePeriodSeconds: 0
        containers:
          - name: app
            image: registry.example/gracezero/app:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone
    And 3 seconds pass
