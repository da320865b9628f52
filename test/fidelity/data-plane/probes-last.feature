Feature: Probes that ask in odd ways

  @shared-cluster
  Scenario: Probes that ask in odd ways: HTTPS, gRPC, a port that has no name
    Given a cluster with 1 node
    And namespace oddprobes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
          - name: tls
            image: registry.example/oddprobes/app:1.0
            ports: [{containerPort: 8080}]
            readinessProbe: {httpGet: {path: /ready, port: 8080, scheme: HTTPS}, periodSeconds: 3}
          - name: grpc
            image: registry.example/oddprobes/app:1.0
            readinessProbe: {grpc: {port: 9090}, periodSeconds: 3}
          - name: noname
            image: registry.example/oddprobes/app:1.0
            readinessProbe: {httpGet: {port: nope}, periodSeconds: 3}
          - name: tcpname
            image: registry.example/oddprobes/app:1.0
            ports: [{name: web, containerPort: 8081}]
            readinessProbe: {tcpSocket: {port: web}, periodSeconds: 3}
      """
    And 8 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A liveness probe whose container is deleted in the meantime, with a readiness probe that fails at the end
    Given a cluster with 1 node
    And namespace liveend
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 6s}, http: [{path: /live, from: 5s, status: 500}]}"
      spec:
        terminationGracePeriodSeconds: 8
        containers:
          - name: app
            image: registry.example/liveend/app:1.0
            ports: [{containerPort: 8080}]
            livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 1, failureThreshold: 2}
            readinessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 1, failureThreshold: 2}
      """
    And 4 seconds pass
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone
