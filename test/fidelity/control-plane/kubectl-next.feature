Feature: kubectl: describing, patching, rights and outputs

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Describe and print many kinds
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app, labels: {app: app}, annotations: {note: "first\nsecond"}}
      spec:
        replicas: 1
        selector: {matchLabels: {app: app}}
        template:
          metadata: {labels: {app: app}}
          spec:
            initContainers:
            - {name: prepare, image: "example.com/prepare:1", command: [sh, -c, "echo hi"]}
            containers:
            - name: app
              image: "example.com/app:1"
              args: [serve, --port=8080]
              ports: [{name: http, containerPort: 8080}]
              env:
              - {name: A, value: b}
              - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
              - {name: KEY, valueFrom: {configMapKeyRef: {name: settings, key: a, optional: true}}}
              envFrom: [{secretRef: {name: login, optional: true}, prefix: P_}]
              resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
              readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 5}
              livenessProbe: {tcpSocket: {port: 8080}, initialDelaySeconds: 30}
              volumeMounts: [{name: tmp, mountPath: /tmp}, {name: conf, mountPath: /conf, readOnly: true}]
            volumes:
            - {name: tmp, emptyDir: {medium: Memory, sizeLimit: 16Mi}}
            - {name: conf, configMap: {name: settings, optional: true}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny}
      spec: {podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {role: client}}}], ports: [{port: 8080}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: site}
      spec:
        defaultBackend: {service: {name: app, port: {name: http}}}
        tls: [{hosts: [shop.example.com], secretName: cert}]
        rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}]}}]
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: robot}
      """
    And 1 second passes
    And I run:
      """
      kubectl describe deployment app
      kubectl describe rs -l app=app
      kubectl describe networkpolicy deny
      kubectl describe ingress site
      kubectl describe serviceaccount robot
      kubectl get networkpolicy,ingress,sa
      kubectl get deployment app -o yaml
      kubectl get deployment app -o jsonpath='{.spec.template.spec.containers[0].env[?(@.name=="A")].value}{"\n"}'
      kubectl get deployment app -o jsonpath-as-json='{.metadata.labels}'
      kubectl get deployment app -o custom-columns='NAME:.metadata.name,ENV:.spec.template.spec.containers[*].env[*].name,X:.x.y'
      kubectl get deployment app -o go-template='{{range .spec.template.spec.volumes}}{{.name}} {{end}}'
      kubectl get deployment app -o json
      kubectl get deploy,rs,svc -o name
      kubectl get deploy -o wide --no-headers
      kubectl get deploy --sort-by=.metadata.name --show-labels
      kubectl get deploy app none --ignore-not-found
      kubectl describe deployment none
      kubectl describe deployments -l x=y
      kubectl describe rs nothing-like
      """

  @shared-cluster
  Scenario: Roles, bindings and who may do what
    When I run:
      """
      kubectl create clusterrole kn-viewer --verb=get,list,watch --resource=nodes,pods
      kubectl create clusterrole kn-raw --verb=get --non-resource-url=/metrics
      kubectl create clusterrole kn-sum --aggregation-rule=kn/aggregate=yes
      kubectl label clusterrole kn-viewer kn/aggregate=yes
      kubectl create clusterrolebinding kn-viewers --clusterrole=kn-viewer --group=kn-dev
      kubectl create serviceaccount bot
      kubectl create rolebinding bot-edits --clusterrole=edit --serviceaccount=kubectl-next-2:bot
      kubectl create role scaler --verb=get,update,patch --resource=deployments.apps/scale,deployments.apps
      kubectl create role x --verb=fly --resource=pods
      kubectl create rolebinding y
      kubectl create rolebinding y --role=scaler
      kubectl create rolebinding z --role=scaler --clusterrole=edit --user=ana
      """
    And 2 seconds pass
    And I run:
      """
      kubectl describe clusterrole kn-sum
      kubectl describe clusterrole kn-raw
      kubectl describe clusterrolebinding kn-viewers
      kubectl describe role scaler
      kubectl get clusterrole kn-viewer kn-raw kn-sum
      kubectl get rolebinding -o wide
      kubectl auth can-i create deployments --as system:serviceaccount:kubectl-next-2:bot
      kubectl auth can-i create deployments --as system:serviceaccount:kubectl-next-2:bot -n default
      kubectl auth can-i delete nodes --as ana --as-group kn-dev
      kubectl auth can-i list nodes --as ana --as-group kn-dev
      kubectl auth can-i get pods/log --as ana --as-group kn-dev
      kubectl auth can-i get /metrics --as ana
      kubectl auth can-i fly pods
      kubectl auth can-i get gadgets
      kubectl auth can-i '*' '*'
      kubectl auth whoami
      kubectl get pods --as ana
      kubectl create deployment d --image=example.com/d:1 --as system:serviceaccount:kubectl-next-2:bot
      kubectl create role r --verb=get --resource=pods --as system:serviceaccount:kubectl-next-2:bot
      kubectl create token bot --duration=10m --dry-run=client
      """
    And as user "eve" in groups "kn-dev" I run "kubectl get nodes"
    And as user "eve" in groups "kn-dev" I run "kubectl cordon worker-1"
    And as user "eve" I run "kubectl get pods,configmaps"
    And as user "eve" I run "kubectl auth whoami"

  @shared-cluster
  Scenario: Patches, replaces, edits of metadata and server-side apply
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: solo, labels: {a: b}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/app:1"}]}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: conf}
      data: {a: "1"}
      """
    Then pod solo eventually Ready
    When I replace:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: conf}
      data: {b: "2"}
      """
    And I replace:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: nothing}
      data: {b: "2"}
      """
    And I replace:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: conf, resourceVersion: "1"}
      data: {b: "2"}
      """
    And I replace:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: solo, labels: {a: b}}
      spec: {containers: [{name: app, image: "example.com/app:2"}]}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: solo, labels: {a: c}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 10m}}}]}
      """
    And I run:
      """
      kubectl get configmap conf -o jsonpath='{.data} {.metadata.annotations}'
      kubectl patch pod solo --type=json -p '[{"op":"add","path":"/metadata/labels/x~1y","value":"1"}]'
      kubectl patch pod solo --type=json -p '[{"op":"copy","from":"/metadata/labels/a","path":"/metadata/labels/z"}]'
      kubectl patch pod solo --type=json -p '[{"op":"move","from":"/metadata/labels/z","path":"/metadata/annotations/z"}]'
      kubectl patch pod solo --type=json -p '{"op":"add"}'
      kubectl patch pod solo --type=json -p '[{"op":"grow","path":"/x"}]'
      kubectl patch pod solo --type=strategic -p '{"spec":{"activeDeadlineSeconds":300}}'
      kubectl patch pod solo --type=merge -p '{"spec":{"activeDeadlineSeconds":null}}'
      kubectl patch pod solo --type=merge -p '{"spec":{"tolerations":[{"key":"a","operator":"Exists"}]}}'
      kubectl patch pod solo --type=merge -p '{"metadata":{"name":"other"}}'
      kubectl patch pod solo --type=weird -p '{}'
      kubectl label pod solo a=b c=d --overwrite
      kubectl label pod solo a=b
      kubectl label pod solo -l x=y z=1
      kubectl label pods --all --list
      kubectl annotate pod solo note=one
      kubectl annotate pod solo note=two
      kubectl annotate --overwrite pod solo note=two
      kubectl annotate pod solo note- other-
      kubectl get pod solo --show-labels
      kubectl set env pod/solo A=b
      kubectl create configmap conf --from-literal=a
      kubectl create configmap conf --from-literal=a=1 --from-literal=a=2
      kubectl create secret generic s --from-literal=k=v --type=example.com/own
      kubectl get secret s
      kubectl create secret tls t --cert=none.crt --key=none.key
      kubectl create namespace kubectl-next-3
      kubectl create -f none.yaml
      kubectl apply
      kubectl delete pod solo --grace-period=0
      kubectl delete configmap,secret --all
      """

  @shared-cluster
  Scenario: Autoscalers, imperatively and with a target that is missing
    When I run "kubectl create deployment shop --image=example.com/shop:1 --replicas=5"
    Then deployment shop eventually has 5 ready replicas
    When I run:
      """
      kubectl autoscale deployment shop --max=3
      kubectl autoscale deployment shop --max=3
      kubectl autoscale deployment none --max=3
      kubectl autoscale deployment shop --min=5 --max=3
      kubectl autoscale deployment shop
      """
    And I apply:
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: ghost}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ghost}
        minReplicas: 2
        maxReplicas: 4
        metrics:
        - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 100Mi}}}
        - {type: ContainerResource, containerResource: {name: cpu, container: app, target: {type: Utilization, averageUtilization: 50}}}
        behavior: {scaleDown: {stabilizationWindowSeconds: 60, policies: [{type: Percent, value: 50, periodSeconds: 30}]}}
      """
    And I create:
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: wrong}
      spec:
        scaleTargetRef: {kind: Deployment, name: ""}
        minReplicas: 0
        maxReplicas: 0
        metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization}}}]
      """
    Then deployment shop eventually has 3 replicas
    And horizontalpodautoscaler ghost eventually has condition AbleToScale=False with reason FailedGetScale
    When I run "kubectl get hpa"
    And I run "kubectl describe hpa ghost"
    And I run "kubectl describe hpa shop"
