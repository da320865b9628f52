Feature: Images that others bring

  @shared-cluster
  Scenario: Never to be pulled, until another pod brings the image
    Given a cluster with 1 node
    And namespace neverpull
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: never}
      spec:
        initContainers:
          - {name: prepare, image: "registry.example/neverpull/app:1.0", imagePullPolicy: Never, restartPolicy: Always}
        containers:
          - {name: app, image: "registry.example/neverpull/app:1.0", imagePullPolicy: Never}
      """
    And 3 seconds pass
    And I run "kubectl get pod never"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: brings}
      spec:
        containers:
          - {name: app, image: "registry.example/neverpull/app:1.0"}
      """
    Then pod never eventually Ready
    And I run "kubectl get pods"
