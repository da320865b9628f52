@kubelet
Feature: ConfigMaps and Secrets in volumes
  What is mounted follows its object, a sync of the pod later: within a minute or so. What was copied (an environment, a mount with subPath) does not.

  Background:
    Given a cluster with 1 node
    And the manifest "manifests/settings.yaml" is applied
    And pod web is eventually Ready

  Scenario: A change arrives with the next sync of the pod, and not before
    When I run "kubectl patch configmap settings --type=merge -p '{\"data\":{\"colour\":\"blue\"}}'"
    Then file "/settings/colour" in container app of pod web has content "green" for 30s
    And file "/settings/colour" in container app of pod web eventually has content "blue" within 40s

  Scenario: A mount with subPath keeps what it began with, until the container starts again
    When I run "kubectl patch configmap settings --type=merge -p '{\"data\":{\"colour\":\"blue\"}}'"
    Then file "/settings/colour" in container app of pod web eventually has content "blue" within 70s
    And file "/etc/colour" in container app of pod web has content "green" for 2 minutes
    When container app in pod web crashes
    Then file "/etc/colour" in container app of pod web eventually has content "blue" within 10s

  Scenario: Secrets follow too, wherever they are projected to
    When I run "kubectl patch secret key -p '{\"stringData\":{\"token\":\"second\"}}'"
    Then file "/all/token" in container app of pod web eventually has content "second" within 70s
    And file "/all/deep/colour" in container app of pod web has content "green"

  Scenario: A change that was made just before an outage is known, and arrives during it
    When I run "kubectl patch configmap settings --type=merge -p '{\"data\":{\"colour\":\"blue\"}}'"
    And kube-apiserver goes down
    And I run "kubectl get pods"
    Then the last command fails
    And file "/settings/colour" in container app of pod web eventually has content "blue" within 70s
    And file "/all/deep/colour" in container app of pod web has content "green" for 5 minutes

  Scenario: What is deleted stays in the volume
    When I run "kubectl delete configmap settings"
    Then pod web eventually has event FailedMount saying "MountVolume.SetUp failed for volume \"settings\" : configmap \"settings\" not found" within 70s
    And file "/settings/colour" in container app of pod web has content "green" for 3 minutes
