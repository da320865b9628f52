Feature: Pods of manifest files on a node

  Scenario: A file comes, its mirror is deleted, the file goes
    Given a cluster with 1 node
    And namespace static
    When I put the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        namespace: static
        labels: {app: web}
      spec:
        terminationGracePeriodSeconds: 4
        containers:
          - name: app
            image: registry.example/static/app:1.0
            ports: [{containerPort: 8080}]
      """
    Then pod web-worker-1 eventually Ready
    And 2 seconds pass
    When I run "kubectl get pod web-worker-1 -o wide"
    And I run "kubectl describe pod web-worker-1"
    And I run "kubectl delete pod web-worker-1 --wait=false"
    And 14 seconds pass
    And I run "kubectl get pod web-worker-1"
    And I run "kubectl delete pod web-worker-1 --force --grace-period=0"
    And 14 seconds pass
    And I run "kubectl get pod web-worker-1"
    And I remove the manifest file "web.yaml" from node worker-1
    Then pod web-worker-1 eventually gone
    And 2 seconds pass

  Scenario: A file changes, and another has a container that crashes
    Given a cluster with 1 node
    When I put the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 2s}}"
      spec:
        containers:
          - name: app
            image: registry.example/static/app:1.0
      """
    And I put the manifest file "crash.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: crash
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 3s, code: 1}}"
      spec:
        containers:
          - name: app
            image: registry.example/static/crash:1.0
      """
    Then pod web-worker-1 eventually Ready
    And 4 seconds pass
    When I put the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 2s}}"
      spec:
        containers:
          - name: app
            image: registry.example/static/app:2.0
      """
    And 16 seconds pass
    And I run "kubectl get pods"

  Scenario: No kube-apiserver: static pods come and go all the same
    Given a cluster with 1 node
    When kube-apiserver goes down
    And I put the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        terminationGracePeriodSeconds: 1
        containers:
          - name: app
            image: registry.example/static/app:1.0
      """
    And 10 seconds pass
    And kube-apiserver comes back
    Then pod web-worker-1 eventually Ready within 3m
    And 12 seconds pass
    And I run "kubectl get pods"
    When I run "kubectl delete pod web-worker-1 --wait=false"
    And I remove the manifest file "web.yaml" from node worker-1
    And 10 seconds pass
    And I run "kubectl get pods"

  Scenario: What a manifest may not say
    Given a cluster with 1 node
    When I put the manifest file "secret.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: secret
      spec:
        volumes: [{name: s, secret: {secretName: s}}]
        containers:
          - {name: app, image: "registry.example/static/app:1.0"}
      """
    And I put the manifest file "nothing.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: nothing
      spec:
        containers: []
      """
    And I put the manifest file "big.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: big
      spec:
        containers:
          - {name: app, image: "registry.example/static/app:1.0", resources: {requests: {cpu: "64"}}}
      """
    And I put the manifest file "done.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: done
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 0}}"
      spec:
        restartPolicy: Never
        containers:
          - {name: app, image: "registry.example/static/app:1.0"}
      """
    And 12 seconds pass
    And I run "kubectl get pods"
    And I remove the manifest file "done.yaml" from node worker-1
    And 6 seconds pass
    And I run "kubectl get pods"
