Feature: Parts of the control plane are away while something is done

  Scenario: The controller manager is started before the API server answers
    Given a cluster with 1 node
    When I run "kubectl create deployment shop --image=registry.example/early/shop:1 --replicas=1"
    Then deployment shop eventually has 1 ready replicas
    When kube-controller-manager goes down
    And kube-scheduler goes down
    And kube-apiserver goes down
    And 2 seconds pass
    And kube-controller-manager comes back
    And kube-scheduler comes back
    And 20 seconds pass
    And kube-apiserver comes back
    And 5 seconds pass
    And I run "kubectl scale deployment shop --replicas=2"
    Then deployment shop eventually has 2 ready replicas within 3m

  Scenario: The API server is away for as long as a lease lasts
    Given a cluster with 1 node
    When I run "kubectl create deployment shop --image=registry.example/leases/shop:1 --replicas=1"
    Then deployment shop eventually has 1 ready replicas
    When kube-apiserver goes down
    And 25 seconds pass
    And kube-apiserver comes back
    And 3 seconds pass
    And I run "kubectl scale deployment shop --replicas=2"
    Then deployment shop eventually has 2 ready replicas within 3m
    When I run "kubectl get events -n kube-system --field-selector reason=LeaderElection -o custom-columns=OBJECT:.involvedObject.name"

  Scenario: Quorum is lost and comes back while a deployment is scaled
    Given a cluster with external etcd of 3 members
    When I run "kubectl create deployment shop --image=registry.example/quorum/shop:1 --replicas=2"
    Then deployment shop eventually has 2 ready replicas
    When etcd member etcd-1 goes down
    And 3 seconds pass
    And I run "kubectl scale deployment shop --replicas=3"
    Then the last command succeeds
    And deployment shop eventually has 3 ready replicas
    When etcd member etcd-2 goes down
    And 1 second passes
    And I run "kubectl scale deployment shop --replicas=1 --request-timeout=5s"
    Then the last command fails
    When I run "kubectl get deployment shop --request-timeout=5s"
    Then the last command fails
    When etcd member etcd-1 comes back
    And 25 seconds pass
    And I run "kubectl scale deployment shop --replicas=4"
    Then the last command succeeds
    And deployment shop eventually has 4 ready replicas within 3m
    And pods labelled app=shop restarted 0 times

  Scenario: Jobs end while the controller manager is away
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: mail}
      spec:
        completions: 3
        parallelism: 2
        template:
          metadata:
            annotations: {behaviour.kscenario.dev/app: "{exit: {after: 8s, code: 0}}"}
          spec:
            restartPolicy: Never
            containers: [{name: app, image: "registry.example/jobaway/mail:1"}]
      """
    Then 2 pods labelled job-name=mail eventually Running
    When kube-controller-manager goes down
    Then 2 pods labelled job-name=mail eventually Completed
    When I run "kubectl get job mail"
    And I run "kubectl delete pod -l job-name=mail --wait=false"
    And I run "kubectl get pods"
    And kube-controller-manager comes back
    Then job mail eventually Complete within 3m
    And I run "kubectl get job mail"

  Scenario: A namespace is deleted and a service changed while the controllers are away
    Given a cluster with 1 node
    When I run:
      """
      kubectl create namespace old
      kubectl create configmap settings -n old --from-literal=a=1
      kubectl create deployment web --image=registry.example/nsaway/web:1 --replicas=2
      kubectl expose deployment web --port=80
      """
    Then deployment web eventually has 2 ready replicas
    When kube-controller-manager goes down
    And I run:
      """
      kubectl delete namespace old --wait=false
      kubectl create namespace new
      kubectl patch service web -p '{"spec":{"selector":{"app":"other"}}}'
      kubectl set image deployment/web web=registry.example/nsaway/web:2
      kubectl get namespaces
      kubectl get serviceaccounts -n new
      kubectl get endpointslices
      kubectl get deployment web
      """
    And kube-controller-manager comes back
    Then namespace old eventually gone within 2m
    And serviceaccount new/default eventually present
    And deployment web eventually has 2 updated replicas
    And deployment web eventually has 2 ready replicas
    And 5 seconds pass
    When I run "kubectl get endpointslices -l kubernetes.io/service-name=web"
