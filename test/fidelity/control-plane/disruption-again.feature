Feature: Budgets over several kinds of workloads, and what eviction answers

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: A budget in percent over a StatefulSet, and a pod that is not ready
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 3
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: kv}}
        template:
          metadata:
            labels: {app: kv}
            annotations: {behaviour.kscenario.dev/app: "exec: [{code: 0}]"}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "example.com/kv:1", readinessProbe: {exec: {command: [ok]}, periodSeconds: 1}}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: kv}
      spec: {minAvailable: "60%", selector: {matchLabels: {app: kv}}}
      """
    Then statefulset kv eventually has 3 ready replicas
    And poddisruptionbudget kv eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl get pdb"
    And I run "kubectl scale sts kv --replicas=5"
    Then statefulset kv eventually has 5 ready replicas
    And poddisruptionbudget kv eventually has field .status.desiredHealthy "3"
    When I run "kubectl describe pdb kv"
    And I run "kubectl scale sts kv --replicas=2"
    Then poddisruptionbudget kv eventually has field .status.expectedPods "2"
    And poddisruptionbudget kv eventually has field .status.disruptionsAllowed "0"
    When I run "kubectl get pdb kv -o yaml"
    And I run "kubectl patch pdb kv -p '{\"spec\":{\"minAvailable\":null,\"maxUnavailable\":\"34%\"}}'"
    Then poddisruptionbudget kv eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl get pdb kv"

  @shared-cluster
  Scenario: A drain is held by pods that crash, until the policy allows it
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}, annotations: {behaviour.kscenario.dev/app: "exec: [{code: 1}]"}}
          spec:
            terminationGracePeriodSeconds: 1
            nodeSelector: {kubernetes.io/hostname: worker-1}
            containers: [{name: app, image: "example.com/web:1", readinessProbe: {exec: {command: [fail]}, periodSeconds: 1}}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
      """
    Then 2 pods labelled app=web eventually Running
    When 2 seconds pass
    And I run "kubectl get pdb web"
    And I run "kubectl drain worker-1 --timeout=3s"
    Then the last command fails
    When I run "kubectl patch pdb web --type=merge -p '{\"spec\":{\"unhealthyPodEvictionPolicy\":\"AlwaysAllow\"}}'"
    And I run "kubectl drain worker-1 --timeout=30s"
    Then the last command succeeds
    When 2 seconds pass
    And I run "kubectl get pods -l app=web"
    And I run "kubectl uncordon worker-1"
    Then 2 pods labelled app=web eventually Running

  @shared-cluster
  Scenario: Drains of nodes with DaemonSets, local data, bare pods and a budget on bare pods
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/agent:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: bare, labels: {app: bare}}
      spec: {nodeName: worker-1, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/bare:1"}]}
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: cache}
      spec:
        replicas: 1
        selector: {matchLabels: {app: cache}}
        template:
          metadata: {labels: {app: cache}}
          spec:
            nodeSelector: {kubernetes.io/hostname: worker-1}
            terminationGracePeriodSeconds: 1
            volumes: [{name: scratch, emptyDir: {}}]
            containers: [{name: app, image: "example.com/cache:1"}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: bare}
      spec: {minAvailable: 1, selector: {matchLabels: {app: bare}}}
      """
    Then pod bare eventually Ready
    And daemonset agent eventually has 3 ready replicas
    And replicaset cache eventually has 1 ready replicas
    And poddisruptionbudget bare eventually has field .status.currentHealthy "1"
    When I run "kubectl drain worker-1"
    And I run "kubectl drain worker-1 --ignore-daemonsets"
    And I run "kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data"
    And I run "kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data --force --dry-run=client"
    And I run "kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data --force --timeout=4s"
    Then the last command fails
    When I run "kubectl get pods"
    And I run "kubectl delete pdb bare"
    And I run "kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data --force --timeout=30s"
    And I run "kubectl get nodes"
    And I run "kubectl uncordon worker-1"
    Then replicaset cache eventually has 1 ready replicas

  @shared-cluster
  Scenario: A rollout under a budget, and a budget without pods
    When I apply:
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {maxUnavailable: "25%", selector: {matchLabels: {app: web}}}
      """
    And 1 second passes
    And I run "kubectl get pdb web -o yaml"
    And I run "kubectl create deployment web --image=example.com/web:1 --replicas=4"
    Then deployment web eventually has 4 available replicas
    And poddisruptionbudget web eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl set image deployment web web=example.com/web:2"
    And I run "kubectl rollout status deployment web --timeout=60s"
    And 2 seconds pass
    And I run "kubectl get pdb web"
    And I run "kubectl scale deployment web --replicas=0"
    Then poddisruptionbudget web eventually has field .status.expectedPods "0"
    And poddisruptionbudget web eventually has field .status.currentHealthy "0"
    When I run "kubectl get pdb"
    And I run "kubectl describe pdb web"
