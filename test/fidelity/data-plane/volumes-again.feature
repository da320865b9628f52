Feature: Claims, keys and settings

  @shared-cluster
  Scenario: A claim that is not bound, and the pod names its node
    Given a cluster with 1 node
    And namespace notbound
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: data
      spec:
        storageClassName: none
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: db
      spec:
        nodeName: worker-1
        volumes:
          - name: data
            persistentVolumeClaim: {claimName: data}
        containers:
          - name: app
            image: registry.example/notbound/app:1.0
            volumeMounts: [{name: data, mountPath: /data}]
      """
    And 14 seconds pass
    And I run "kubectl get pod db"
    And I run "kubectl delete pod db --wait=false"
    Then pod db eventually gone

  @shared-cluster
  Scenario: A claim that does not exist, and the pod names its node
    Given a cluster with 1 node
    And namespace noclaim
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: db
      spec:
        nodeName: worker-1
        volumes:
          - name: data
            persistentVolumeClaim: {claimName: data}
        containers:
          - name: app
            image: registry.example/noclaim/app:1.0
            volumeMounts: [{name: data, mountPath: /data}]
      """
    And 8 seconds pass
    And I run "kubectl get pod db"

  @shared-cluster
  Scenario: A claim that does not exist, for the scheduler
    Given a cluster with 1 node
    And namespace noclaimsched
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: db
      spec:
        volumes:
          - name: data
            persistentVolumeClaim: {claimName: data}
        containers:
          - name: app
            image: registry.example/noclaimsched/app:1.0
            volumeMounts: [{name: data, mountPath: /data}]
      """
    And 4 seconds pass
    And I run "kubectl get pod db"
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: data
      spec:
        storageClassName: none
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    And 3 seconds pass
    And I run "kubectl get pod db"

  @shared-cluster
  Scenario: A missing key, which comes
    Given a cluster with 1 node
    And namespace keycomes
    When I run "kubectl create secret generic key --from-literal=a=b"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        nodeName: worker-1
        volumes:
          - name: data
            secret: {secretName: key, items: [{key: b, path: b}]}
        containers:
          - name: app
            image: registry.example/keycomes/app:1.0
            volumeMounts: [{name: data, mountPath: /key}]
      """
    And 5 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl patch secret key -p '{\"stringData\":{\"b\":\"c\"}}'"
    Then pod web eventually Ready
    And 2 seconds pass

  @shared-cluster
  Scenario: Deleted while a volume is missing, with a grace period
    Given a cluster with 1 node
    And namespace deletedmount
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        terminationGracePeriodSeconds: 5
        nodeName: worker-1
        volumes:
          - name: data
            configMap: {name: settings}
        containers:
          - name: app
            image: registry.example/deletedmount/app:1.0
            volumeMounts: [{name: data, mountPath: /settings}]
      """
    And 4 seconds pass
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A mounted ConfigMap changes and is deleted
    Given a cluster with 1 node
    And namespace cmchanges
    When I run "kubectl create configmap settings --from-literal=a=b"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        nodeName: worker-1
        volumes:
          - name: data
            configMap: {name: settings}
        containers:
          - name: app
            image: registry.example/cmchanges/app:1.0
            volumeMounts: [{name: data, mountPath: /settings}]
      """
    Then pod web eventually Ready
    When I run "kubectl patch configmap settings -p '{\"data\":{\"a\":\"c\"}}'"
    And 5 seconds pass
    And I run "kubectl delete configmap settings"
    And 5 seconds pass
    And I run "kubectl get pod web"
