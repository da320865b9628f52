Feature: Machines in zones that are lost

  Scenario: One of two zones of two is lost, and its pods move
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | a    |
      | worker-3 | b    |
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
            terminationGracePeriodSeconds: 1
            tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
            affinity:
              nodeAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                - {weight: 100, preference: {matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [b]}]}}
            containers: [{name: web, image: "example.com/later1/web:1"}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
      """
    Then deployment web eventually has 2 available replicas
    When node worker-3 goes down
    And 50 seconds pass
    Then node worker-3 eventually has condition Ready=Unknown with reason NodeStatusUnknown
    When 10 seconds pass
    And I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pdb web"
    Then deployment web eventually has 2 available replicas within 2m
    When I run "kubectl get pods"
    And node worker-3 comes back
    Then node worker-3 eventually Ready within 2m
    When 5 seconds pass
    And I run "kubectl get pods"

  Scenario: A kubelet hangs, a DaemonSet and a job are on its machine
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/later2/agent:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: long}
      spec:
        template:
          metadata: {labels: {work: long}}
          spec:
            restartPolicy: Never
            terminationGracePeriodSeconds: 1
            nodeSelector: {kubernetes.io/hostname: worker-2}
            tolerations:
            - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 8}
            containers: [{name: long, image: "example.com/later2/long:1"}]
      """
    Then daemonset agent eventually has 2 ready replicas
    And job long eventually has field .status.ready "1"
    When node worker-2 hangs
    And 70 seconds pass
    And I run "kubectl get nodes"
    And I run "kubectl get ds agent"
    And I run "kubectl get pods"
    And I run "kubectl get job long -o jsonpath='{.status.active} {.status.terminating} {.status.ready}'"
    And node worker-2 resumes
    Then node worker-2 eventually Ready
    And job long eventually has field .status.ready "1"
    When I run "kubectl get job long"
    And I run "kubectl get pods"
