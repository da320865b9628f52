Feature: Sets, their pods and what stands in between

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A set is released from its deployment and found again
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template: {metadata: {labels: {app: web}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/web:1"}]}}
      """
    And 4 seconds pass
    And I run "kubectl label rs -l app=web app=stray --overwrite"
    And 5 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get rs --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].name,WANT:.spec.replicas --sort-by=.metadata.labels.app"
    And I run "kubectl rollout history deployment/web"
    And I run "kubectl label rs -l app=stray app=web --overwrite"
    And 5 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get deployment web"
    And I run "kubectl set image deployment/web app=example.com/web:2"
    And 6 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl rollout history deployment/web"

  @shared-cluster
  Scenario: Two deployments of one selector
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: one}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template: {metadata: {labels: {app: web}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/web:1"}]}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: two}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template: {metadata: {labels: {app: web}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/web:2"}]}}
      """
    And 6 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get deployments"
    And I run "kubectl delete deployment one --cascade=orphan"
    And 6 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get deployments"
    And I run "kubectl scale deployment two --replicas=1"
    And 5 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl describe deployment two"

  @shared-cluster
  Scenario: A DaemonSet meets pods of its labels
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: early, labels: {app: agent}}
      spec:
        terminationGracePeriodSeconds: 1
        nodeName: worker-1
        containers: [{name: app, image: "example.com/early:1"}]
      """
    And 3 seconds pass
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template: {metadata: {labels: {app: agent}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/agent:1"}]}}
      """
    And 5 seconds pass
    And I run "kubectl get pods -o custom-columns=NODE:.spec.nodeName,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image --sort-by=.spec.nodeName"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late, labels: {app: agent}}
      spec:
        terminationGracePeriodSeconds: 1
        nodeName: worker-1
        containers: [{name: app, image: "example.com/late:1"}]
      """
    And 5 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get daemonset agent"
    And I run "kubectl set image daemonset/agent app=example.com/agent:2"
    And 9 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get controllerrevisions --no-headers -o custom-columns=REVISION:.revision,OWNER:.metadata.ownerReferences[0].kind --sort-by=.revision"

  @shared-cluster
  Scenario: A StatefulSet changes its ways
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 3
        updateStrategy: {type: OnDelete}
        selector: {matchLabels: {app: db}}
        template: {metadata: {labels: {app: db}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/db:1"}]}}
      """
    And 15 seconds pass
    And I run "kubectl set image statefulset/db app=example.com/db:2"
    And 3 seconds pass
    And I run "kubectl delete pod db-1 --wait=false"
    And 6 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get statefulset db -o jsonpath='{.status.currentReplicas} {.status.updatedReplicas} {.status.replicas}'"
    And I run "kubectl patch statefulset db -p '{\"spec\":{\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":1}}}}'"
    And 12 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get statefulset db -o wide"
    And I run "kubectl scale statefulset db --replicas=1"
    And 12 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get statefulset db -o jsonpath='{.status}'"

  @shared-cluster
  Scenario: Quotas by scope while pods come and go
    When I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: effort}
      spec: {hard: {pods: "2"}, scopes: [BestEffort]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: rest}
      spec: {hard: {pods: "2", requests.cpu: "500m"}, scopes: [NotBestEffort]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: ends}
      spec: {hard: {pods: "1"}, scopes: [Terminating]}
      """
    And 2 seconds pass
    And I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: plain}
      spec:
        replicas: 3
        selector: {matchLabels: {app: plain}}
        template: {metadata: {labels: {app: plain}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/plain:1"}]}}
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: sized}
      spec:
        replicas: 3
        selector: {matchLabels: {app: sized}}
        template: {metadata: {labels: {app: sized}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/sized:1", resources: {requests: {cpu: "100m"}}}]}}
      """
    And 5 seconds pass
    And I run "kubectl describe quota"
    And I run "kubectl get rs"
    And I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: timed}
      spec:
        activeDeadlineSeconds: 60
        parallelism: 2
        completions: 2
        template: {metadata: {labels: {app: timed}, annotations: {behaviour.kscenario.dev/app: "exit: {after: 4s, code: 0}"}}, spec: {terminationGracePeriodSeconds: 2, restartPolicy: Never, containers: [{name: app, image: "example.com/timed:1"}]}}
      """
    And 5 seconds pass
    And I run "kubectl describe quota ends"
    And I run "kubectl scale rs plain --replicas=0"
    And I run "kubectl patch quota rest -p '{\"spec\":{\"hard\":{\"pods\":\"5\"}}}'"
    And 8 seconds pass
    And I run "kubectl describe quota"
    And I run "kubectl get rs,jobs"

  @shared-cluster
  Scenario: Deleted in the foreground, held by a pod
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web}
      spec:
        serviceName: web
        replicas: 2
        selector: {matchLabels: {app: web}}
        template: {metadata: {labels: {app: web}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/web:1"}]}}
      """
    And 6 seconds pass
    And I run "kubectl annotate pods -l app=web note=x"
    And I run "kubectl delete statefulset web --cascade=foreground --wait=false"
    And 5 seconds pass
    And I run "kubectl get statefulset,rs,pods"
    And I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web}
      spec:
        serviceName: web
        replicas: 1
        selector: {matchLabels: {app: web}}
        template: {metadata: {labels: {app: web}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/web:1"}]}}
      """
    And 5 seconds pass
    And I run "kubectl delete statefulset web --cascade=orphan"
    And 3 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get rs"
    And I run "kubectl get statefulset"
    And I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web}
      spec:
        serviceName: web
        replicas: 3
        selector: {matchLabels: {app: web}}
        template: {metadata: {labels: {app: web}}, spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/web:1"}]}}
      """
    And 8 seconds pass
    And I run "kubectl get pods --no-headers -o custom-columns=APP:.metadata.labels.app,OWNER:.metadata.ownerReferences[0].kind,IMAGE:.spec.containers[0].image,PHASE:.status.phase --sort-by=.spec.containers[0].image"
    And I run "kubectl get statefulset web"

  @shared-cluster
  Scenario: Evictions by taint, put off and called off
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: brief, labels: {app: x}}
      spec:
        terminationGracePeriodSeconds: 1
        nodeName: worker-1
        tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 6}, {key: b, operator: Exists, tolerationSeconds: 20, effect: NoExecute}]
        containers: [{name: app, image: "example.com/brief:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: long, labels: {app: x}}
      spec:
        terminationGracePeriodSeconds: 1
        nodeName: worker-1
        tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 25}, {key: a, operator: Equal, value: v, effect: NoExecute, tolerationSeconds: 8}]
        containers: [{name: app, image: "example.com/long:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: any, labels: {app: x}}
      spec:
        terminationGracePeriodSeconds: 1
        nodeName: worker-1
        tolerations: [{operator: Exists, effect: NoSchedule}]
        containers: [{name: app, image: "example.com/any:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: all, labels: {app: x}}
      spec:
        terminationGracePeriodSeconds: 1
        nodeName: worker-1
        tolerations: [{operator: Exists}]
        containers: [{name: app, image: "example.com/all:1"}]
      """
    And 3 seconds pass
    And I run "kubectl taint node worker-1 a=v:NoExecute"
    And 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl taint node worker-1 a-"
    And 3 seconds pass
    And I run "kubectl get pods"
    And 8 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get events --field-selector reason=TaintManagerEviction -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I run "kubectl taint nodes --all a- b-"
