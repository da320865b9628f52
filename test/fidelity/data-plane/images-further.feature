@shared-cluster
Feature: Images that are slow, wrong, or brought by others

  Scenario: The image is changed while the first is being pulled
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: slow
        annotations:
          behaviour.kscenario.dev/app: "{image: 'registry.example/pulls/slow:1', pull: 8s}"
      spec:
        containers: [{name: app, image: "registry.example/pulls/slow:1"}]
      """
    And 3 seconds pass
    And I run "kubectl set image pod/slow app=registry.example/pulls/quick:1"
    Then pod slow eventually Ready
    When 12 seconds pass
    And I run "kubectl get pod slow"

  Scenario: Pull secrets of the account and of the pod that are not there
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: puller}
      imagePullSecrets: [{name: absent-one}, {name: there}]
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: there}
      type: kubernetes.io/dockerconfigjson
      stringData: {.dockerconfigjson: '{"auths":{"registry.example":{"username":"a","password":"b"}}}'}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: account}
      spec:
        serviceAccountName: puller
        containers: [{name: app, image: "registry.example/pulls/account:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: own}
      spec:
        serviceAccountName: puller
        imagePullSecrets: [{name: absent-two}, {name: absent-three}]
        containers: [{name: app, image: "registry.example/pulls/own:1"}]
      """
    And 6 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pod account -o jsonpath='{.spec.imagePullSecrets[*].name}'"

  Scenario: Deleted while a slow pull runs for another pod before it
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: first
        annotations:
          behaviour.kscenario.dev/app: "{pull: 6s}"
      spec:
        containers: [{name: app, image: "registry.example/pulls/first:1"}]
      """
    And 1 second passes
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: second}
      spec:
        containers: [{name: app, image: "registry.example/pulls/second:1"}]
      """
    And 1 second passes
    And I run "kubectl delete pod second --wait=false"
    Then pod first eventually Ready
    And pod second eventually gone
    When 4 seconds pass
    And I run "kubectl get pods"
