@shared-cluster
Feature: Nodes that go, hang and come back with everything on them

  Scenario: A node with a job, a set, a debug container and a sidecar is away for a short while
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: side, annotations: {behaviour.kscenario.dev/app: "{exit: {after: 40s, code: 0}}"}}
      spec:
        nodeName: worker-2
        restartPolicy: Never
        terminationGracePeriodSeconds: 1
        initContainers: [{name: proxy, image: "example.com/nodetide1/proxy:1", restartPolicy: Always}, {name: init, image: "example.com/nodetide1/init:1"}]
        containers: [{name: app, image: "example.com/nodetide1/app:1"}]
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: work}
      spec:
        template:
          spec: {nodeName: worker-2, restartPolicy: OnFailure, containers: [{name: app, image: "example.com/nodetide1/app:1"}]}
      """
    And 4 seconds pass
    And node worker-2 hangs
    And 15 seconds pass
    And I run "kubectl get pods"
    And node worker-2 resumes
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get nodes"

  Scenario: The scheduler and the controllers are away while nodes are cordoned and labelled
    Given a cluster with 2 nodes
    When I run "kubectl create deployment web --image=example.com/nodetide3/web:1 --replicas=2"
    Then deployment web eventually has 2 available replicas
    When kube-controller-manager goes down
    And I run:
      """
      kubectl scale deployment web --replicas=4
      kubectl delete pod -l app=web --wait=false
      kubectl create job late --image=example.com/nodetide3/late:1
      kubectl create namespace nodetide3
      kubectl -n nodetide3 get sa,configmap
      kubectl delete namespace nodetide3 --wait=false
      kubectl get ns nodetide3
      kubectl create quota q --hard=pods=5
      kubectl get quota q
      kubectl run bare --image=example.com/nodetide3/web:1
      kubectl create service clusterip web --tcp=80
      kubectl get endpointslices
      """
    And 3 seconds pass
    And I run "kubectl get deployment,job,pods"
    And kube-scheduler goes down
    And kube-controller-manager comes back
    And 25 seconds pass
    And I run "kubectl get deployment,job,pods"
    And I run "kubectl get quota q"
    And I run "kubectl get ns nodetide3"
    And kube-scheduler comes back
    And 22 seconds pass
    And I run "kubectl get deployment,pods"
    And I run "kubectl get endpointslices"
