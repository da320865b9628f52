@shared-cluster
Feature: Volumes and variables that come late or go

  Scenario: A Secret with folders and modes goes, and its next pod waits for it
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: keys}
      stringData: {a: "1", b: "2"}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: sub}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
          - name: app
            image: registry.example/vols/sub:1
            volumeMounts:
              - {name: keys, mountPath: /etc/keys, readOnly: true}
        volumes: [{name: keys, secret: {secretName: keys, defaultMode: 256, items: [{key: a, path: a}, {key: b, path: deep/b}]}}]
      """
    Then pod sub eventually Ready
    When 2 seconds pass
    And I run "kubectl delete secret keys"
    And I run "kubectl delete pod sub"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: sub}
      spec:
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "registry.example/vols/sub:1", volumeMounts: [{name: keys, mountPath: /etc/keys}]}]
        volumes: [{name: keys, secret: {secretName: keys}}]
      """
    And 6 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl create secret generic keys --from-literal=a=1"
    Then pod sub eventually Ready within 90s
    When 3 seconds pass
    And I run "kubectl get pods"

  Scenario: Variables from fields, resources, and references to each other
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: vars
        labels: {app: vars}
      spec:
        containers:
          - name: app
            image: registry.example/vols/vars:1
            resources: {requests: {cpu: 250m}, limits: {memory: 64Mi}}
            env:
              - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
              - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
              - {name: CPU, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
              - {name: URL, value: "http://$(IP):$(PORT)/"}
              - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
            envFrom:
              - {prefix: P_, configMapRef: {name: nothing, optional: true}}
          - name: bad
            image: registry.example/vols/bad:1
            env: [{name: "X", valueFrom: {secretKeyRef: {name: keys, key: missing}}}, {name: "Z", valueFrom: {secretKeyRef: {name: keys, key: z, optional: true}}}]
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: keys}
      stringData: {a: "1"}
      """
    And 5 seconds pass
    And I run "kubectl get pod vars"
    And I run "kubectl patch secret keys -p '{\"stringData\":{\"missing\":\"2\"}}'"
    Then pod vars eventually Ready within 90s
    When 2 seconds pass
    And I run "kubectl get pod vars"

  Scenario: A Secret and a ConfigMap for one pod come one after the other
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: pair}
      spec:
        initContainers: [{name: init, image: "registry.example/vols/init:1", volumeMounts: [{name: s, mountPath: /s}]}]
        containers: [{name: app, image: "registry.example/vols/pair:1", volumeMounts: [{name: c, mountPath: /c}]}]
        volumes:
          - {name: s, secret: {secretName: late-s}}
          - {name: c, configMap: {name: late-c}}
      """
    And 3 seconds pass
    And I run "kubectl create secret generic late-s --from-literal=a=1"
    And 8 seconds pass
    And I run "kubectl create configmap late-c --from-literal=a=1"
    Then pod pair eventually has condition PodReadyToStartContainers=True within 90s
    When 3 seconds pass
    And I run "kubectl get pod pair"
    And I run "kubectl delete pod pair --grace-period=1"
