@kubelet
Feature: What a kubelet needs before a container starts
  A pod that has been given a node is not running yet: its kubelet fetches what it refers to, and says at the pod what it lacks.

  Background:
    Given a cluster with 1 node
    And the manifest "manifests/runtimes.yaml" is applied

  Scenario: A pull secret that is missing is told, and the image is pulled all the same
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        imagePullSecrets: [{name: registry}]
        containers: [{name: app, image: shop/web:1}]
      """
    Then pod web eventually has event FailedToRetrieveImagePullSecret saying "Unable to retrieve some image pull secrets (registry); attempting to pull the image may not succeed."
    And pod web is eventually Ready

  Scenario: A RuntimeClass is only a name: no node here has its handler
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        runtimeClassName: sandboxed
        containers: [{name: app, image: shop/web:1}]
      """
    Then pod web eventually has event FailedCreatePodSandBox saying "no runtime for \"runsc\" is configured"
    And pod web is ContainerCreating for 5 minutes

  Scenario: What a RuntimeClass costs is part of what its pods ask for
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        runtimeClassName: plain
        containers: [{name: app, image: shop/web:1, resources: {requests: {cpu: 3700m}}}]
      """
    Then pod web eventually has event FailedScheduling saying "Insufficient cpu"

  Scenario: A container for debugging joins a pod that runs, and is never started again
    Given image "shop/tools:1":
      """
      exit: {after: 5s, code: 3}
      """
    And I run "kubectl run web --image=shop/web:1"
    And pod web is eventually Ready
    When I run "kubectl debug web --image=shop/tools:1 --container=tools --profile=general"
    Then pod web eventually has field .status.ephemeralContainerStatuses[0].state.terminated.exitCode "3"
    And pod web has restarted 0 times for 2 minutes
    And pod web is Ready
