@kubelet
Feature: Who uses most memory goes first
  A kubelet with too little memory measures for itself what its pods use, and ends first who is above what was requested.

  Scenario Outline: It is <greedy>, whatever the names
    Given a cluster with 1 node
    And metrics-server is installed
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: left }
      spec: { containers: [ { name: app, image: "shop/web:1", resources: { requests: { memory: 200Mi } } } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: right }
      spec: { containers: [ { name: app, image: "shop/web:1", resources: { requests: { memory: 200Mi } } } ] }
      """
    Given pods left and right are eventually Running
    And pod <greedy> uses 2Gi memory
    And pod <modest> uses 50Mi memory
    When only 80Mi of memory is left on node worker-1
    Then pod <greedy> is eventually Evicted
    And pod <greedy> has event Evicted saying "Container app was using 2Gi, request is 200Mi"
    And pod <modest> stays Running for 5m

    Examples:
      | greedy | modest |
      | left   | right  |
      | right  | left   |

  Scenario: What was said of pods holds on a machine that comes later
    Given a cluster with 1 node
    And metrics-server is installed
    And pod greedy labelled app=greedy with image "shop/web:1"
    And pods labelled app=greedy use 3Gi memory
    When node worker-2 joins
    Given node worker-2 is eventually Ready within 2m
    And pod later labelled app=greedy with image "shop/web:1"
    And pod modest with image "shop/web:1"
    And pods later and modest are eventually Running within 2m
    And pods later and modest are on node worker-2
    When only 80Mi of memory is left on node worker-2
    Then pod later is eventually Evicted
    And pod modest stays Running for 1m
