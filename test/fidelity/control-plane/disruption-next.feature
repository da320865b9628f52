Feature: Drains by parts, taints on top of each other, nodes that are lost

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: A drain waits for the budget until pods are ready elsewhere
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 4
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/web:1"}]}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
      """
    Then deployment web eventually has 4 ready replicas
    And poddisruptionbudget web eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl drain worker-1 worker-2 --timeout=60s"
    Then deployment web eventually has 4 ready replicas
    And pods labelled app=web eventually scheduled on node worker-3
    When I run "kubectl get pdb"
    And I run "kubectl describe node worker-1"
    And I run "kubectl uncordon worker-1 worker-2"
    And I run "kubectl drain worker-3 --pod-selector=app=none"
    And I run "kubectl drain worker-3 --disable-eviction --grace-period=1"
    And I run "kubectl uncordon worker-3"
    Then deployment web eventually has 4 ready replicas

  @shared-cluster
  Scenario: Budgets of sets that are not there, and pods that are not ready
    When I run "kubectl create pdb lone --selector=app=lone --max-unavailable=1"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: lone, labels: {app: lone}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/app:1"}]}
      """
    Then pod lone eventually Ready
    When 2 seconds pass
    And I run "kubectl describe pdb lone"
    And I run "kubectl get pdb lone -o jsonpath='{.status}'"
    And I run "kubectl patch pdb lone --type=merge -p '{\"spec\":{\"maxUnavailable\":null,\"minAvailable\":1}}'"
    And I run "kubectl patch pdb lone --type=merge -p '{\"spec\":{\"unhealthyPodEvictionPolicy\":\"AlwaysAllow\"}}'"
    And 2 seconds pass
    And I run "kubectl get pdb"
    And I run "kubectl create pdb wrong --selector=app=lone --min-available=-1"
    And I run "kubectl create pdb wrong --selector=app=lone --min-available=120%"
    And I run "kubectl create pdb wrong --selector=app=lone"
    And I run "kubectl create pdb wrong --min-available=1"
    And I run "kubectl delete pdb lone"

  @shared-cluster
  Scenario: Taints that overlap, are replaced and go to all nodes
    When I run "kubectl create deployment site --image=example.com/site:1 --replicas=3"
    Then deployment site eventually has 3 ready replicas
    When I run:
      """
      kubectl taint nodes --all phase=test:PreferNoSchedule
      kubectl taint nodes worker-1 phase=prod:PreferNoSchedule
      kubectl taint nodes worker-1 phase=prod:PreferNoSchedule --overwrite
      kubectl taint nodes worker-1 phase=prod:NoExecute
      kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].effect
      """
    Then deployment site eventually has 3 ready replicas
    When I run:
      """
      kubectl taint nodes worker-1 phase-
      kubectl taint nodes worker-1 phase-
      kubectl taint nodes --all phase-
      kubectl taint nodes worker-1 =x:NoSchedule
      kubectl taint nodes worker-1 a=b:NoSchedule a=b:NoSchedule
      kubectl taint nodes worker-1 a=b:NoSchedule a-
      kubectl taint nodes worker-9 a=b:NoSchedule
      kubectl taint nodes
      kubectl taint nodes worker-1
      kubectl taint nodes -l kubernetes.io/os=linux z=1:NoSchedule
      kubectl describe node worker-2
      kubectl taint nodes -l kubernetes.io/os=linux z:NoSchedule-
      """

  @shared-cluster
  Scenario: Tolerations with times are counted again when taints change
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: short}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        tolerations:
        - {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 20}
        - {key: b, operator: Exists, effect: NoExecute, tolerationSeconds: 4}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: saved}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        tolerations:
        - {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 6}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: all}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        tolerations: [{operator: Exists}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod short eventually Ready
    And pod saved eventually Ready
    And pod all eventually Ready
    When I run "kubectl taint nodes worker-2 a=1:NoExecute"
    And 2 seconds pass
    And I run "kubectl taint nodes worker-2 a-"
    And 6 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl taint nodes worker-2 a=1:NoExecute b=1:NoExecute"
    Then pod saved eventually gone
    And pod short eventually gone
    When I run "kubectl get events --field-selector reason=TaintManagerEviction -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: Evictions through the API by a drain of a set with claims and jobs
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 2
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {nodeSelector: {kubernetes.io/hostname: worker-1}, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/kv:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: work}
      spec:
        template:
          spec: {nodeSelector: {kubernetes.io/hostname: worker-1}, terminationGracePeriodSeconds: 1, restartPolicy: Never, containers: [{name: app, image: "example.com/work:1"}]}
      """
    Then statefulset kv eventually has 2 ready replicas
    And job work eventually has field .status.ready "1"
    When I run "kubectl drain worker-1"
    And 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job,sts"
    And I run "kubectl uncordon worker-1"
    Then statefulset kv eventually has 2 ready replicas
