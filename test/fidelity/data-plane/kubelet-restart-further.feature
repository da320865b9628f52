Feature: A node is restarted, and what its kubelet makes of the pods it finds

  Scenario: A pod that waits in its back-off and one whose init container crashes
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: backoff
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 3, times: 2}}"
      spec:
        containers: [{name: app, image: "registry.example/waits/backoff:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: starting
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 4}}"
      spec:
        restartPolicy: OnFailure
        initContainers: [{name: prepare, image: "registry.example/waits/prepare:1"}]
        containers: [{name: app, image: "registry.example/waits/starting:1"}]
      """
    Then pod starting eventually restarted 0 times
    When 7 seconds pass
    And I run "kubectl get pods"
    And node worker-1 goes down
    And 4 seconds pass
    And node worker-1 comes back
    And 25 seconds pass
    And I run "kubectl get pods"

  Scenario: Deleted by force while its node is away, and made again under its name
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "registry.example/again/web:1"}]
      """
    Then pod web eventually Ready
    When 3 seconds pass
    And node worker-1 goes down
    And I run "kubectl delete pod web --force --grace-period=0"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/again/web:2"}]
      """
    And 5 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    Then pod web eventually Ready
    When 10 seconds pass
    And I run "kubectl get pods"

  Scenario: Jobs on a node that is restarted at once
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: never}
      spec:
        backoffLimit: 2
        template:
          spec:
            restartPolicy: Never
            containers: [{name: app, image: "registry.example/jobs/never:1"}]
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: onfailure}
      spec:
        backoffLimit: 2
        template:
          spec:
            restartPolicy: OnFailure
            containers: [{name: app, image: "registry.example/jobs/onfailure:1"}]
      """
    Then job never eventually has field .status.ready "1"
    And job onfailure eventually has field .status.ready "1"
    When 3 seconds pass
    And node worker-1 goes down
    And 4 seconds pass
    And node worker-1 comes back
    And 30 seconds pass
    And I run "kubectl get jobs"
    And I run "kubectl get pods"

  Scenario: A ConfigMap comes while the node of the pod that needs it is away
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: env}
      spec:
        containers:
          - name: app
            image: registry.example/late/env:1
            env: [{name: A, valueFrom: {configMapKeyRef: {name: late, key: a}}}]
      """
    Then pod env eventually CreateContainerConfigError
    When 2 seconds pass
    And node worker-1 goes down
    And I run "kubectl create configmap late --from-literal=a=1"
    And 4 seconds pass
    And node worker-1 comes back
    Then pod env eventually Ready
    When 5 seconds pass
    And I run "kubectl get pods"

  Scenario: The kubelet of a node hangs while a pod of it is deleted and another is made
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: one}
      spec:
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/hang/one:1"}]
      """
    Then pod one eventually Ready
    When 2 seconds pass
    And node worker-1 hangs
    And I run "kubectl delete pod one --wait=false"
    And I run "kubectl run two --image=registry.example/hang/two:1 --restart=Never"
    And 12 seconds pass
    And I run "kubectl get pods"
    And node worker-1 resumes
    Then pod one eventually gone
    And pod two eventually Ready
    When 3 seconds pass
    And I run "kubectl get pods"
