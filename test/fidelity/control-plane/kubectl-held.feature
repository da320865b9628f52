Feature: A day at the terminal

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Looking for what is wrong
    Given I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop, labels: {app: shop}}
      spec:
        replicas: 2
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec:
            containers:
            - {name: web, image: "example.com/kubectl1/web:1", ports: [{containerPort: 80, name: http}]}
            - {name: sidecar, image: "example.com/kubectl1/side:1", resources: {limits: {cpu: 100m, memory: 32Mi}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: broken, annotations: {behaviour.kscenario.dev/app: "missing: true"}}
      spec: {containers: [{name: app, image: "example.com/kubectl1/app:none"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: huge}
      spec: {containers: [{name: app, image: "example.com/kubectl1/app:1", resources: {requests: {memory: 900Gi}}}]}
      """
    Then deployment shop eventually has 2 ready replicas
    And pod broken eventually ErrImagePull
    When I run:
      """
      kubectl get all
      kubectl get pods -o wide
      kubectl get pods --field-selector=status.phase=Pending
      kubectl get pods --field-selector=status.phase!=Running -o name
      kubectl get pods -l 'app in (shop,none),app'
      kubectl get pods -l '!app'
      kubectl describe pod huge
      kubectl describe pods -l app=shop
      kubectl get deploy shop -o jsonpath='{.spec.strategy}'
      kubectl get pods -o jsonpath='{range .items[?(@.status.phase=="Pending")]}{.metadata.name}{"\n"}{end}'
      kubectl get nodes -o custom-columns=NAME:.metadata.name,CPU:.status.capacity.cpu
      kubectl get pod broken -o jsonpath='{.status.containerStatuses[0].state.waiting.reason}'
      kubectl get events --field-selector=reason=FailedScheduling -o custom-columns=TYPE:.type,ON:.involvedObject.name
      kubectl get pods nobody shop
      kubectl get deployment/shop pod/huge
      kubectl get rs,deploy --no-headers
      kubectl top pods
      kubectl api-resources --api-group=policy
      """

  @shared-cluster
  Scenario: Changing things in many ways
    Given I run "kubectl create deployment app --image=example.com/kubectl2/app:1 --replicas=2"
    Then deployment app eventually has 2 ready replicas
    When I run:
      """
      kubectl set image deployment/app nginx=example.com/kubectl2/app:2
      kubectl set image deployment/app *=example.com/kubectl2/app:2
      kubectl set image deployment/none app=x
      kubectl set env deployment/app A=1 B=2
      kubectl set env deployment/app --list
      kubectl set env deployment/app A-
      kubectl set resources deployment app -c=app --limits=cpu=200m,memory=64Mi
      kubectl set resources deployment app --limits=cpu=a
      kubectl set serviceaccount deployment app builder
      kubectl set serviceaccount deployment app default
      kubectl scale deployment app --replicas=-1
      kubectl scale deployment app --replicas=3
      kubectl label deployment app tier=web env=test
      kubectl label deployment app tier=db
      kubectl annotate deployment app kubernetes.io/change-cause="by hand"
      """
    Then deployment app eventually has 3 updated replicas
    And deployment app eventually has 3 available replicas
    When I run:
      """
      kubectl rollout history deployment/app
      kubectl rollout history deployment/app --revision=9
      kubectl rollout status deployment/app
      kubectl rollout undo deployment/app --to-revision=9
      kubectl rollout restart deployment/none
      kubectl get deployment app --show-labels
      kubectl diff -f none.yaml
      kubectl expose deployment app --port=80 --target-port=8080 --name=front --type=NodePort
      kubectl get svc front -o jsonpath='{.spec.selector} {.spec.ports[0].targetPort}'
      kubectl autoscale deployment app --min=1 --max=2 --cpu=80%
      kubectl delete hpa,svc --all
      kubectl delete deployment app --dry-run=server
      kubectl delete deployment app missing
      """

  @shared-cluster
  Scenario: Waiting, and giving up
    Given I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late, labels: {app: late}, annotations: {behaviour.kscenario.dev/app: "exec: [{code: 1}, {from: 6s, code: 0}]"}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/kubectl3/late:1", readinessProbe: {exec: {command: [ok]}, periodSeconds: 1}}]}
      """
    When I run:
      """
      kubectl wait pod/late --for=condition=Ready --timeout=1s
      kubectl wait pod/late --for=condition=Ready --timeout=60s
      kubectl wait pod -l app=late --for=jsonpath='{.status.phase}'=Running --timeout=5s
      kubectl wait pod --all --for=condition=Initialized=false --timeout=1s
      kubectl wait deployment/none --for=condition=Available --timeout=1s
      kubectl wait --for=delete pod/none --timeout=1s
      kubectl wait --for=delete pod/late --timeout=1s
      kubectl wait --for=create pod/late --timeout=1s
      kubectl wait pod/late
      kubectl delete pod late --timeout=30s
      kubectl wait --for=delete pod/late --timeout=5s
      kubectl get pod late
      """

  @shared-cluster
  Scenario: Applying, replacing and the traces that they leave
    Given I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app}
      spec:
        replicas: 1
        selector: {matchLabels: {app: app}}
        template:
          metadata: {labels: {app: app}}
          spec: {containers: [{name: app, image: "example.com/kubectl4/app:1", env: [{name: A, value: a}]}]}
      """
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app}
      spec:
        replicas: 1
        selector: {matchLabels: {app: app}}
        template:
          metadata: {labels: {app: app}}
          spec: {containers: [{name: app, image: "example.com/kubectl4/app:1", env: [{name: A, value: a}]}]}
      """
    And I run "kubectl scale deployment app --replicas=2"
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app, labels: {new: "yes"}}
      spec:
        selector: {matchLabels: {app: app}}
        template:
          metadata: {labels: {app: app}}
          spec: {containers: [{name: app, image: "example.com/kubectl4/app:2"}]}
      """
    And I run "kubectl get deployment app -o jsonpath='{.spec.replicas} {.spec.template.spec.containers[0].env} {.metadata.labels}'"
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app}
      spec:
        selector: {matchLabels: {app: other}}
        template:
          metadata: {labels: {app: app}}
          spec: {containers: [{name: app, image: "example.com/kubectl4/app:2"}]}
      """
    Then the last command fails
    When I create:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app}
      spec:
        selector: {matchLabels: {app: app}}
        template:
          metadata: {labels: {app: app}}
          spec: {containers: [{name: app, image: "example.com/kubectl4/app:2"}]}
      """
    Then the last command fails
    And deployment app eventually has 1 available replicas
    When I run "kubectl get deployment,rs,pods"
    And I run "kubectl describe deployment app"
