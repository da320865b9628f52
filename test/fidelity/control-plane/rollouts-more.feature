Feature: Rollouts another author wrote

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: An image that cannot be pulled stops a rollout and undo brings back what was
    When I run "kubectl create deployment web --image=example.com/web:1 --replicas=4"
    Then deployment web eventually has 4 ready replicas
    When I run "kubectl set image deployment/web web=example.com/web:missing"
    And I run "kubectl annotate deployment/web kubernetes.io/change-cause=broken"
    And 5 seconds pass
    And I run "kubectl get deployment web"
    And I run "kubectl rollout history deployment/web"
    And I run "kubectl rollout undo deployment/web"
    Then deployment web eventually has 4 updated replicas
    And deployment web eventually has 4 ready replicas
    When I run "kubectl rollout status deployment/web"
    And I run "kubectl rollout history deployment/web"
    And I run "kubectl get rs -l app=web"

  @shared-cluster
  Scenario: Recreate ends all before the first new one
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: db, labels: {app: db}}
      spec:
        replicas: 2
        strategy: {type: Recreate}
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {terminationGracePeriodSeconds: 5, containers: [{name: db, image: "example.com/db:1"}]}
      """
    Then deployment db eventually has 2 ready replicas
    When I run "kubectl set env deployment/db MODE=fast"
    Then deployment db eventually has 2 updated replicas
    And deployment db eventually has 2 ready replicas
    When I run "kubectl rollout status deployment/db --timeout=60s"
    And I run "kubectl describe deployment db"

  @shared-cluster
  Scenario: Pause, several changes, resume
    When I run "kubectl create deployment api --image=example.com/api:1 --replicas=3"
    Then deployment api eventually has 3 ready replicas
    When I run:
      """
      kubectl rollout pause deployment/api
      kubectl set image deployment/api api=example.com/api:2
      kubectl set resources deployment/api --requests=cpu=100m,memory=64Mi
      kubectl scale deployment/api --replicas=5
      """
    Then deployment api eventually has 5 ready replicas
    When I run "kubectl rollout undo deployment/api"
    Then the last command fails
    When I run "kubectl rollout resume deployment/api"
    Then deployment api eventually has 5 updated replicas
    And deployment api eventually has 5 ready replicas
    When I run "kubectl rollout status deployment/api"
    And I run "kubectl get rs"

  @shared-cluster
  Scenario: A restart is a rollout
    When I run "kubectl create deployment cart --image=example.com/cart:1 --replicas=2"
    Then deployment cart eventually has 2 ready replicas
    When I run "kubectl rollout restart deployment/cart"
    Then deployment cart eventually has 2 updated replicas
    And deployment cart eventually has 2 ready replicas
    When I run "kubectl rollout status deployment cart"
    And I run "kubectl rollout history deployment cart --revision=2"

  @shared-cluster
  Scenario: Progress deadline passes for want of cpu
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: big}
      spec:
        replicas: 1
        progressDeadlineSeconds: 8
        selector: {matchLabels: {app: big}}
        template:
          metadata: {labels: {app: big}}
          spec: {containers: [{name: big, image: "example.com/big:1", resources: {requests: {cpu: "64"}}}]}
      """
    Then deployment big eventually has condition Progressing=False with reason ProgressDeadlineExceeded
    When I run "kubectl rollout status deployment/big --timeout=5s"
    Then the last command fails
    When I run "kubectl get deployment big"
    And I run "kubectl patch deployment big -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"big\",\"resources\":{\"requests\":{\"cpu\":\"100m\"}}}]}}}}'"
    Then deployment big eventually has 1 ready replicas
    And deployment big eventually has condition Progressing=True with reason NewReplicaSetAvailable
