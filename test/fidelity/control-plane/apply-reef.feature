Feature: Applying, patching and owning as a course shows them

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Two tools apply to one deployment
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: base}
      data: {a: "1"}
      """
    And I run:
      """
      kubectl get configmap base -o yaml --show-managed-fields=false
      kubectl apply view-last-applied configmap base
      kubectl create deployment shop --image=example.com/shop:1 --dry-run=client -o yaml
      kubectl create deployment shop --image=example.com/shop:1 --dry-run=server -o jsonpath='{.spec.strategy}'
      kubectl create deployment shop --image=example.com/shop:1 --field-manager=creator --save-config
      kubectl get deployment shop --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{"\n"}{end}'
      kubectl scale deployment shop --replicas=2
      kubectl label deployment shop owner=me --field-manager=labeller
      kubectl get deployment shop --show-managed-fields -o jsonpath='{range .metadata.managedFields[?(@.manager!="kube-controller-manager")]}{.manager} {.operation} {.subresource}{"\n"}{end}'
      kubectl apply view-last-applied deployment/shop -o json
      kubectl set image deployment/shop shop=example.com/shop:2
      kubectl apply edit-last-applied deployment/none
      kubectl apply set-last-applied -f nothing.yaml
      """

  @shared-cluster
  Scenario: Patches of every type on a pod template
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: site}
      spec:
        replicas: 0
        selector: {matchLabels: {app: site}}
        template:
          metadata: {labels: {app: site}}
          spec:
            containers:
            - {name: site, image: "example.com/site:1", ports: [{containerPort: 80, name: http}], env: [{name: A, value: "1"}, {name: B, value: "2"}]}
            - {name: log, image: "example.com/log:1"}
            tolerations: [{key: a, operator: Exists}]
            volumes: [{name: tmp, emptyDir: {}}]
      """
    And I run:
      """
      kubectl patch deployment site -p '{"spec":{"template":{"spec":{"containers":[{"name":"site","env":[{"name":"C","value":"3"}]}]}}}}'
      kubectl get deployment site -o jsonpath='{.spec.template.spec.containers[*].env}'
      kubectl patch deployment site -p '{"spec":{"template":{"spec":{"containers":[{"name":"log","$patch":"delete"}]}}}}'
      kubectl get deployment site -o jsonpath='{.spec.template.spec.containers[*].name}'
      kubectl patch deployment site -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"b","operator":"Exists"}]}}}}'
      kubectl get deployment site -o jsonpath='{.spec.template.spec.tolerations}'
      kubectl patch deployment site -p '{"spec":{"template":{"spec":{"volumes":[{"name":"tmp","emptyDir":null,"configMap":{"name":"x"}}]}}}}'
      kubectl patch deployment site -p '{"spec":{"template":{"spec":{"volumes":[{"name":"tmp","secret":{"secretName":"x"}}]}}}}'
      kubectl patch deployment site --type=merge -p '{"spec":{"template":{"spec":{"containers":[{"name":"only","image":"example.com/only:1"}]}}}}'
      kubectl get deployment site -o jsonpath='{.spec.template.spec.containers}'
      kubectl patch deployment site --type=json -p '[{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":3}]'
      kubectl patch deployment site --type=json -p '[{"op":"test","path":"/spec/replicas","value":0},{"op":"replace","path":"/spec/paused","value":true}]'
      kubectl patch deployment site --type=json -p '[{"op":"copy","from":"/metadata/name","path":"/metadata/labels"}]'
      kubectl patch deployment site --type=json -p '[{"op":"add","path":"/metadata/labels","value":{"a.b/c":"d"}}]'
      kubectl patch deployment site --type=json -p '[{"op":"remove","path":"/metadata/labels/a.b~1c"}]'
      kubectl patch deployment site --type=json -p '[{"op":"remove","path":"/metadata/labels/none"}]'
      kubectl patch deployment site -p '{"spec":{"selector":{"matchLabels":{"app":"other"}}}}'
      kubectl patch deployment site -p '{"spec":{"replicas":-1}}'
      kubectl patch deployment site -p '{"spec":{"replicas":"two"}}'
      kubectl patch deployment site -p '{"spec":{"replica":2}}'
      kubectl patch deployment site -p 'spec: {replicas: 1}'
      kubectl patch deployment site -p '{"spec":{"replicas":1}'
      kubectl patch deployment site --type=wild -p '{}'
      kubectl patch deployment site
      kubectl patch deployment site -p '{"metadata":{"name":"new"}}'
      kubectl patch deployment site -p '{"spec":{"strategy":{"type":"Recreate"}}}'
      kubectl patch deployment site -p '{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}'
      kubectl get deployment site -o jsonpath='{.spec.strategy} {.metadata.generation}'
      """

  @shared-cluster
  Scenario: Replace, replace by force, edit of fields that may not change
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: app, labels: {v: "1"}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 100m}}}]}
      """
    Then pod app eventually Ready
    When I replace:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: app, labels: {v: "2"}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/app:2", resources: {requests: {cpu: 100m}}}]}
      """
    And I run:
      """
      kubectl patch pod app -p '{"spec":{"containers":[{"name":"app","resources":{"requests":{"cpu":"200m"}}}]}}'
      kubectl patch pod app -p '{"spec":{"containers":[{"name":"app","image":"example.com/app:2"}]}}'
      kubectl patch pod app -p '{"spec":{"activeDeadlineSeconds":500}}'
      kubectl patch pod app -p '{"spec":{"activeDeadlineSeconds":600}}'
      kubectl patch pod app -p '{"spec":{"terminationGracePeriodSeconds":9}}'
      kubectl patch pod app -p '{"spec":{"tolerations":[{"key":"x","operator":"Exists"}]}}'
      kubectl patch pod app --type=json -p '[{"op":"add","path":"/spec/tolerations/-","value":{"key":"x","operator":"Exists","effect":"NoExecute"}}]'
      kubectl patch pod app -p '{"spec":{"nodeName":"worker-9"}}'
      kubectl patch pod app --subresource=status -p '{"status":{"phase":"Failed"}}'
      kubectl get pod app -o jsonpath='{.metadata.generation} {.status.observedGeneration}'
      kubectl label pod app v=3
      kubectl label pod app v=3 --overwrite
      kubectl label pod app v=3 --overwrite
      kubectl label pod app v-
      kubectl label pod app v-
      kubectl label pods --all a=b 'bad key=1'
      kubectl annotate pod app note='{"x": [1, 2]}' other=two
      kubectl annotate pod app note- other-
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: app}
      spec: {containers: [{name: app, image: "example.com/app:1"}]}
      """

  @shared-cluster
  Scenario: Owners across namespaces, finalizers, and what the collector makes of them
    Given namespace first
    When I run "kubectl create configmap parent"
    And I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: mother}
      spec:
        replicas: 1
        selector: {matchLabels: {app: mother}}
        template:
          metadata: {labels: {app: mother}, finalizers: [example.com/hold]}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/app:1"}]}
      """
    Then 1 pods labelled app=mother eventually Ready
    When I run:
      """
      kubectl delete rs mother --cascade=foreground --wait=false
      kubectl get rs mother
      kubectl get pods -l app=mother
      """
    And 5 seconds pass
    And I run:
      """
      kubectl get pods -l app=mother
      kubectl get rs mother -o jsonpath='{.status} {.metadata.finalizers}'
      kubectl describe rs mother
      kubectl scale rs mother --replicas=2
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pods -l app=mother
      kubectl delete namespace first --wait=false
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get namespace first -o jsonpath='{.status.phase} {range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{"\n"}{end}'
      kubectl get pods -l app=mother -o name
      kubectl describe namespace first
      kubectl patch pod -l app=mother --type=merge -p '{"metadata":{"finalizers":null}}'
      kubectl patch rs mother --type=merge -p '{"metadata":{"finalizers":[]}}'
      """
