@shared-cluster
Feature: Volumes and images that come late, or never

  Scenario: Two images of one pod are missing, and it is deleted while it waits
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: none
        annotations:
          behaviour.kscenario.dev/one: "{missing: true, pull: 2s}"
          behaviour.kscenario.dev/two: "{missing: true}"
      spec:
        terminationGracePeriodSeconds: 3
        containers:
          - {name: one, image: "registry.example/late/one:1"}
          - {name: two, image: "registry.example/late/two:1"}
      """
    And 38 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod none --wait=false"
    Then pod none eventually gone

  Scenario: A projected volume waits for its ConfigMap, and a second pod for a Secret of the same name
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: first}
      spec:
        volumes:
          - name: all
            projected:
              sources:
                - configMap: {name: parts, items: [{key: a, path: a.txt}]}
                - secret: {name: parts, optional: true}
        containers: [{name: app, image: "registry.example/late/first:1", volumeMounts: [{name: all, mountPath: /all}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        volumes: [{name: s, secret: {secretName: parts}}]
        containers: [{name: app, image: "registry.example/late/second:1", volumeMounts: [{name: s, mountPath: /s}]}]
      """
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl create configmap parts --from-literal=b=1"
    And 6 seconds pass
    And I run "kubectl create secret generic parts --from-literal=a=1"
    And 6 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl patch configmap parts --type=merge -p '{\"data\":{\"a\":\"1\"}}'"
    Then pod first eventually Ready within 3m
    And pod second eventually Ready within 3m
    When 2 seconds pass
    And I run "kubectl get pods"

  Scenario: A slow pull takes longer than the deadline of the pod
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: slow
        annotations:
          behaviour.kscenario.dev/app: "{pull: 12s}"
      spec:
        activeDeadlineSeconds: 6
        containers: [{name: app, image: "registry.example/late/slow:1"}]
      """
    And 25 seconds pass
    And I run "kubectl get pods"

  Scenario: One port of the host on two addresses
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: local}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/late/local:1", ports: [{containerPort: 80, hostPort: 7070, hostIP: 127.0.0.1}]}]
      """
    Then pod local eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: other}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/late/other:1", ports: [{containerPort: 80, hostPort: 7070, hostIP: 127.0.0.2}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: every}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/late/every:1", ports: [{containerPort: 80, hostPort: 7070}]}]
      """
    And 8 seconds pass
    And I run "kubectl get pods"

  Scenario: Two readiness gates, one is opened and taken away again
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: gates}
      spec:
        readinessGates: [{conditionType: example.com/a}, {conditionType: example.com/b}]
        containers: [{name: app, image: "registry.example/late/gates:1"}]
      """
    Then pod gates eventually has condition ContainersReady=True
    When 2 seconds pass
    And I run "kubectl patch pod gates --subresource=status -p '{\"status\":{\"conditions\":[{\"type\":\"example.com/a\",\"status\":\"True\"},{\"type\":\"example.com/b\",\"status\":\"False\"}]}}'"
    And 3 seconds pass
    And I run "kubectl patch pod gates --subresource=status -p '{\"status\":{\"conditions\":[{\"type\":\"example.com/b\",\"status\":\"True\"}]}}'"
    Then pod gates eventually Ready
    When I run "kubectl patch pod gates --subresource=status -p '{\"status\":{\"conditions\":[{\"type\":\"example.com/a\",\"$patch\":\"delete\"}]}}'"
    And 4 seconds pass
    And I run "kubectl get pods"
