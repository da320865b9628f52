Feature: Pods of a course, from the first to the odd ones

  @shared-cluster
  Scenario: A first pod is made, looked at, changed, and goes
    Given a cluster with 1 node
    And namespace first-pod
    When I run:
      """
      kubectl run nginx --image=nginx
      kubectl get pods
      kubectl wait --for=condition=Ready pod/nginx --timeout=60s
      kubectl get pod nginx -o wide
      kubectl describe pod nginx
      kubectl get pod nginx -o yaml
      kubectl label pod nginx env=test
      kubectl get pods --show-labels
      kubectl annotate pod nginx description='a first pod'
      kubectl set image pod/nginx nginx=nginx:1.27
      kubectl expose pod nginx --port=80 --name=front
      kubectl get svc front -o yaml
      kubectl get all
      kubectl run nginx --image=nginx
      kubectl run box --image=busybox --restart=Never --command -- sh -c 'echo hello'
      kubectl run once --image=busybox --restart=OnFailure -- sleep 5
      kubectl get pod box -o jsonpath='{.spec.containers[0].command} {.spec.containers[0].args} {.spec.restartPolicy}'
      kubectl get pod once -o jsonpath='{.spec.containers[0].command} {.spec.containers[0].args} {.spec.restartPolicy}'
      kubectl run Bad_Name --image=nginx
      kubectl run noimage
      kubectl run bad --image='nginx latest'
      kubectl run port --image=nginx --port=99999
      kubectl run lab --image=nginx --labels='a=b,c'
      kubectl run dry --image=nginx --port=80 --env=A=1 --labels=app=dry,tier=x --dry-run=client -o yaml
      kubectl run dry --image=nginx --expose --port=80 --dry-run=client -o yaml
      kubectl delete pod nginx box once
      kubectl get pods
      """

  @shared-cluster
  Scenario: Two init containers, a hook, a slow start and a slow end
    Given a cluster with 1 node
    And namespace hooks
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: slow
        annotations:
          behaviour.kscenario.dev/one: "exit: {after: 2s, code: 0}"
          behaviour.kscenario.dev/two: "exit: {after: 1s, code: 0}"
          behaviour.kscenario.dev/app: "{start: 2s, term: {after: 3s, code: 3}}"
      spec:
        terminationGracePeriodSeconds: 8
        initContainers:
        - {name: one, image: "example.com/hooks/one:1"}
        - {name: two, image: "example.com/hooks/two:1"}
        containers:
        - name: app
          image: example.com/hooks/app:1
          lifecycle:
            postStart: {exec: {command: [hello]}}
            preStop: {sleep: {seconds: 2}}
      """
    And 1 seconds pass
    And I run "kubectl get pod slow"
    Then pod slow eventually Ready within 2m
    When I run:
      """
      kubectl get pod slow
      kubectl describe pod slow
      kubectl get pod slow -o jsonpath='{range .status.initContainerStatuses[*]}{.name} {.restartCount} {.state.terminated.exitCode} {.ready}{"\n"}{end}'
      kubectl delete pod slow --wait=false
      kubectl get pod slow -o jsonpath='{.metadata.deletionGracePeriodSeconds} {.status.phase}'
      """
    And 4 seconds pass
    And I run "kubectl get pod slow"
    And I run "kubectl delete pod slow --grace-period=1"
    Then pod slow eventually gone

  @shared-cluster
  Scenario: A pod whose image comes late, whose pull is slow, and whose policy is Never
    Given a cluster with 1 node
    And namespace pulls
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: slow, annotations: {behaviour.kscenario.dev/app: "{pull: 6s}"}}
      spec: {containers: [{name: app, image: "example.com/pulls/slow:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: never}
      spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/pulls/never:1", imagePullPolicy: Never}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: typo, annotations: {behaviour.kscenario.dev/app: "{image: 'example.com/pulls/tpyo:1', missing: true}"}}
      spec: {containers: [{name: app, image: "example.com/pulls/tpyo:1"}]}
      """
    Then pod typo eventually ImagePullBackOff
    When I run:
      """
      kubectl get pods
      kubectl describe pod never
      kubectl set image pod/typo app=example.com/pulls/typo:1
      """
    Then pod typo eventually Ready within 2m
    And pod slow eventually Ready
    When I run:
      """
      kubectl describe pod typo
      kubectl describe pod slow
      kubectl set image pod/never app=example.com/pulls/slow:1
      """
    Then pod never eventually Ready within 2m
    When I run "kubectl get pods -o custom-columns=NAME:.metadata.name,ID:.status.containerStatuses[0].imageID,RESTARTS:.status.containerStatuses[0].restartCount"

  @shared-cluster
  Scenario: A crash loop is looked at, mended and watched
    Given a cluster with 1 node
    And namespace loops
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api}
      spec:
        replicas: 1
        selector: {matchLabels: {app: api}}
        template:
          metadata:
            labels: {app: api}
            annotations: {behaviour.kscenario.dev/app: "{image: 'example.com/loops/api:1', exit: {after: 1s, code: 2}}"}
          spec: {containers: [{name: app, image: "example.com/loops/api:1"}]}
      """
    Then pods labelled app=api eventually CrashLoopBackOff
    When I run:
      """
      kubectl get pods -l app=api
      kubectl describe pods -l app=api
      kubectl get deployment api
      kubectl rollout status deployment api --timeout=2s
      kubectl get pods -l app=api -o jsonpath='{.items[0].status.containerStatuses[0].lastState.terminated.exitCode} {.items[0].status.containerStatuses[0].state.waiting.reason}'
      kubectl events --types=Warning
      kubectl annotate deployment api kubernetes.io/change-cause=mended
      kubectl patch deployment api -p '{"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/app":"{}"}}}}}'
      kubectl rollout status deployment api --timeout=30s
      kubectl get pods -l app=api
      kubectl rollout history deployment api
      kubectl get rs
      """
