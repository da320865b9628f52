Feature: More of a control plane that is down

  Scenario: A readiness probe fails while kube-apiserver is away
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /readyz, from: 15s, status: 503}]}"
      spec:
        containers:
          - name: app
            image: registry.example/readyaway/web:1.0
            ports: [{containerPort: 8080}]
            readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 3, failureThreshold: 2}
      """
    Then pod web eventually Ready
    When 3 seconds pass
    And kube-apiserver goes down
    And 25 seconds pass
    And kube-apiserver comes back
    And 25 seconds pass
    And I run "kubectl get pod web"

  Scenario: Without kube-controller-manager nothing is replaced
    Given a cluster with 1 node
    When I run "kubectl create deployment web --image=registry.example/kcmdown/web:1.0 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When kube-controller-manager goes down
    And I run "kubectl delete pod -l app=web --wait=false"
    And 6 seconds pass
    And I run "kubectl get pods"
    And kube-controller-manager comes back
    Then deployment web eventually has 2 ready replicas
    And 3 seconds pass
    And I run "kubectl get pods"

  Scenario: Without etcd a container crashes
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 14s, code: 3, times: 1}}"
      spec:
        containers:
          - name: app
            image: registry.example/etcdaway/web:1.0
      """
    Then pod web eventually Ready
    When 2 seconds pass
    And etcd goes down
    And 20 seconds pass
    And etcd comes back
    And 40 seconds pass
    And I run "kubectl get pod web"
