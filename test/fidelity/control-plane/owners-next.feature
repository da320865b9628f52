Feature: Owners of owners, in all ways of deletion

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Foreground deletion of a deployment whose pods take their time
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}, annotations: {behaviour.kscenario.dev/app: "term: {after: 3s}"}}
          spec: {terminationGracePeriodSeconds: 10, containers: [{name: app, image: "example.com/web:1"}]}
      """
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl delete deployment web --cascade=foreground --wait=false"
    And 1 second passes
    And I run "kubectl get deployment,rs,pods"
    And I run "kubectl get deployment web -o jsonpath='{.metadata.finalizers} {.metadata.deletionTimestamp}'"
    Then pods labelled app=web eventually gone
    And deployment web eventually gone

  @shared-cluster
  Scenario: A ConfigMap that owns with and without blocking, and one that a finalizer keeps
    When I run "kubectl create configmap owner --from-literal=a=b"
    And I run "kubectl patch configmap owner -p '{\"metadata\":{\"finalizers\":[\"example.com/keep\"]}}'"
    And I run "kubectl delete configmap owner --cascade=foreground --wait=false"
    And 1 second passes
    And I run "kubectl get configmap owner -o jsonpath='{.metadata.finalizers}'"
    And I run "kubectl patch configmap owner --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    Then configmap owner eventually gone
    When I run "kubectl create job one --image=example.com/one:1 -- run"
    Then pods labelled job-name=one eventually Running
    When I run "kubectl delete job one --cascade=orphan"
    And 2 seconds pass
    And I run "kubectl get pods -o custom-columns=OWNERS:.metadata.ownerReferences[*].kind,FINALIZERS:.metadata.finalizers[*]"
    And I run "kubectl delete pods --all --grace-period=1"
    Then pods labelled job-name=one eventually gone

  @shared-cluster
  Scenario: A CronJob, its jobs and their pods go in the background
    When I run "kubectl create cronjob tick --image=example.com/tick:1 --schedule='0 0 1 1 *' -- run"
    And I run "kubectl create job first --from=cronjob/tick"
    And I run "kubectl create job second --from=cronjob/tick"
    Then pods labelled job-name=first eventually Running
    And pods labelled job-name=second eventually Running
    When I run "kubectl get jobs -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].name,BLOCK:.metadata.ownerReferences[*].blockOwnerDeletion"
    And I run "kubectl delete cronjob tick"
    Then pods labelled job-name=first eventually gone
    And pods labelled job-name=second eventually gone
    And job first eventually gone
    When I run "kubectl get jobs,pods,cronjobs"
