Feature: Evictions by taint that are planned, planned again and called off

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: A second taint with a shorter time does not bring an eviction forward
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: later}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        tolerations:
        - {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 14}
        - {key: b, operator: Exists, effect: NoExecute, tolerationSeconds: 3}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod later eventually Ready
    When I run "kubectl taint nodes worker-2 a=1:NoExecute"
    And 2 seconds pass
    And I run "kubectl taint nodes worker-2 b=1:NoExecute"
    And 7 seconds pass
    And I run "kubectl get pods"
    Then pod later eventually gone
    When I run "kubectl get events --field-selector reason=TaintManagerEviction -o custom-columns=MESSAGE:.message"

  @shared-cluster
  Scenario: A pod that is deleted before its eviction, and one that must go at once after all
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: early}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: sudden}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod early eventually Ready
    And pod sudden eventually Ready
    When I run "kubectl taint nodes worker-2 a=1:NoExecute"
    And 1 second passes
    And I run "kubectl delete pod early"
    And I run "kubectl taint nodes worker-2 c=1:NoExecute"
    Then pod sudden eventually gone
    When I run "kubectl taint nodes worker-2 a- c-"
    And 1 second passes
    And I run "kubectl get events --field-selector reason=TaintManagerEviction -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A deployment leaves a tainted node at once, and comes back after the taint
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            nodeSelector: {kubernetes.io/hostname: worker-3}
            terminationGracePeriodSeconds: 5
            containers: [{name: app, image: "example.com/web:1"}]
      """
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl taint nodes worker-3 gone=yes:NoExecute"
    And 2 seconds pass
    And I run "kubectl taint nodes worker-3 gone-"
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl get events --field-selector reason=TaintManagerEviction -o custom-columns=MESSAGE:.message"
