@shared-cluster
Feature: Starting, probing and stopping, with what is seldom set

  Scenario: Hooks of all kinds before the end
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: hooks
        annotations:
          behaviour.kscenario.dev/quick: "{exit: {after: 3s, code: 0}, term: {after: 1s, code: 0}}"
      spec:
        terminationGracePeriodSeconds: 6
        restartPolicy: OnFailure
        containers:
          - {name: sleepy, image: "example.com/lifetwave1/a:1", lifecycle: {preStop: {sleep: {seconds: 2}}, postStart: {sleep: {seconds: 1}}}}
          - {name: none, image: "example.com/lifetwave1/b:1", lifecycle: {preStop: {sleep: {seconds: 0}}}}
          - {name: quick, image: "example.com/lifetwave1/c:1", lifecycle: {preStop: {exec: {command: [bye]}}}}
      """
    And 6 seconds pass
    And I run "kubectl get pod hooks"
    And I run "kubectl delete pod hooks --wait=false"
    And 1 second passes
    And I run "kubectl get pod hooks -o jsonpath='{.status.containerStatuses[*].state}'"
    And 4 seconds pass
    And I run "kubectl get pods"
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        terminationGracePeriodSeconds: -1
        containers:
          - {name: a, image: x, lifecycle: {preStop: {sleep: {seconds: -5}}, postStart: {}}}
          - {name: b, image: x, lifecycle: {preStop: {exec: {command: []}, httpGet: {port: 0}}, stopSignal: SIGTERM}}
          - {name: c, image: x, lifecycle: {postStart: {httpGet: {port: web, path: "", scheme: FTP, httpHeaders: [{name: "bad header", value: x}]}}}}
      """

  Scenario: Probes that are wrong, and ones that take their defaults
    Given a cluster with 1 node
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        containers:
          - name: a
            image: x
            ports: [{name: web, containerPort: 80}]
            readinessProbe: {httpGet: {port: web}, terminationGracePeriodSeconds: 5}
            livenessProbe: {tcpSocket: {port: 0}, successThreshold: 2, periodSeconds: -1}
            startupProbe: {exec: {command: []}, successThreshold: 3, failureThreshold: -1, terminationGracePeriodSeconds: 0}
          - {name: b, image: x, livenessProbe: {grpc: {port: 70000}}, readinessProbe: {}, startupProbe: {exec: {command: [a]}, httpGet: {port: 1}}}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: defaults
        annotations: {behaviour.kscenario.dev/app: "{http: [{path: /live, from: 0s, status: 200}, {path: /live, from: 6s, status: 503}, {path: /ready, from: 0s, status: 503}, {path: /ready, from: 2s, status: 204}, {path: /ready, from: 14s, status: 404}], term: {ignore: true}}"}
      spec:
        terminationGracePeriodSeconds: 30
        containers:
          - name: app
            image: example.com/lifetwave2/app:1
            ports: [{name: web, containerPort: 8080}]
            livenessProbe: {httpGet: {port: web, path: /live, httpHeaders: [{name: X, value: here}]}, periodSeconds: 3, failureThreshold: 2, terminationGracePeriodSeconds: 4}
            readinessProbe: {httpGet: {port: 8080, path: /ready}, periodSeconds: 2, successThreshold: 2, failureThreshold: 1}
            startupProbe: {tcpSocket: {port: 8080}, initialDelaySeconds: 1, periodSeconds: 1}
      """
    Then pod defaults eventually Ready
    When 16 seconds pass
    And I run "kubectl get pod defaults"
    And I run "kubectl describe pod defaults"
    And 4 seconds pass
    And I run "kubectl delete pod defaults --grace-period=2"

  Scenario: Init containers, a sidecar between them that crashes, and one that is never restarted
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: steps
        annotations:
          behaviour.kscenario.dev/first: "{exit: {after: 1s, code: 0}}"
          behaviour.kscenario.dev/proxy: "{exit: {after: 4s, code: 1, times: 1}}"
          behaviour.kscenario.dev/second: "{exit: {after: 9s, code: 0}}"
      spec:
        terminationGracePeriodSeconds: 2
        initContainers:
          - {name: first, image: "example.com/lifetwave3/first:1"}
          - {name: proxy, image: "example.com/lifetwave3/proxy:1", restartPolicy: Always, readinessProbe: {exec: {command: [ok]}, periodSeconds: 1}}
          - {name: second, image: "example.com/lifetwave3/second:1"}
        containers: [{name: app, image: "example.com/lifetwave3/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: never
        annotations:
          behaviour.kscenario.dev/first: "{exit: {after: 2s, code: 7}}"
      spec:
        restartPolicy: Never
        initContainers:
          - {name: proxy, image: "example.com/lifetwave3/proxy:1", restartPolicy: Always}
          - {name: first, image: "example.com/lifetwave3/first:1"}
        containers: [{name: app, image: "example.com/lifetwave3/app:1"}]
      """
    And 6 seconds pass
    And I run "kubectl get pods"
    And 10 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pod never -o jsonpath='{.status.initContainerStatuses[*].state} {.status.containerStatuses[*].state}'"
    And I run "kubectl delete pod steps"
    And I run "kubectl describe pod never"

  Scenario: Debug containers of many shapes, and copies of pods
    Given a cluster with 1 node
    When I run "kubectl run web --image=example.com/lifetwave4/web:1 --port=80"
    Then pod web eventually Ready
    When I run:
      """
      kubectl debug web --image=example.com/lifetwave4/tools:1 -c one --target=web --profile=general
      kubectl debug web --image=example.com/lifetwave4/tools:1 -c one
      kubectl debug web --image=example.com/lifetwave4/tools:1 -c two --profile=restricted --env=A=b --quiet
      kubectl debug web --image=example.com/lifetwave4/tools:1 -c three --profile=netadmin -- sleep 5
      kubectl debug web --image=example.com/lifetwave4/tools:1 -c four --target=nobody
      kubectl debug web --copy-to=copy --set-image=web=example.com/lifetwave4/web:2 --share-processes
      kubectl debug web --copy-to=copy --image=x -c extra
      kubectl debug web --copy-to=second --container=web -- sleep 1
      kubectl debug nobody --image=x
      kubectl debug web
      kubectl debug web --image=x --profile=odd
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get pod web -o jsonpath='{range .spec.ephemeralContainers[*]}{.name} {.targetContainerName} {.command} {.env} {.securityContext}{"; "}{end}'
      kubectl get pod web -o jsonpath='{range .status.ephemeralContainerStatuses[*]}{.name} {.ready} {.restartCount}{"; "}{end}'
      kubectl get pod copy -o jsonpath='{.spec.shareProcessNamespace} {.spec.containers[*].image} {.metadata.labels}'
      kubectl patch pod web --type=json -p '[{"op":"remove","path":"/spec/ephemeralContainers"}]'
      kubectl patch pod web --subresource=ephemeralcontainers --type=json -p '[{"op":"remove","path":"/spec/ephemeralContainers/0"}]'
      kubectl patch pod web --subresource=ephemeralcontainers -p '{"spec":{"ephemeralContainers":[{"name":"bad","image":"x","ports":[{"containerPort":1}],"resources":{"limits":{"cpu":"1"}},"livenessProbe":{"exec":{"command":["a"]}}}]}}'
      """
    And I run "kubectl describe pod web"

  Scenario: Images that are never pulled, always pulled, and whose names are wrong
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: never}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/lifetwave5/never:1", imagePullPolicy: Never}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: upper}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "Example.com/UPPER:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: mixed, annotations: {behaviour.kscenario.dev/b: '{image: "example.com/lifetwave5/b:latest", missing: true}', behaviour.kscenario.dev/a: "{pull: 3s}"}}
      spec:
        terminationGracePeriodSeconds: 1
        imagePullSecrets: [{name: none}]
        containers: [{name: a, image: "example.com/lifetwave5/a@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, {name: b, image: "example.com/lifetwave5/b:latest"}]
      """
    And 6 seconds pass
    And I run "kubectl get pods"
    And 20 seconds pass
    And I run "kubectl get pods -o custom-columns=NAME:.metadata.name,REASON:.status.containerStatuses[*].state.waiting.reason,POLICY:.spec.containers[*].imagePullPolicy"
    And I run "kubectl set image pod never app=example.com/lifetwave5/other:1"
    And I run "kubectl set image pod upper app=example.com/lifetwave5/lower:1"
    And I run "kubectl patch pod mixed --type=merge -p '{\"spec\":{\"imagePullSecrets\":[]}}'"
    And I run "kubectl run bad --image='a b'"
    And I run "kubectl run bad --image="
    And 25 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod mixed"

  Scenario: Deleted with many graces, twice, by force, in the background
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: slow, annotations: {behaviour.kscenario.dev/app: "term: {after: 20s, code: 3}"}}
      spec: {terminationGracePeriodSeconds: 60, containers: [{name: app, image: "example.com/lifetwave6/a:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: forced, annotations: {behaviour.kscenario.dev/app: "term: {after: 20s, code: 3}"}}
      spec: {containers: [{name: app, image: "example.com/lifetwave6/a:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: held, finalizers: [example.com/x]}
      spec: {terminationGracePeriodSeconds: 1, activeDeadlineSeconds: 500, containers: [{name: app, image: "example.com/lifetwave6/a:1"}]}
      """
    Then pod slow eventually Ready
    And pod forced eventually Ready
    And pod held eventually Ready
    When I run:
      """
      kubectl delete pod slow --grace-period=40 --wait=false
      kubectl delete pod slow --grace-period=50 --wait=false
      kubectl get pod slow -o jsonpath='{.metadata.deletionGracePeriodSeconds}'
      kubectl delete pod slow --grace-period=3 --wait=false
      kubectl get pod slow -o jsonpath='{.metadata.deletionGracePeriodSeconds}'
      kubectl delete pod forced --force
      kubectl delete pod forced --grace-period=0
      kubectl delete pod held --now --wait=false
      kubectl delete pod held --dry-run=server --grace-period=0 --force
      kubectl delete pods -l a=b
      kubectl delete pods --all --dry-run=client
      kubectl delete pod
      kubectl delete pod slow -l a=b
      kubectl patch pod held --type=merge -p '{"spec":{"activeDeadlineSeconds":600}}'
      kubectl patch pod held --type=merge -p '{"metadata":{"finalizers":["example.com/x","example.com/y"]}}'
      """
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pod held -o jsonpath='{.status.phase} {.status.containerStatuses[0].state.terminated.exitCode} {.metadata.finalizers}'"
    And I run "kubectl patch pod held --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    And I run "kubectl get pods"
