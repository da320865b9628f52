Feature: Parts of the control plane are away, one after the other

  Scenario: A rollout is under way when the controllers go, and the scheduler goes when they come back
    Given a cluster with 2 nodes
    When I run "kubectl create deployment web --image=example.com/later1/web:1 --replicas=3"
    Then deployment web eventually has 3 available replicas
    When kube-controller-manager goes down
    And I run "kubectl set image deployment/web web=example.com/later1/web:2"
    And I run "kubectl delete pod -l app=web --wait=false"
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get deployment web"
    And I run "kubectl rollout status deployment/web --timeout=2s"
    Then the last command fails
    When kube-scheduler goes down
    And kube-controller-manager comes back
    And 25 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get deployment web"
    And kube-scheduler comes back
    Then deployment web eventually has 3 available replicas within 2m
    When I run "kubectl rollout status deployment/web --timeout=60s"
    Then the last command succeeds

  Scenario: The scheduler hangs while a pod of higher priority comes, and a job ends meanwhile
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: calc}
      spec:
        completions: 2
        template:
          metadata: {annotations: {behaviour.kscenario.dev/calc: "exit: {after: 4s, code: 0}"}}
          spec: {restartPolicy: Never, containers: [{name: calc, image: "example.com/later2/calc:1"}]}
      """
    Then job calc eventually has field .status.ready "1"
    When kube-scheduler hangs
    And 7 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job calc"
    And kube-scheduler resumes
    Then job calc eventually Complete
    When I run "kubectl get job calc -o jsonpath='{.status.succeeded}'"

  Scenario: A hanging etcd, and writes of the controllers in the meantime
    Given a cluster with 2 nodes
    When I run "kubectl create deployment app --image=example.com/later4/app:1 --replicas=2"
    Then deployment app eventually has 2 available replicas
    When etcd hangs
    And 3 seconds pass
    And etcd resumes
    And I run "kubectl scale deployment app --replicas=3"
    Then the last command succeeds
    And deployment app eventually has 3 available replicas
    When I run "kubectl get deployment app"
