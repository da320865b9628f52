@kubelet
Feature: Pods of manifest files on a node
  A kubelet runs what lies in its folder of manifests, with or without an API server. The API only has a picture of it, the mirror pod.

  Background:
    Given a cluster with 1 node
    And I put the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        terminationGracePeriodSeconds: 5
        containers:
          - {name: app, image: "registry.example/web:1"}
      """
    And pod web-worker-1 is eventually Ready

  Scenario: The mirror can be deleted, the pod cannot
    Given I remember pod web-worker-1 as "before"
    When I run "kubectl delete pod web-worker-1"
    Then pod web-worker-1 eventually present within 1s
    And pod web-worker-1 does not have the same uid as $before
    And pod web-worker-1 eventually Ready within 15s
    And pod web-worker-1 restarted 0 times on the node

  Scenario: A file that goes takes its pod along, and the mirror last
    When I remove the manifest file "web.yaml" from node worker-1
    Then pod web-worker-1 eventually has event Killing from kubelet
    And pod web-worker-1 eventually gone within 10s

  Scenario: A changed file is another pod, which waits for the end of the one before
    Given I remember pod web-worker-1 as "before"
    When I change the manifest file "web.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        containers:
          - {name: app, image: "registry.example/web:2"}
      """
    Then pod web-worker-1 eventually has field .spec.containers[0].image "registry.example/web:2" within 20s
    And pod web-worker-1 does not have the same uid as $before
    And pod web-worker-1 eventually Ready within 5s

  Scenario: Without an API server static pods come all the same, and are told of later
    When kube-apiserver goes down
    And I put the manifest file "late.yaml" on node worker-1:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        containers:
          - {name: app, image: "registry.example/late:1"}
      """
    And kube-apiserver comes back
    Then pod late-worker-1 eventually Ready within 2m
    And pod late-worker-1 eventually has event Pulled from kubelet within 5s

  Scenario: A static pod crashes, and is started again as any other
    When container app in pod web-worker-1 crashes
    Then pod web-worker-1 eventually restarted 1 time within 5s
    And pod web-worker-1 eventually Ready within 5s
