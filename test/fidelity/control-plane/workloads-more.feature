Feature: DaemonSets, StatefulSets and Jobs another author wrote

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: A DaemonSet on labelled nodes follows the label
    When I run "kubectl label node worker-1 disk=ssd"
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: ssd-agent}
      spec:
        selector: {matchLabels: {app: ssd-agent}}
        template:
          metadata: {labels: {app: ssd-agent}}
          spec: {nodeSelector: {disk: ssd}, containers: [{name: agent, image: "example.com/agent:1"}]}
      """
    Then daemonset ssd-agent eventually has 1 ready replicas
    When I run "kubectl label node worker-2 disk=ssd"
    Then daemonset ssd-agent eventually has 2 ready replicas
    When I run "kubectl label node worker-1 disk-"
    Then daemonset ssd-agent eventually has field .status.desiredNumberScheduled "1"
    And daemonset ssd-agent eventually has field .status.currentNumberScheduled "1"
    When I run "kubectl get ds"
    And I run "kubectl rollout status ds/ssd-agent"

  @shared-cluster
  Scenario: A DaemonSet update goes node by node
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: logs}
      spec:
        selector: {matchLabels: {app: logs}}
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}
        template:
          metadata: {labels: {app: logs}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: logs, image: "example.com/logs:1"}]}
      """
    Then daemonset logs eventually has 3 ready replicas
    When I run "kubectl set image ds/logs logs=example.com/logs:2"
    Then daemonset logs eventually has 3 updated replicas
    And daemonset logs eventually has 3 ready replicas
    When I run "kubectl rollout status ds/logs"
    And I run "kubectl rollout history ds/logs"
    And I run "kubectl rollout undo ds/logs"
    Then daemonset logs eventually has field .status.observedGeneration "3"
    And daemonset logs eventually has 3 updated replicas

  @shared-cluster
  Scenario: A StatefulSet comes up in order, scales down and up
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: kv}
      spec: {clusterIP: None, selector: {app: kv}, ports: [{port: 6379}]}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: kv}
      spec:
        serviceName: kv
        replicas: 3
        selector: {matchLabels: {app: kv}}
        template:
          metadata: {labels: {app: kv}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: kv, image: "example.com/kv:1", ports: [{containerPort: 6379}]}]}
      """
    Then statefulset kv eventually has 3 ready replicas
    When I run "kubectl get sts,pods"
    And I run "kubectl scale sts kv --replicas=1"
    Then pod kv-2 eventually gone
    And pod kv-1 eventually gone
    When I run "kubectl scale sts kv --replicas=2"
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl delete pod kv-0"
    Then statefulset kv eventually has 2 ready replicas
    When I run "kubectl describe sts kv"
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=kv"

  @shared-cluster
  Scenario: A StatefulSet update from the top with a partition
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: q}
      spec:
        serviceName: q
        replicas: 3
        podManagementPolicy: Parallel
        updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}
        selector: {matchLabels: {app: q}}
        template:
          metadata: {labels: {app: q}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: q, image: "example.com/q:1"}]}
      """
    Then statefulset q eventually has 3 ready replicas
    When I run "kubectl set image sts/q q=example.com/q:2"
    Then statefulset q eventually has 2 updated replicas
    And statefulset q eventually has 3 ready replicas
    When I run "kubectl rollout status sts/q --timeout=30s"
    And I run "kubectl get pods -l app=q -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image"
    And I run "kubectl rollout history sts/q"

  @shared-cluster
  Scenario: Jobs in parallel, one that fails and one that is suspended
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: batch}
      spec:
        completions: 4
        parallelism: 2
        template:
          metadata: {annotations: {behaviour.kscenario.dev/work: "{exit: {after: 2s, code: 0}}"}}
          spec: {restartPolicy: Never, containers: [{name: work, image: "example.com/work:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: bad}
      spec:
        backoffLimit: 1
        template:
          metadata: {annotations: {behaviour.kscenario.dev/work: "{exit: {after: 1s, code: 3}}"}}
          spec: {restartPolicy: Never, containers: [{name: work, image: "example.com/work:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: later}
      spec:
        suspend: true
        template:
          metadata: {annotations: {behaviour.kscenario.dev/work: "{exit: {after: 1s, code: 0}}"}}
          spec: {restartPolicy: Never, containers: [{name: work, image: "example.com/work:1"}]}
      """
    Then job batch eventually Complete within 2m
    And job bad eventually has condition Failed=True with reason BackoffLimitExceeded within 2m
    When I run "kubectl get jobs"
    And I run "kubectl patch job later -p '{\"spec\":{\"suspend\":false}}'"
    Then job later eventually Complete
    When I run "kubectl describe job bad"
    And I run "kubectl get pods -l job-name=batch"
