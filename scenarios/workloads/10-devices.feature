Feature: Devices that pods claim
  A driver tells which devices its node has; a claim says what a pod needs of them. The scheduler brings the two together, and nobody
  else is given a device that somebody has.

  Background:
    Given a cluster with 2 nodes
    And the manifest "manifests/gpus.yaml" is applied

  Scenario: A pod goes where its device is
    When I apply "manifests/learner.yaml"
    Then pod learner is eventually Running within 10s
    And pod learner has field .spec.nodeName "worker-2"

  Scenario: Whoever comes when all are given away waits
    Given the manifest "manifests/learners.yaml" is applied
    And deployment learners has 2 ready replicas
    When I apply "manifests/learner.yaml"
    Then pod learner stays Pending for 1m
    And pod learner has event FailedScheduling saying "cannot allocate all claims"

  Scenario: A device that is given back goes to who waits for it
    Given the manifest "manifests/learners.yaml" is applied
    And deployment learners has 2 ready replicas
    And I apply "manifests/learner.yaml"
    And 10 seconds pass
    And pod learner is Pending
    When I scale deployment learners to 0
    Then pod learner is eventually Running within 30s

  Scenario: A claim stays as long as a pod has it
    Given I apply "manifests/learner.yaml"
    And pod learner is eventually Running within 10s
    When I run "kubectl delete resourceclaim the-a100 --wait=false"
    And I run "kubectl get resourceclaim the-a100 --no-headers"
    Then the last command prints "the-a100   deleted,allocated,reserved"
