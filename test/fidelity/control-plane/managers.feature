Feature: Who is told to have written what

  Scenario: A Deployment that has come up, and what it has made
    Given a cluster with 1 node
    When I run "kubectl create deployment web --image=nginx --replicas=2"
    Then deployment web eventually has 2 available replicas
    When I run:
      """
      kubectl get deployment web -o yaml --show-managed-fields
      kubectl get replicasets -o yaml --show-managed-fields
      kubectl label deployment web tier=front
      kubectl annotate deployment web note=x
      kubectl get deployment web -o yaml --show-managed-fields
      """

  Scenario: What the autoscaler has scaled is its own
    Given a cluster with 1 node
    When I run "kubectl apply --server-side -f managers-web.yaml"
    And I run "kubectl autoscale deployment web --min=3 --max=5 --cpu=50%"
    Then deployment web eventually has 3 available replicas
    When I run "kubectl apply --server-side -f managers-web.yaml"
    Then the last command fails
    When I run "kubectl get deployment web -o yaml --show-managed-fields"
