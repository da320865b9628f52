Feature: What happens while a part of the control plane is away

  Scenario: kube-apiserver is away while a task ends, a container runs out of memory and another turns unready
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: task}
      spec:
        template:
          metadata:
            annotations:
              behaviour.kscenario.dev/app: "{exit: {after: 14s, code: 0}}"
          spec:
            restartPolicy: Never
            containers: [{name: app, image: "registry.example/within/task:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: hungry
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 13s, oom: true, times: 1}}"
      spec:
        containers: [{name: app, image: "registry.example/within/hungry:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: flips
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 0}, {from: 15s, code: 1}]}"
      spec:
        containers:
          - name: app
            image: registry.example/within/flips:1
            readinessProbe: {exec: {command: [check]}, periodSeconds: 3, failureThreshold: 2}
      """
    Then pod flips eventually Ready
    And pod hungry eventually Ready
    When 2 seconds pass
    And kube-apiserver goes down
    And 32 seconds pass
    And kube-apiserver comes back
    Then job task eventually Complete within 2m
    When 10 seconds pass
    And I run "kubectl get pods"

  Scenario: etcd is away while a liveness probe fails and a pod is being deleted
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: live
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 12s, code: 1}]}"
      spec:
        terminationGracePeriodSeconds: 1
        containers:
          - name: app
            image: registry.example/within/live:1
            livenessProbe: {exec: {command: [check]}, periodSeconds: 3, failureThreshold: 1}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: leaves
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 6s, code: 0}}"
      spec:
        containers: [{name: app, image: "registry.example/within/leaves:1"}]
      """
    Then pod live eventually Ready
    And pod leaves eventually Ready
    When I run "kubectl delete pod leaves --wait=false"
    And 1 second pass
    And etcd goes down
    And 20 seconds pass
    And etcd comes back
    Then pod leaves eventually gone within 2m
    When 15 seconds pass
    And I run "kubectl get pods"

  Scenario: Without kube-controller-manager a node goes and comes back
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: app, image: "registry.example/within/web:1"}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      """
    Then deployment web eventually has 1 ready replicas
    When kube-controller-manager goes down
    And node worker-1 goes down
    And 6 seconds pass
    And node worker-1 comes back
    And 15 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get nodes"
    And kube-controller-manager comes back
    Then deployment web eventually has 1 ready replicas within 2m
    When 25 seconds pass
    And I run "kubectl get deployment web"

  Scenario: kube-apiserver hangs while a pod with a hook is deleted and an init container fails
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: hook}
      spec:
        terminationGracePeriodSeconds: 12
        containers:
          - name: app
            image: registry.example/within/hook:1
            lifecycle: {preStop: {sleep: {seconds: 5}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: begins
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 9s, code: 3, times: 1}}"
      spec:
        initContainers: [{name: prepare, image: "registry.example/within/prepare:1"}]
        containers: [{name: app, image: "registry.example/within/begins:1"}]
      """
    Then pod hook eventually Ready
    When I run "kubectl delete pod hook --wait=false"
    And 1 second pass
    And kube-apiserver hangs
    And 22 seconds pass
    And kube-apiserver resumes
    Then pod hook eventually gone within 2m
    When 20 seconds pass
    And I run "kubectl get pods"
