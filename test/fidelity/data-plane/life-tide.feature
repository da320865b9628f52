@shared-cluster
Feature: Lives of pods that take odd turns

  Scenario: Probes flip, a container ends well, and the policy is OnFailure
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: flips
        labels: {app: flips}
        annotations:
          behaviour.kscenario.dev/web: "{http: [{path: /r, from: 0s, status: 200}, {path: /r, from: 4s, status: 500}, {path: /r, from: 8s, status: 302}, {path: /r, from: 12s, status: 0}]}"
          behaviour.kscenario.dev/once: "{exit: {after: 6s, code: 0}}"
          behaviour.kscenario.dev/twice: "{exit: {after: 3s, code: 2, times: 1}}"
      spec:
        restartPolicy: OnFailure
        terminationGracePeriodSeconds: 1
        containers:
          - {name: web, image: "example.com/lifetide1/web:1", ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 80, path: /r}, periodSeconds: 1, failureThreshold: 2, timeoutSeconds: 1}}
          - {name: once, image: "example.com/lifetide1/once:1"}
          - {name: twice, image: "example.com/lifetide1/twice:1"}
      """
    And 9 seconds pass
    And I run "kubectl get pod flips -o jsonpath='{range .status.containerStatuses[*]}{.name} {.ready} {.restartCount} {.state}{\"; \"}{end}'"
    And I run "kubectl get pod flips -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason} {.message};{end}'"
    And 10 seconds pass
    And I run "kubectl describe pod flips"

  Scenario: A sidecar that is never ready, work that ends, and a job that counts it
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: work}
      spec:
        backoffLimit: 1
        template:
          metadata:
            annotations:
              behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 1}], term: {after: 2s, code: 143}}"
              behaviour.kscenario.dev/main: "{exit: {after: 4s, code: 0}}"
              behaviour.kscenario.dev/prep: "{exit: {after: 1s, code: 1, times: 1}}"
          spec:
            restartPolicy: OnFailure
            terminationGracePeriodSeconds: 5
            initContainers:
              - {name: prep, image: "example.com/lifetide2/prep:1"}
              - {name: proxy, image: "example.com/lifetide2/proxy:1", restartPolicy: Always, readinessProbe: {exec: {command: [c]}, periodSeconds: 1}}
            containers: [{name: main, image: "example.com/lifetide2/main:1"}]
      """
    And 7 seconds pass
    And I run "kubectl get pods"
    And 8 seconds pass
    And I run "kubectl get jobs,pods"
    And I run "kubectl get pods -o jsonpath='{range .items[0].status.initContainerStatuses[*]}{.name} {.ready} {.started} {.restartCount} {.state}{\"; \"}{end}'"
    And I run "kubectl get job work -o jsonpath='{.status}'"

  Scenario: A startup probe of a sidecar fails again and again
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: stuck
        annotations: {behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 1}], term: {after: 1s, code: 0}}"}
      spec:
        terminationGracePeriodSeconds: 3
        initContainers: [{name: proxy, image: "example.com/lifetide3/proxy:1", restartPolicy: Always, startupProbe: {exec: {command: [c]}, periodSeconds: 1, failureThreshold: 2}}]
        containers: [{name: app, image: "example.com/lifetide3/app:1"}]
      """
    And 5 seconds pass
    And I run "kubectl get pods"
    And 20 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod stuck"
    And I run "kubectl delete pod stuck --wait=false"
    And 5 seconds pass
    And I run "kubectl get pods"

  Scenario: Pods of a kubelet that is told of too much at once
    Given a cluster with 1 node
    And each node has 1 cpu and 1Gi memory
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: named-cpu}
      spec: {nodeName: worker-1, terminationGracePeriodSeconds: 1, containers: [{name: a, image: "example.com/lifetide5/a:1", resources: {requests: {cpu: 700m}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: named-more}
      spec: {nodeName: worker-1, terminationGracePeriodSeconds: 1, containers: [{name: a, image: "example.com/lifetide5/a:1", resources: {requests: {cpu: 700m, memory: 2Gi}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: named-selector}
      spec: {nodeName: worker-1, nodeSelector: {disk: ssd}, containers: [{name: a, image: "example.com/lifetide5/a:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: named-taint}
      spec: {nodeName: worker-1, os: {name: windows}, containers: [{name: a, image: "example.com/lifetide5/a:1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: pinned}
      spec:
        replicas: 1
        selector: {matchLabels: {app: pinned}}
        template:
          metadata: {labels: {app: pinned}}
          spec: {nodeName: worker-1, terminationGracePeriodSeconds: 1, containers: [{name: a, image: "example.com/lifetide5/a:1", resources: {requests: {cpu: 200m}}}]}
      """
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pods -o custom-columns=PHASE:.status.phase,REASON:.status.reason,MESSAGE:.status.message"
    And I run "kubectl describe pod named-more"
    And I run "kubectl delete pod named-more named-selector named-taint"
    And I run "kubectl get events --field-selector type=Warning -o custom-columns=REASON:.reason,NAME:.involvedObject.name,MESSAGE:.message"

  Scenario: Gates, conditions and statuses that others write
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: gated, labels: {app: gated}}
      spec:
        terminationGracePeriodSeconds: 1
        readinessGates: [{conditionType: example.com/one}, {conditionType: example.com/two}]
        containers: [{name: app, image: "example.com/lifetide6/app:1"}]
      """
    Then pod gated eventually Running
    When I run:
      """
      kubectl get pod gated -o wide
      kubectl patch pod gated --subresource=status -p '{"status":{"conditions":[{"type":"example.com/one","status":"True","reason":"Hand","message":"by hand"}]}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pod gated -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason} {.message};{end}'
      kubectl patch pod gated --subresource=status -p '{"status":{"conditions":[{"type":"example.com/two","status":"Unknown"}]}}'
      kubectl patch pod gated --subresource=status -p '{"status":{"conditions":[{"type":"example.com/two","status":"Maybe"}]}}'
      kubectl patch pod gated --subresource=status -p '{"status":{"phase":"Pending","hostIP":"1.2.3.4"}}'
      kubectl patch pod gated --subresource=status -p '{"status":{"containerStatuses":[{"name":"app","ready":false,"restartCount":5,"image":"x","imageID":"y"}]}}'
      kubectl patch pod gated --subresource=status -p '{"status":{"qosClass":"Guaranteed"}}'
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pod gated -o jsonpath='{.status.phase} {.status.hostIP} {.status.containerStatuses[0].restartCount} {.status.qosClass}'
      kubectl patch pod gated --subresource=status -p '{"status":{"conditions":[{"type":"example.com/two","status":"True"}]}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pod gated -o wide
      kubectl patch pod gated -p '{"spec":{"readinessGates":[]}}'
      kubectl patch pod gated -p '{"spec":{"tolerations":[{"key":"a","operator":"Exists"}]}}'
      kubectl patch pod gated -p '{"spec":{"terminationGracePeriodSeconds":5}}'
      kubectl patch pod gated -p '{"spec":{"activeDeadlineSeconds":100}}'
      kubectl patch pod gated -p '{"spec":{"containers":[{"name":"app","env":[{"name":"A","value":"b"}]}]}}'
      kubectl patch pod gated -p '{"spec":{"nodeName":"other"}}'
      kubectl patch pod gated -p '{"spec":{"schedulingGates":[{"name":"x"}]}}'
      kubectl label pod gated app- x=y
      kubectl get pod gated --show-labels
      kubectl get pod gated -o jsonpath='{.metadata.generation} {.status.observedGeneration}'
      """
