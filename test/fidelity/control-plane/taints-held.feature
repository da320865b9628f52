Feature: Nodes that push pods away

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: A deployment flees, and one pod may stay a little
    Given I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]
            containers: [{name: web, image: "example.com/taints1/web:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: guest}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 1
        tolerations: [{key: sick, operator: Equal, value: "yes", effect: NoExecute, tolerationSeconds: 4}]
        containers: [{name: guest, image: "example.com/taints1/guest:1"}]
      """
    Then deployment web eventually has 3 ready replicas
    And pod guest eventually Ready
    When I run "kubectl taint node worker-1 sick=yes:NoExecute"
    Then deployment web eventually has 3 available replicas
    And pod guest eventually gone
    When I run "kubectl get pods"
    And I run "kubectl describe node worker-1"
    And I run "kubectl taint node worker-1 sick:NoExecute-"

  @shared-cluster
  Scenario: Every node has something against the pod
    Given I run "kubectl taint node worker-1 a=1:NoSchedule"
    And I run "kubectl taint node worker-2 b=2:NoSchedule"
    And I run "kubectl cordon worker-3"
    When I run "kubectl run lost --image=example.com/taints2/lost:1"
    Then pod lost eventually Pending
    When 2 seconds pass
    And I run "kubectl describe pod lost"
    And I run "kubectl taint node worker-2 b-"
    Then pod lost eventually Ready
    And pod lost scheduled on node worker-2
    When I run "kubectl uncordon worker-3"
    And I run "kubectl taint node worker-1 a-"
    And I run "kubectl get nodes"
