Feature: Pods with sidecars, debug containers and other sizes

  @shared-cluster
  Scenario: Two sidecars with probes around an init container, and the end of all
    Given a cluster with 1 node
    And namespace chain
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: chain
        annotations:
          behaviour.kscenario.dev/proxy: "{http: [{path: /ok, from: 0s, status: 503}, {path: /ok, from: 2s, status: 200}], term: {after: 1s}}"
          behaviour.kscenario.dev/migrate: "exit: {after: 2s, code: 0}"
          behaviour.kscenario.dev/log: "{term: {after: 2s}}"
          behaviour.kscenario.dev/app: "{term: {after: 3s}}"
      spec:
        initContainers:
        - {name: proxy, image: "example.com/chain/proxy:1", restartPolicy: Always, ports: [{containerPort: 15000}], startupProbe: {httpGet: {path: /ok, port: 15000}, periodSeconds: 1, failureThreshold: 30}}
        - {name: migrate, image: "example.com/chain/migrate:1"}
        - {name: log, image: "example.com/chain/log:1", restartPolicy: Always}
        containers:
        - {name: app, image: "example.com/chain/app:1", readinessProbe: {exec: {command: [check]}, periodSeconds: 2}}
      """
    And 1 seconds pass
    And I run "kubectl get pod chain"
    Then pod chain eventually Ready
    When I run:
      """
      kubectl get pod chain
      kubectl describe pod chain
      kubectl get pod chain -o jsonpath='{range .status.initContainerStatuses[*]}{.name} {.ready} {.started} {.restartCount}{"\n"}{end}'
      kubectl delete pod chain --wait=false
      kubectl get pod chain
      """
    Then pod chain eventually gone

  @shared-cluster
  Scenario: A debug container joins, targets another, and a copy is made
    Given a cluster with 1 node
    And namespace debug
    When I run "kubectl run web --image=example.com/debug/web:1 --port=80 --labels=app=web,tier=front --env=A=b"
    Then pod web eventually Ready
    When I run:
      """
      kubectl debug web --image=example.com/debug/tools:1 --container=tools --target=web --profile=general
      kubectl debug web --image=example.com/debug/tools:1 --container=tools --profile=general
      kubectl debug web --image=example.com/debug/tools:1 --target=none --container=other --profile=general
      kubectl debug web --copy-to=web-copy --image=example.com/debug/tools:1 --container=shell --share-processes --profile=general
      kubectl debug web --copy-to=web-new --set-image=web=example.com/debug/web:2 --profile=general
      kubectl debug nothing --image=example.com/debug/tools:1
      """
    And 5 seconds pass
    And I run:
      """
      kubectl get pods web web-copy web-new
      kubectl get pod web -o jsonpath='{.spec.ephemeralContainers[*].name} {.spec.ephemeralContainers[0].targetContainerName} {.status.ephemeralContainerStatuses[*].name}'
      kubectl get pod web-copy -o jsonpath='{.spec.shareProcessNamespace} {.spec.containers[*].name} {.metadata.labels}'
      kubectl get pod web-new -o jsonpath='{.spec.containers[*].image}'
      kubectl describe pod web
      kubectl patch pod web --subresource=ephemeralcontainers -p '{"spec":{"ephemeralContainers":[{"name":"late","image":"missing.example.com/late:1"}]}}'
      kubectl patch pod web -p '{"spec":{"ephemeralContainers":[{"name":"wrong","image":"example.com/x:1"}]}}'
      """
    And 4 seconds pass
    And I run "kubectl get pod web -o jsonpath='{range .status.ephemeralContainerStatuses[*]}{.name} {.state.waiting.reason}{"\n"}{end}'"

  @shared-cluster
  Scenario: A pod grows and shrinks in place beside a quota
    Given a cluster with 1 node
    And each node has 2 cpu and 4Gi memory
    And namespace resize
    When I run "kubectl create quota q --hard=requests.cpu=1,limits.memory=1Gi"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: example.com/resize/web:1
          resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}, {resourceName: memory, restartPolicy: RestartContainer}]
          resources: {requests: {cpu: 200m, memory: 128Mi}, limits: {cpu: 400m, memory: 256Mi}}
        - name: side
          image: example.com/resize/side:1
          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 100m, memory: 64Mi}}
      """
    Then pod web eventually Ready
    When I run:
      """
      kubectl patch pod web --subresource=resize -p '{"spec":{"containers":[{"name":"app","resources":{"requests":{"cpu":"300m"}}}]}}'
      kubectl get quota q -o jsonpath='{.status.used}'
      kubectl patch pod web --subresource=resize -p '{"spec":{"containers":[{"name":"app","resources":{"requests":{"cpu":"950m"},"limits":{"cpu":"1"}}}]}}'
      kubectl patch pod web --subresource=resize -p '{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"512Mi"}}}]}}'
      """
    And 5 seconds pass
    And I run:
      """
      kubectl get pod web
      kubectl get pod web -o jsonpath='{.status.containerStatuses[?(@.name=="app")].restartCount} {.status.containerStatuses[?(@.name=="app")].resources} {.metadata.generation} {.status.observedGeneration}'
      kubectl patch pod web --subresource=resize -p '{"spec":{"containers":[{"name":"app","image":"example.com/x:1"}]}}'
      kubectl patch pod web --subresource=resize -p '{"spec":{"containers":[{"name":"app","resources":{"requests":{"example.com/gpu":"1"},"limits":{"example.com/gpu":"1"}}}]}}'
      kubectl patch pod web --subresource=resize --type=json -p '[{"op":"remove","path":"/spec/containers/0/resources/limits/cpu"}]'
      kubectl patch pod web --subresource=resize -p '{"spec":{"containers":[{"name":"app","resources":{"requests":{"memory":"600Mi"}}}]}}'
      kubectl describe pod web
      kubectl get quota q -o jsonpath='{.status.used}'
      kubectl get events -o custom-columns=REASON:.reason,MESSAGE:.message --sort-by=.lastTimestamp
      """

  @shared-cluster
  Scenario: Liveness and readiness of one container that wavers, watched from the outside
    Given a cluster with 1 node
    And namespace waver
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
        annotations: {behaviour.kscenario.dev/app: "{http: [{path: /, from: 4s, status: 500}, {path: /, from: 7s, status: 200}], exit: {after: 8s, code: 137, times: 1}, start: 1s}"}
      spec:
        terminationGracePeriodSeconds: 2
        containers:
        - name: app
          image: example.com/waver/web:1
          ports: [{containerPort: 80}]
          startupProbe: {tcpSocket: {port: 80}, periodSeconds: 1, failureThreshold: 5}
          readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
          livenessProbe: {httpGet: {path: /live, port: 80}, periodSeconds: 3, failureThreshold: 1}
          lifecycle: {preStop: {exec: {command: [bye]}}}
      """
    Then pod web eventually Ready
    When I run "kubectl get pods -w --request-timeout=12s"
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[0].endpoints[0].conditions}'"
    Then pod web eventually Ready
    And pod web restarted 1 times
    When I run "kubectl describe pod web"
    And I run "kubectl delete pod web"
    Then pod web eventually gone
