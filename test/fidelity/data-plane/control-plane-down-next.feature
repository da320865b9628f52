Feature: Pods while parts of the control plane are away, again

  Scenario: A pod is deleted and another made while the scheduler and a node are away
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 4
        containers: [{name: app, image: "registry.example/bothaway/web:1"}]
      """
    Then pod web eventually Ready
    When kube-scheduler goes down
    And node worker-1 goes down
    And I run "kubectl delete pod web --wait=false"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        nodeSelector: {kubernetes.io/hostname: worker-1}
        containers: [{name: app, image: "registry.example/bothaway/late:1"}]
      """
    And 6 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    And 12 seconds pass
    And I run "kubectl get pods"
    And kube-scheduler comes back
    Then pod late eventually Ready within 2m

  Scenario: A container is killed by its liveness probe while the API server hangs
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /live, from: 14s, status: 500}]}"
      spec:
        terminationGracePeriodSeconds: 2
        containers:
          - name: app
            image: registry.example/hangs/web:1
            ports: [{containerPort: 8080}]
            livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 3, failureThreshold: 2}
      """
    Then pod web eventually Ready
    When 2 seconds pass
    And kube-apiserver hangs
    And 24 seconds pass
    And kube-apiserver resumes
    And 15 seconds pass
    And I run "kubectl get pods"

  Scenario: A DaemonSet and a StatefulSet change while the API server is restarted
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "registry.example/restarted/agent:1"}]
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 2
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "registry.example/restarted/db:1"}]
      """
    Then daemonset agent eventually has 2 ready replicas
    And statefulset db eventually has 2 ready replicas
    When I run "kubectl set image daemonset/agent app=registry.example/restarted/agent:2"
    And I run "kubectl set image statefulset/db app=registry.example/restarted/db:2"
    And kube-apiserver goes down
    And 6 seconds pass
    And kube-apiserver comes back
    Then daemonset agent eventually has 2 updated replicas within 2m
    And daemonset agent eventually has 2 ready replicas within 2m
    And statefulset db eventually has 2 updated replicas within 2m
    And statefulset db eventually has 2 ready replicas within 2m
    And 3 seconds pass
    When I run "kubectl get pods"
