Feature: Controllers of replicas that meet pods of others, and autoscalers without measures

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A ReplicationController is scaled, rolled nowhere and orphaned
    When I apply:
      """
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: old}
      spec:
        replicas: 2
        selector: {app: old}
        template:
          metadata: {labels: {app: old}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/old:1"}]}
      """
    Then replicationcontroller old eventually has 2 ready replicas
    When I run "kubectl get rc -o wide"
    And I run "kubectl scale rc old --replicas=3"
    Then replicationcontroller old eventually has 3 ready replicas
    When I run "kubectl rollout status rc old"
    And I run "kubectl describe rc old"
    And I run "kubectl delete rc old --cascade=orphan"
    And 1 second passes
    And I run "kubectl get pods -o custom-columns=OWNERS:.metadata.ownerReferences[*].kind"
    And I run "kubectl delete pods -l app=old"
    Then pods labelled app=old eventually gone

  @shared-cluster
  Scenario: A pod is released by its label, and another is taken in its place
    When I run "kubectl create deployment web --image=example.com/web:1 --replicas=2"
    Then deployment web eventually has 2 available replicas
    When I run "kubectl label pods -l app=web state=seen"
    And I run "kubectl get rs -o jsonpath='{.items[0].status.replicas} {.items[0].status.fullyLabeledReplicas}'"
    And I run "kubectl label pods -l state=seen app=debug --overwrite"
    Then deployment web eventually has 2 available replicas
    When 2 seconds pass
    And I run "kubectl get pods -L app -o custom-columns=APP:.metadata.labels.app,OWNERS:.metadata.ownerReferences[*].kind"
    And I run "kubectl label pods -l state=seen pod-template-hash-"
    And I run "kubectl describe deployment web"
    And I run "kubectl delete deployment web"
    Then pods labelled app=web eventually gone

  @shared-cluster
  Scenario: Autoscalers of targets that are not there, are scaled to none, or have no requests
    When I run "kubectl create deployment web --image=example.com/web:1 --replicas=1"
    Then deployment web eventually has 1 available replicas
    When I run "kubectl autoscale deployment web --min=2 --max=4 --cpu=50%"
    And I run "kubectl autoscale deployment none --max=4 --cpu=50%"
    And 18 seconds pass
    And I run "kubectl get hpa"
    And I run "kubectl describe hpa none"
    And I run "kubectl describe hpa web"
    And I run "kubectl get deployment web"
    And I run "kubectl scale deployment web --replicas=0"
    And 17 seconds pass
    And I run "kubectl describe hpa web"
    And I run "kubectl get deployment web"

  @shared-cluster
  Scenario: A deployment whose pods are refused, and one that is changed while it waits
    When I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: few}
      spec: {hard: {pods: "3"}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        progressDeadlineSeconds: 6
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/web:1"}]}
      """
    Then deployment web eventually has 3 available replicas
    When I run "kubectl set image deployment web app=example.com/web:2"
    Then deployment web eventually has condition Progressing=False with reason ProgressDeadlineExceeded
    When I run "kubectl get deployment,rs"
    And I run "kubectl describe deployment web"
    And I run "kubectl patch quota few -p '{\"spec\":{\"hard\":{\"pods\":\"5\"}}}'"
    Then deployment web eventually has 3 updated replicas within 2m
    And deployment web eventually has 3 available replicas
    When 2 seconds pass
    And I run "kubectl get deployment,rs"
