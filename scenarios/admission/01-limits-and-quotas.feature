@admission
Feature: A namespace has a budget, and pods have a size
  LimitRanges fill in what a pod does not say and refuse what is too large; ResourceQuotas count, and refuse what would be too much. Both speak when
  something is created, and leave alone what is there.

  Background:
    Given a cluster with 2 nodes
    And namespace bookstore
    And the manifest "manifests/limits.yaml" is applied
    And resourcequota budget eventually has field .status.used.pods "0"

  Scenario: Who asks for nothing is given the usual share
    When I run "kubectl run web --image=bookstore/web:1"
    Then pod web has field .spec.containers[0].resources.requests.cpu "200m"
    And pod web has field .spec.containers[0].resources.limits.memory 256Mi
    And resourcequota budget eventually has field .status.used.requests\.cpu "200m"

  Scenario: Who asks for more than one may have is refused
    When I apply "manifests/greedy.yaml"
    Then the last request is rejected with 403 Forbidden
    And the last request is rejected because "maximum cpu usage per Container is 1, but limit is 2"

  Scenario: A Deployment is accepted, and the pods that are too many are not made
    When I run "kubectl create deployment web --image=bookstore/web:1 --replicas=6"
    Then deployment web eventually has 4 ready replicas
    And a replicaset eventually has event FailedCreate saying "exceeded quota: budget"
    And deployment web eventually has condition ReplicaFailure=True with reason FailedCreate
    And deployment web has 4 ready replicas for 2 minutes

  Scenario: A larger budget lets the rest in
    Given I run "kubectl create deployment web --image=bookstore/web:1 --replicas=6"
    And deployment web eventually has 4 ready replicas
    When I patch resourcequota budget:
      """yaml
      spec: { hard: { pods: 10, requests.cpu: 4 } }
      """
    Then deployment web eventually has 6 ready replicas within 20 minutes
