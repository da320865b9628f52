Feature: Deployments that are scaled, undone and adopted in the middle; budgets and autoscalers beside them

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Scaled, paused and undone while the new pods start slowly
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, annotations: {kubernetes.io/change-cause: one}}
      spec:
        replicas: 4
        minReadySeconds: 1
        revisionHistoryLimit: 2
        strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}, annotations: {behaviour.kscenario.dev/web: "{exec: [{from: 0s, code: 1}, {from: 3s, code: 0}]}"}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/rollwave1/web:1", readinessProbe: {exec: {command: [c]}, periodSeconds: 1}}]}
      """
    Then deployment web eventually has 4 available replicas
    When I run "kubectl set image deployment web web=example.com/rollwave1/web:2"
    And I run "kubectl annotate deployment web kubernetes.io/change-cause=two --overwrite"
    And 2 seconds pass
    And I run "kubectl scale deployment web --replicas=6"
    And 2 seconds pass
    And I run "kubectl rollout pause deployment web"
    And 6 seconds pass
    And I run "kubectl get rs -o custom-columns=REV:.metadata.annotations.deployment\.kubernetes\.io/revision,WANT:.spec.replicas,READY:.status.readyReplicas"
    And I run "kubectl rollout undo deployment web"
    And I run "kubectl rollout resume deployment web"
    And I run "kubectl rollout undo deployment web"
    And I run "kubectl rollout status deployment web --timeout=60s"
    And I run "kubectl rollout history deployment web"
    And I run "kubectl get deployment web -o jsonpath='{.metadata.generation} {.status.observedGeneration} {.spec.template.spec.containers[0].image}'"
    And I run "kubectl describe deployment web"

  @shared-cluster
  Scenario: No history at all, nothing to spare, and a strategy that changes
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        revisionHistoryLimit: 0
        progressDeadlineSeconds: 20
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/rollwave2/web:1"}]}
      """
    Then deployment web eventually has 2 ready replicas
    When I run:
      """
      kubectl patch deployment web -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}}}'
      kubectl patch deployment web -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":"-1","maxUnavailable":"110%"}}}}'
      kubectl patch deployment web -p '{"spec":{"strategy":{"type":"Recreate"}}}'
      kubectl patch deployment web -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'
      kubectl patch deployment web -p '{"spec":{"progressDeadlineSeconds":5,"minReadySeconds":10}}'
      kubectl patch deployment web -p '{"spec":{"progressDeadlineSeconds":2147483648}}'
      kubectl set image deployment web web=example.com/rollwave2/web:2
      """
    And 6 seconds pass
    And I run "kubectl get rs,pods"
    And I run "kubectl rollout history deployment web"
    And I run "kubectl rollout undo deployment web"
    And I run "kubectl patch deployment web -p '{\"spec\":{\"strategy\":{\"type\":\"RollingUpdate\"}}}'"
    And I run "kubectl get deployment web -o jsonpath='{.spec.strategy}'"
    And I run "kubectl set env deployment web A=1 B-"
    And I run "kubectl set resources deployment web --limits=cpu=100m,memory=64Mi --requests=cpu=50m"
    And I run "kubectl set serviceaccount deployment web robot"
    And 3 seconds pass
    And I run "kubectl get deployment web -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason} {.message};{end}'"
    And I run "kubectl create serviceaccount robot"
    And 25 seconds pass
    And I run "kubectl get deployment,rs,pods"

  @shared-cluster
  Scenario: Two deployments quarrel, and a bare ReplicaSet is taken in
    When I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: bare, labels: {app: web}}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: old}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/rollwave3/web:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: loose, labels: {app: web, tier: new}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/rollwave3/web:1"}]}
      """
    And 3 seconds pass
    And I run "kubectl get pods loose -o jsonpath='{.metadata.ownerReferences[0].name}'"
    And I run "kubectl get rs"
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: new}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/rollwave3/web:2"}]}
      """
    Then deployment web eventually has 2 available replicas
    When 3 seconds pass
    And I run "kubectl get rs -o custom-columns=OWNER:.metadata.ownerReferences[0].name,WANT:.spec.replicas,REV:.metadata.annotations"
    And I run "kubectl rollout history deployment web"
    And I run "kubectl describe rs bare"
    And I run "kubectl label rs bare app=other --overwrite"
    And 2 seconds pass
    And I run "kubectl get rs bare -o jsonpath='{.metadata.ownerReferences} {.metadata.labels}'"
    And I run "kubectl delete deployment web --cascade=orphan"
    And I run "kubectl get rs -o custom-columns=OWNER:.metadata.ownerReferences,WANT:.spec.replicas"
    And I run "kubectl scale rs bare --replicas=2"
    And 3 seconds pass
    And I run "kubectl get pods --show-labels"

  @shared-cluster
  Scenario: Budgets that overlap, that count pods of nobody, and what is never evicted
    When I run "kubectl create deployment web --image=example.com/rollwave4/web:1 --replicas=2"
    And I run "kubectl create pdb one --selector=app=web --min-available=50%"
    And I run "kubectl create pdb two --selector=app --max-unavailable=1"
    And I run "kubectl run bare --image=example.com/rollwave4/web:1 -l app=bare"
    Then deployment web eventually has 2 ready replicas
    And pod bare eventually Ready
    When 2 seconds pass
    And I run:
      """
      kubectl get pdb
      kubectl describe pdb two
      kubectl drain worker-1 worker-2 --force --timeout=8s --pod-selector=app=web
      kubectl uncordon worker-1 worker-2
      kubectl delete pdb two
      kubectl create pdb three --selector=app=bare --max-unavailable=30%
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pdb three -o jsonpath='{.status}'
      kubectl patch pdb one --type=merge -p '{"spec":{"maxUnavailable":1}}'
      kubectl patch pdb one --type=merge -p '{"spec":{"minAvailable":null,"maxUnavailable":"0%"}}'
      kubectl patch pdb one --type=merge -p '{"spec":{"selector":{"matchLabels":{"app":"none"}}}}'
      kubectl patch pdb one --type=merge -p '{"spec":{"unhealthyPodEvictionPolicy":"Always"}}'
      kubectl create pdb four --selector=app=x
      kubectl create pdb four --selector=app=x --min-available=1 --max-unavailable=1
      kubectl create pdb four --selector=app=x --min-available=-1
      kubectl create pdb four --min-available=1
      """
    And 2 seconds pass
    And I run "kubectl get pdb"
    And I run "kubectl get events --field-selector involvedObject.kind=PodDisruptionBudget -o custom-columns=TYPE:.type,REASON:.reason,NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl set image deployment web web=example.com/rollwave4/web:none"
    And I run "kubectl patch pdb one --type=merge -p '{\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"web\"}}}}'"
    And 4 seconds pass
    And I run "kubectl get pdb one -o jsonpath='{.status.conditions[0].reason} {.status.currentHealthy}/{.status.expectedPods}'"

  @shared-cluster
  Scenario: Autoscalers with odd targets, behaviour and versions
    When I run "kubectl create deployment web --image=example.com/rollwave5/web:1 --replicas=2"
    And I apply:
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: many}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        minReplicas: 3
        maxReplicas: 5
        metrics:
          - {type: ContainerResource, containerResource: {name: cpu, container: web, target: {type: Utilization, averageUtilization: 60}}}
          - {type: Pods, pods: {metric: {name: rps, selector: {matchLabels: {v: "1"}}}, target: {type: AverageValue, averageValue: 100}}}
          - {type: Object, object: {describedObject: {apiVersion: v1, kind: Service, name: web}, metric: {name: hits}, target: {type: Value, value: 2k}}}
          - {type: External, external: {metric: {name: queue}, target: {type: AverageValue, averageValue: "30"}}}
        behavior: {scaleDown: {stabilizationWindowSeconds: 5, policies: [{type: Percent, value: 50, periodSeconds: 15}], selectPolicy: Disabled}, scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 5}]}}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: nobody}
      spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: nobody}, maxReplicas: 2, metrics: []}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: unscalable}
      spec: {scaleTargetRef: {apiVersion: apps/v1, kind: DaemonSet, name: x}, maxReplicas: 2}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: unknown}
      spec: {scaleTargetRef: {apiVersion: example.com/v1, kind: Thing, name: x}, maxReplicas: 2}
      """
    And 20 seconds pass
    And I run:
      """
      kubectl get hpa
      kubectl describe hpa many
      kubectl get hpa nobody -o jsonpath='{.status.conditions}'
      kubectl get hpa unscalable unknown -o jsonpath='{range .items[*]}{.status.conditions[*].message}{"; "}{end}'
      kubectl get hpa.v1.autoscaling many -o jsonpath='{.metadata.annotations}'
      kubectl get deployment web
      """
    And I create:
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: wrong}
      spec:
        scaleTargetRef: {kind: "", name: "a/b"}
        minReplicas: 0
        maxReplicas: 0
        metrics:
          - {type: Resource}
          - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 0}}}
          - {type: Pods, pods: {metric: {name: ""}, target: {type: Value, value: 1}}}
        behavior: {scaleDown: {stabilizationWindowSeconds: 3601, policies: []}, scaleUp: {selectPolicy: Most, policies: [{type: Some, value: 0, periodSeconds: 1801}]}}
      """
    And I run:
      """
      kubectl autoscale deployment web --max=1
      kubectl autoscale deployment web --min=3 --max=2
      kubectl autoscale deployment web --min=2 --max=4 --cpu=50% --memory=100Mi --name=plain
      kubectl get hpa plain -o jsonpath='{.spec}'
      kubectl delete hpa --all
      """
