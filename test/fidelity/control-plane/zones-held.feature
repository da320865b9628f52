Feature: Machines disappear from their zones

  Scenario: One of three in a zone, and its deployment moves within minutes
    Given the nodes:
      | name     | zone  |
      | worker-1 | north |
      | worker-2 | north |
      | worker-3 | north |
    When I apply:
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
            tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 6}, {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 6}]
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]
            containers: [{name: web, image: "registry.k8s.io/zweb:1"}]
      """
    Then deployment web eventually has 3 ready replicas
    When node worker-2 goes down
    Then node worker-2 eventually not Ready within 90s
    And deployment web eventually has 3 available replicas within 90s
    When I run "kubectl get pods"
    And I run "kubectl get nodes"
    And node worker-2 comes back
    Then node worker-2 eventually Ready
    And 3 pods labelled app=web eventually Running within 90s

  Scenario: A set keeps its name on a machine that is away
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | b    |
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 2
        serviceName: db
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 4}]
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: db}}}]
            containers: [{name: db, image: "registry.k8s.io/zdb:1"}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: db}
      spec: {minAvailable: 1, selector: {matchLabels: {app: db}}}
      """
    Then statefulset db eventually has 2 ready replicas
    When node worker-2 goes down
    And 65 seconds pass
    And I run "kubectl get pods -o wide"
    And I run "kubectl get pdb,sts"
    And I run "kubectl delete pods -l app=db --field-selector=spec.nodeName=worker-2 --force"
    And 3 seconds pass
    And I run "kubectl get sts db"
    And node worker-2 comes back
    Then node worker-2 eventually Ready
    And statefulset db eventually has 2 ready replicas within 90s

  Scenario: A machine is deleted while it is away
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
          spec: {containers: [{name: agent, image: "registry.k8s.io/zagent:1"}]}
      """
    Then daemonset agent eventually has 2 ready replicas
    When node worker-1 goes down
    Then node worker-1 eventually not Ready within 90s
    And 10 seconds pass
    When I run "kubectl get ds agent"
    And I run "kubectl delete node worker-1"
    And 3 seconds pass
    And I run "kubectl get ds agent"
    And I run "kubectl get pods"
    And node worker-1 comes back
    Then node worker-1 eventually Ready within 90s
    And daemonset agent eventually has 2 ready replicas within 90s
