Feature: What a kubelet that starts anew makes of probes, gates, deadlines and places

  Scenario: A startup probe had passed, and the liveness probe goes on
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}, {from: 4s, code: 0}]}"
      spec:
        containers:
          - name: app
            image: registry.example/renew/web:1
            startupProbe: {exec: {command: [check]}, periodSeconds: 1, failureThreshold: 20}
            livenessProbe: {exec: {command: [check]}, periodSeconds: 2, failureThreshold: 1}
      """
    Then pod web eventually Ready
    When 3 seconds pass
    And node worker-1 goes down
    And 4 seconds pass
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get pods"

  Scenario: The second of two init containers runs when the node goes
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/one: "{exit: {after: 1s, code: 0}}"
          behaviour.kscenario.dev/two: "{exit: {after: 12s, code: 0}}"
      spec:
        initContainers:
          - {name: one, image: "registry.example/renew/one:1"}
          - {name: two, image: "registry.example/renew/two:1"}
        containers: [{name: app, image: "registry.example/renew/main:1"}]
      """
    Then pod web eventually has field .status.initContainerStatuses[1].started "true"
    When 2 seconds pass
    And node worker-1 goes down
    And 3 seconds pass
    And node worker-1 comes back
    Then pod web eventually Ready
    When 4 seconds pass
    And I run "kubectl get pods"

  Scenario: A readiness gate that was open stays open
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        readinessGates: [{conditionType: example.com/open}]
        containers:
          - name: app
            image: registry.example/renew/gate:1
            readinessProbe: {exec: {command: [check]}, periodSeconds: 2}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      """
    Then pod web eventually has condition ContainersReady=True
    When I run "kubectl patch pod web --subresource=status --type=merge -p '{\"status\":{\"conditions\":[{\"type\":\"example.com/open\",\"status\":\"True\"}]}}'"
    Then pod web eventually Ready
    When 3 seconds pass
    And node worker-1 goes down
    And 3 seconds pass
    And node worker-1 comes back
    And 15 seconds pass
    And I run "kubectl get pods -o wide"

  Scenario: The labels of the node change while it is away, and a pod no longer belongs there
    Given a cluster with 1 node
    When I run "kubectl label node worker-1 disk=fast"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: fast}
      spec:
        nodeSelector: {disk: fast}
        containers: [{name: app, image: "registry.example/renew/fast:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: any}
      spec:
        containers: [{name: app, image: "registry.example/renew/any:1"}]
      """
    Then pod fast eventually Ready
    And pod any eventually Ready
    When 3 seconds pass
    And node worker-1 goes down
    And I run "kubectl label node worker-1 disk-"
    And 3 seconds pass
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod fast"

  Scenario: The node goes twice within seconds
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "registry.example/renew/twice:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: once}
      spec:
        restartPolicy: Never
        containers: [{name: app, image: "registry.example/renew/once:1"}]
      """
    Then pod web eventually Ready
    And pod once eventually Ready
    When 2 seconds pass
    And node worker-1 goes down
    And 3 seconds pass
    And node worker-1 comes back
    And 8 seconds pass
    And node worker-1 goes down
    And 3 seconds pass
    And node worker-1 comes back
    And 15 seconds pass
    And I run "kubectl get pods"

  Scenario: A deadline passes while the node is away
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: short}
      spec:
        activeDeadlineSeconds: 10
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/renew/short:1"}]
      """
    Then pod short eventually Ready
    When 2 seconds pass
    And node worker-1 goes down
    And 12 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    And 12 seconds pass
    And I run "kubectl get pods"

  Scenario: A volume of a ConfigMap and a hook after the start, and the ConfigMap goes while the node is away
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {a: "1"}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        volumes: [{name: settings, configMap: {name: settings}}]
        containers:
          - name: app
            image: registry.example/renew/settings:1
            volumeMounts: [{name: settings, mountPath: /etc/settings}]
            lifecycle: {postStart: {sleep: {seconds: 2}}}
      """
    Then pod web eventually Ready
    When 2 seconds pass
    And node worker-1 goes down
    And I run "kubectl delete configmap settings"
    And 3 seconds pass
    And node worker-1 comes back
    And 12 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl create configmap settings --from-literal=a=2"
    Then pod web eventually Ready within 3m
    When 3 seconds pass
    And I run "kubectl get pods"

  Scenario: A debug container beside a sidecar, and the pod is never restarted
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: work}
      spec:
        restartPolicy: Never
        initContainers: [{name: proxy, image: "registry.example/renew/proxy:1", restartPolicy: Always}]
        containers: [{name: app, image: "registry.example/renew/work:1"}]
      """
    Then pod work eventually Ready
    When I run "kubectl debug work --image=registry.example/renew/tools:1 --container=tools"
    Then pod work eventually has field .status.ephemeralContainerStatuses[0].ready "false"
    When 3 seconds pass
    And node worker-1 goes down
    And 3 seconds pass
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get pods"
