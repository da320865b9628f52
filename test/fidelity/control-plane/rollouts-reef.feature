Feature: Rollouts as a course runs them

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: History is annotated, looked at, and gone back to
    When I run:
      """
      kubectl create deployment shop --image=example.com/shop:1 --replicas=2 --port=8080
      kubectl annotate deployment shop kubernetes.io/change-cause='first release'
      kubectl rollout status deployment shop --timeout=60s
      kubectl set image deployment/shop shop=example.com/shop:2
      kubectl annotate deployment shop kubernetes.io/change-cause='image 2' --overwrite
      kubectl rollout status deployment shop --timeout=60s
      kubectl set resources deployment shop --limits=cpu=200m,memory=128Mi --requests=cpu=100m
      kubectl annotate deployment shop kubernetes.io/change-cause='limits' --overwrite
      kubectl rollout status deployment shop --timeout=60s
      kubectl rollout history deployment shop
      kubectl rollout history deployment shop --revision=2
      kubectl rollout history deployment shop --revision=3
      kubectl rollout history deployment shop --revision=9
      kubectl rollout history deployment shop --revision=2 -o jsonpath='{.spec.template.spec.containers[0].image}'
      kubectl rollout undo deployment shop --to-revision=1
      kubectl rollout status deployment shop --timeout=60s
      kubectl rollout history deployment shop
      kubectl get rs -l app=shop -o custom-columns=REVISION:.metadata.annotations.deployment\.kubernetes\.io/revision,HISTORY:.metadata.annotations.deployment\.kubernetes\.io/revision-history,DESIRED:.spec.replicas --sort-by=.metadata.annotations.deployment\.kubernetes\.io/revision
      kubectl describe deployment shop
      kubectl get deployment shop -o wide
      """

  @shared-cluster
  Scenario: Paused, changed several times, resumed, and stuck
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api, labels: {app: api}}
      spec:
        replicas: 3
        selector: {matchLabels: {app: api}}
        template:
          metadata:
            labels: {app: api}
            annotations: {behaviour.kscenario.dev/api: "{image: missing.example.com/api:2, missing: true}"}
          spec: {containers: [{name: api, image: "example.com/api:1"}]}
      """
    And I run:
      """
      kubectl rollout status deployment/api --timeout=60s
      kubectl rollout pause deployment/api
      kubectl rollout pause deployment/api
      kubectl set image deployment/api api=missing.example.com/api:2
      kubectl set env deployment/api LEVEL=debug COLOUR=blue
      kubectl set env deployment/api --list
      kubectl set serviceaccount deployment/api builder
      kubectl rollout history deployment/api
      kubectl rollout status deployment/api --timeout=2s
      kubectl rollout restart deployment/api
      kubectl rollout undo deployment/api
      kubectl get deployment api -o jsonpath='{.status.conditions[*].reason} {.spec.paused} {.status.updatedReplicas}'
      kubectl patch deployment api -p '{"spec":{"progressDeadlineSeconds":6}}'
      kubectl rollout resume deployment/api
      kubectl rollout resume deployment/api
      """
    And 8 seconds pass
    And I run:
      """
      kubectl get rs -l app=api -o custom-columns=DESIRED:.spec.replicas,READY:.status.readyReplicas --sort-by=.spec.replicas
      kubectl describe deployment api
      kubectl set serviceaccount deployment/api default
      """
    Then deployment api eventually has condition Progressing=False with reason ProgressDeadlineExceeded
    When I run:
      """
      kubectl get pods -l app=api --sort-by=.status.startTime
      kubectl rollout status deployment/api
      kubectl get deployment api
      kubectl rollout undo deployment/api --to-revision=1
      kubectl rollout status deployment/api --timeout=60s
      kubectl get deployment api -o jsonpath='{range .status.conditions[*]}{.type} {.status} {.reason} {.message}{"\n"}{end}'
      kubectl get events --field-selector involvedObject.kind=Deployment -o custom-columns=REASON:.reason,MESSAGE:.message
      """

  @shared-cluster
  Scenario: Recreate beside a service, and the autoscaler without metrics
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: one, labels: {app: one}}
      spec:
        replicas: 2
        strategy: {type: Recreate}
        minReadySeconds: 3
        selector: {matchLabels: {app: one}}
        template:
          metadata:
            labels: {app: one}
            annotations: {behaviour.kscenario.dev/one: "{term: {after: 3s}}"}
          spec:
            containers:
            - {name: one, image: "example.com/one:1", ports: [{containerPort: 80, name: http}], resources: {requests: {cpu: 50m}}}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: one}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: one}
        minReplicas: 1
        maxReplicas: 4
        metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
        behavior:
          scaleDown: {stabilizationWindowSeconds: 30, policies: [{type: Percent, value: 50, periodSeconds: 15}]}
          scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 20}], selectPolicy: Min}
      """
    And I run:
      """
      kubectl expose deployment one --port=80 --target-port=http
      kubectl get deployment one
      """
    Then deployment one eventually has 2 available replicas
    When I run:
      """
      kubectl get endpointslices -l kubernetes.io/service-name=one
      kubectl set image deployment one one=example.com/one:2
      kubectl get pods -l app=one
      kubectl get deployment one
      """
    And I run "kubectl rollout status deployment one --timeout=60s"
    Then deployment one eventually has 2 available replicas
    And hpa one eventually has condition ScalingActive=False
    When I run:
      """
      kubectl get hpa one
      kubectl describe hpa one
      kubectl get hpa one -o jsonpath='{.spec.behavior}'
      kubectl patch hpa one -p '{"spec":{"minReplicas":3}}'
      """
    Then deployment one eventually has 3 replicas
    When I run:
      """
      kubectl scale deployment one --replicas=9
      kubectl get hpa one -o wide
      kubectl autoscale deployment one --min=2 --max=5 --cpu=70%
      kubectl delete hpa one
      kubectl autoscale deployment one --min=2 --max=5 --cpu=70%
      kubectl get hpa
      """

  @shared-cluster
  Scenario: Looked at before it is changed, changed by others, put back
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: site, labels: {app: site}}
      spec:
        replicas: 2
        revisionHistoryLimit: 1
        selector: {matchLabels: {app: site}}
        template:
          metadata: {labels: {app: site}}
          spec: {containers: [{name: site, image: "example.com/site:1", env: [{name: A, value: "1"}]}]}
      """
    Then deployment site eventually has 2 ready replicas
    When I run:
      """
      kubectl scale deployment site --replicas=3 --current-replicas=1
      kubectl scale deployment site --replicas=3 --current-replicas=2
      kubectl label deployment site tier=front
      kubectl set env deployment/site A=2 B=3
      kubectl rollout status deployment site --timeout=60s
      kubectl set env deployment/site A- C=4
      kubectl rollout status deployment site --timeout=60s
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: site, labels: {app: site}}
      spec:
        replicas: 2
        revisionHistoryLimit: 1
        selector: {matchLabels: {app: site}}
        template:
          metadata: {labels: {app: site}}
          spec: {containers: [{name: site, image: "example.com/site:1", env: [{name: A, value: "1"}]}]}
      """
    And I run:
      """
      kubectl rollout status deployment site --timeout=60s
      kubectl get deployment site --show-labels
      kubectl get deployment site -o jsonpath='{.spec.template.spec.containers[0].env} {.spec.replicas}'
      kubectl rollout history deployment site
      kubectl get rs -l app=site -o custom-columns=DESIRED:.spec.replicas --sort-by=.spec.replicas
      kubectl rollout undo deployment site --to-revision=2
      kubectl rollout undo deployment site
      kubectl rollout status deployment site --timeout=60s
      kubectl get deployment site -o jsonpath='{.spec.template.spec.containers[0].env}'
      kubectl delete rs -l app=site
      """
    Then deployment site eventually has 2 ready replicas
