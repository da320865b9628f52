Feature: More images

  @shared-cluster
  Scenario: An image that cannot be pulled, three times
    Given a cluster with 1 node
    And namespace threetimes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{missing: true}"
      spec:
        containers:
          - name: app
            image: registry.example/threetimes/app:1.0
      """
    And 50 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: Policy Never and the image is not there
    Given a cluster with 1 node
    And namespace neverthere
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/neverthere/app:1.0
            imagePullPolicy: Never
      """
    And 16 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A digest
    Given a cluster with 1 node
    And namespace digest
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/digest/web@sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
      """
    Then pod web eventually Ready
    And 2 seconds pass

  @shared-cluster
  Scenario: A name without a registry and without a tag
    Given a cluster with 1 node
    And namespace short
    When I run "kubectl run web --image=shop"
    Then pod web eventually Ready
    And 2 seconds pass
    And I run "kubectl get pod web -o wide"

  @shared-cluster
  Scenario: A Deployment whose new image is missing
    Given a cluster with 1 node
    And namespace newmissing
    When I run "kubectl create deployment web --image=registry.example/newmissing/web:1.0 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl patch deployment web -p '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"behaviour.kscenario.dev/web\":\"missing: true\"}},\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"registry.example/newmissing/web:9.9\"}]}}}}'"
    And 20 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl rollout undo deployment web"
    And 6 seconds pass
    And I run "kubectl get pods"
