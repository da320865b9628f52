Feature: Pods and their nodes

  Background:
    Given the nodes:
      | name | labels | zone |
      | worker-1 | disk=ssd | a |
      | worker-2 | disk=hdd | a |
      | worker-3 | disk=hdd | b |

  @shared-cluster
  Scenario: Apart and together
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: anchor}
      spec:
        replicas: 1
        selector: {matchLabels: {app: anchor}}
        template: {metadata: {labels: {app: anchor}}, spec: {terminationGracePeriodSeconds: 2, nodeSelector: {disk: ssd}, containers: [{name: app, image: "example.com/anchor:1"}]}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: near}
      spec:
        replicas: 2
        selector: {matchLabels: {app: near}}
        template: {metadata: {labels: {app: near}}, spec: {terminationGracePeriodSeconds: 2, affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: anchor}}}]}}, containers: [{name: app, image: "example.com/near:1"}]}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: far}
      spec:
        replicas: 2
        selector: {matchLabels: {app: far}}
        template: {metadata: {labels: {app: far}}, spec: {terminationGracePeriodSeconds: 2, affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchExpressions: [{key: app, operator: In, values: [anchor, far]}]}}]}}, containers: [{name: app, image: "example.com/far:1"}]}}
      """
    And 6 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,PHASE:.status.phase --sort-by=.metadata.labels.app"
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I run "kubectl scale deployment anchor --replicas=0"
    And 5 seconds pass
    And I run "kubectl rollout restart deployment/near"
    And 6 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,PHASE:.status.phase --sort-by=.metadata.labels.app"
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I run "kubectl scale deployment anchor --replicas=1"
    And 7 seconds pass
    And I run "kubectl get deployments"
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"

  @shared-cluster
  Scenario: The urgent push the others aside
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: urgent}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: usual}
      value: 10
      globalDefault: true
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: polite}
      value: 2000
      preemptionPolicy: Never
      """
    And 1 second passes
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: filler}
      spec:
        replicas: 3
        selector: {matchLabels: {app: filler}}
        template: {metadata: {labels: {app: filler}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/filler:1", resources: {requests: {cpu: "2"}}}]}}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: filler}
      spec: {minAvailable: 2, selector: {matchLabels: {app: filler}}}
      """
    And 5 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: high, labels: {app: high}}
      spec:
        terminationGracePeriodSeconds: 1
        priorityClassName: urgent
        containers: [{name: app, image: "example.com/high:1", resources: {requests: {cpu: "2"}}}]
      """
    And 7 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,PHASE:.status.phase --sort-by=.metadata.labels.app"
    And I run "kubectl get events --field-selector reason=Preempted -o custom-columns=REASON:.reason"
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: meek, labels: {app: meek}}
      spec:
        terminationGracePeriodSeconds: 1
        priorityClassName: polite
        containers: [{name: app, image: "example.com/meek:1", resources: {requests: {cpu: "2"}}}]
      """
    And 4 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I run "kubectl delete pod high --wait=false"
    And 6 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,PHASE:.status.phase --sort-by=.metadata.labels.app"
    And I run "kubectl get pdb"
    And I run "kubectl get pod meek -o jsonpath='{.spec.priority} {.spec.preemptionPolicy} {.status.phase}'"
    And I run "kubectl delete priorityclass urgent polite usual"

  @shared-cluster
  Scenario: A DaemonSet follows nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: "50%"}}
        selector: {matchLabels: {app: agent}}
        template: {metadata: {labels: {app: agent}}, spec: {terminationGracePeriodSeconds: 2, nodeSelector: {pool: blue}, containers: [{name: app, image: "example.com/agent:1"}]}}
      """
    And 2 seconds pass
    And I run "kubectl get daemonset agent"
    And I run "kubectl label nodes --all pool=blue"
    And 7 seconds pass
    And I run "kubectl get daemonset agent"
    And I run "kubectl taint node worker-1 dedicated=db:NoExecute"
    And I run "kubectl set image daemonset/agent app=example.com/agent:2"
    And 10 seconds pass
    And I run "kubectl get daemonset agent"
    And I run "kubectl get pods -o custom-columns=NODE:.spec.nodeName,IMAGE:.spec.containers[0].image --sort-by=.spec.nodeName"
    And I run "kubectl label node worker-2 pool=green --overwrite"
    And 4 seconds pass
    And I run "kubectl taint node worker-1 dedicated-"
    And 7 seconds pass
    And I run "kubectl get daemonset agent"
    And I run "kubectl describe daemonset agent"
    And I run "kubectl patch daemonset agent -p '{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"pool\":null}}}}}'"
    And 9 seconds pass
    And I run "kubectl get daemonset agent"
    And I run "kubectl get pods -o custom-columns=NODE:.spec.nodeName,IMAGE:.spec.containers[0].image --sort-by=.spec.nodeName"
