Feature: More volumes on the node

  @shared-cluster
  Scenario: A Secret that is not there, and comes
    Given a cluster with 1 node
    And namespace latesecret
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        volumes:
          - name: key
            secret: {secretName: key}
        containers:
          - name: app
            image: registry.example/latesecret/web:1.0
            volumeMounts: [{name: key, mountPath: /key}]
      """
    And 6 seconds pass
    And I run "kubectl create secret generic key --from-literal=a=b"
    Then pod web eventually Ready
    And 2 seconds pass

  @shared-cluster
  Scenario: An optional ConfigMap that is not there
    Given a cluster with 1 node
    And namespace optional
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        volumes:
          - name: settings
            configMap: {name: settings, optional: true}
        containers:
          - name: app
            image: registry.example/optional/web:1.0
            envFrom: [{configMapRef: {name: other, optional: true}}]
            volumeMounts: [{name: settings, mountPath: /settings}]
      """
    Then pod web eventually Ready
    And 3 seconds pass

  @shared-cluster
  Scenario: Two volumes are missing
    Given a cluster with 1 node
    And namespace twomissing
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        volumes:
          - name: settings
            configMap: {name: settings}
          - name: key
            secret: {secretName: key}
        containers:
          - name: app
            image: registry.example/twomissing/web:1.0
            volumeMounts: [{name: key, mountPath: /key}, {name: settings, mountPath: /settings}]
      """
    And 8 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A projected volume with a source that is missing
    Given a cluster with 1 node
    And namespace projmissing
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        volumes:
          - name: all
            projected: {sources: [{configMap: {name: settings}}, {secret: {name: key, optional: true}}]}
        containers:
          - name: app
            image: registry.example/projmissing/web:1.0
            volumeMounts: [{name: all, mountPath: /all}]
      """
    And 7 seconds pass
    And I run "kubectl create configmap settings --from-literal=a=b"
    Then pod web eventually Ready
    And 2 seconds pass

  @shared-cluster
  Scenario: A directory of the host that is not there
    Given a cluster with 1 node
    And namespace nodirectory
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        volumes:
          - name: disk
            hostPath: {path: /no/such/directory, type: Directory}
        containers:
          - name: app
            image: registry.example/nodirectory/web:1.0
            volumeMounts: [{name: disk, mountPath: /disk}]
      """
    And 8 seconds pass
    And I run "kubectl get pod web"
