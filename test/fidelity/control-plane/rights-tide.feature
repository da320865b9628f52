Feature: Who may widen what, and what is kept of an order

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Roles are labelled, widened, gathered and bound by somebody who lacks them
    When I apply:
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: tide1-maker}
      rules:
        - {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles, roles, rolebindings, clusterrolebindings], verbs: [create, update, patch, get, list, delete]}
        - {apiGroups: [""], resources: [pods], verbs: [get]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: tide1-maker}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tide1-maker}
      subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ana}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: tide1-secrets}
      rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: tide1-named}
      rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles, roles], resourceNames: [tide1-free, tide1-secrets], verbs: [escalate]}]
      """
    And I run:
      """
      kubectl label clusterrole tide1-secrets a=b --as=ana
      kubectl annotate clusterrole tide1-secrets a=b --as=ana
      kubectl patch clusterrole tide1-secrets --type=merge -p '{"metadata":{"finalizers":["example.com/x"]}}' --as=ana
      kubectl patch clusterrole tide1-secrets --type=merge -p '{"metadata":{"finalizers":null}}' --as=ana
      kubectl create clusterrole tide1-pods --verb=get --resource=pods --as=ana
      kubectl create clusterrole tide1-pods2 --verb=get,list --resource=pods,pods/log --as=ana
      kubectl create clusterrole tide1-urls --verb=get --non-resource-url=/metrics --as=ana
      kubectl create clusterrole tide1-all --aggregation-rule=a=b --as=ana
      kubectl create clusterrolebinding tide1-more --clusterrole=tide1-secrets --user=eve --as=ana
      kubectl create rolebinding more --clusterrole=tide1-pods --user=eve --as=ana
      kubectl label rolebinding more x=y --as=ana
      kubectl create clusterrolebinding tide1-named --clusterrole=tide1-named --user=ana
      kubectl label clusterrole tide1-secrets a=b --as=ana
      kubectl create clusterrole tide1-free --verb=get --resource=secrets --as=ana
      kubectl create clusterrole tide1-all --aggregation-rule=a=b
      kubectl label clusterrole tide1-all a=c --as=ana
      kubectl create rolebinding all --clusterrole=tide1-all --group=gathered
      """
    And 1 second passes
    And I run:
      """
      kubectl auth can-i --list --as=eve --as-group=gathered
      kubectl auth can-i get secrets --as=eve --as-group=gathered
      kubectl auth can-i impersonate users --as=ana
      kubectl auth can-i impersonate groups/dev --as=ana
      kubectl auth can-i use users.example.com --as=ana
      kubectl auth can-i get things --as=ana
      kubectl auth can-i get nodes --as=ana
      kubectl auth can-i frobnicate pods --as=ana
      kubectl auth can-i get pods --subresource=log --as=ana
      kubectl auth can-i '*' '*' --as=ana
      kubectl auth can-i get /healthz --as=ana
      kubectl auth can-i get /logs/x --as=ana
      kubectl auth can-i create pods -n kube-system --as=ana -q
      kubectl delete clusterrolebinding tide1-maker tide1-named
      kubectl delete clusterrole tide1-maker tide1-secrets tide1-named tide1-pods tide1-all
      """

  @shared-cluster
  Scenario: Numbers that are too large, lists that are ordered, fields that go
    When I run:
      """
      kubectl create deployment web --image=example.com/tide2/web:1 --replicas=0
      kubectl patch deployment web -p '{"spec":{"replicas":2147483648}}'
      kubectl patch deployment web -p '{"spec":{"minReadySeconds":4294967297}}'
      kubectl patch deployment web --type=merge -p '{"spec":{"minReadySeconds":2147483648}}'
      kubectl patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":2147483648}]'
      kubectl patch deployment web -p '{"spec":{"minReadySeconds":1.5}}'
      kubectl patch deployment web -p '{"spec":{"minReadySeconds":"5"}}'
      kubectl patch deployment web -p '{"spec":{"paused":"true"}}'
      kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","ports":[{"containerPort":80},{"containerPort":80,"protocol":"UDP"}]}]}}}}'
      kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","ports":[{"containerPort":80,"$patch":"delete"}]}]}}}}'
      kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[0].ports}'
      kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"example.com/tide2/side:1"}],"$setElementOrder/containers":[{"name":"side"},{"name":"web"}]}}}}'
      kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[*].name}'
      kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"$patch":"replace"},{"name":"only","image":"example.com/tide2/only:1"}]}}}}'
      kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[*].name} {.spec.strategy} {.spec.nothing}'
      kubectl patch deployment web -p '{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}'
      kubectl get deployment web -o jsonpath='{.spec.strategy}'
      kubectl patch deployment web --type=json -p '[{"op":"test","path":"/spec/replicas","value":1}]'
      kubectl patch deployment web --type=json -p '[{"op":"remove","path":"/spec/nothing"}]'
      kubectl patch deployment web --type=json -p '[{"op":"copy","from":"/metadata/labels/app","path":"/metadata/labels/copy"},{"op":"move","from":"/metadata/labels/copy","path":"/metadata/labels/moved"}]'
      kubectl patch deployment web --type=json -p '[{"op":"add","path":"/spec/template/spec/containers/5","value":{"name":"x"}}]'
      kubectl patch deployment web --type=json -p '[{"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"x"}}]'
      kubectl patch deployment web --type=json -p '{"op":"add"}'
      kubectl patch deployment web --type=json -p '[{"op":"jump","path":"/a"}]'
      kubectl patch deployment web -p '{"metadata":{"name":"other"}}'
      kubectl patch deployment web -p '{"metadata":{"namespace":"other"}}'
      kubectl patch deployment web -p '{"metadata":{"uid":"x"}}'
      kubectl patch deployment web -p '{"metadata":{"resourceVersion":"1"}}'
      kubectl patch deployment web -p '{"metadata":{"labels":{"a b":"c"}}}'
      kubectl patch deployment web -p '{"metadata":{"labels":{"a":5}}}'
      kubectl patch deployment web -p '{"kind":"StatefulSet"}'
      kubectl patch deployment web -p '{"unknown":1,"spec":{"also":2}}'
      kubectl patch deployment web -p '{"status":{"replicas":7}}'
      kubectl patch deployment web -p '{}'
      kubectl patch deployment web -p 'replicas: 3'
      kubectl patch deployment web -p '{'
      kubectl get deployment web -o jsonpath='{.metadata.labels} {.metadata.generation} {.spec.minReadySeconds}'
      """

  @shared-cluster
  Scenario: Columns, paths and templates over what is there and what is not
    When I apply:
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: empty, labels: {kind: odd}}
      addressType: IPv4
      endpoints: []
      ports: null
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: numbers, labels: {kind: odd, n: "1"}}
      data: {a.b: dotted, quote: "it's \"so\"", lines: "one\ntwo\n", empty: ""}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: second, labels: {kind: odd, n: "2"}}
      """
    And I run:
      """
      kubectl get endpointslice empty -o jsonpath='{.ports} {.endpoints} {.nothing}'
      kubectl get endpointslice empty -o jsonpath='{.ports[0]}'
      kubectl get endpointslice empty -o custom-columns=A:.ports,B:.endpoints,C:.nothing
      kubectl get endpointslice empty -o go-template='{{.ports}} {{.nothing}} {{len .endpoints}}'
      kubectl get endpointslice empty -o yaml
      kubectl get configmap numbers -o jsonpath='{.data.a\.b}{"\n"}{.data.quote}{"\t"}{.data.lines}{.data.empty}'
      kubectl get configmap numbers -o jsonpath='{.data}'
      kubectl get configmap numbers -o jsonpath="{.data['a.b']} {.data['quote','empty']}"
      kubectl get configmap -l kind=odd -o jsonpath='{.items[*].metadata.name} {.items[-1].metadata.name} {.items[0:1].metadata.name} {.items[5].metadata.name}'
      kubectl get configmap -l kind=odd -o jsonpath='{range .items[?(@.metadata.labels.n=="2")]}{.metadata.name}{end}'
      kubectl get configmap -l kind=odd -o jsonpath='{.items[?(@.data)].metadata.name} {..name}'
      kubectl get configmap -l kind=odd -o jsonpath='{range .items[*]}[{.metadata.name}, {.data.empty}] {end}'
      kubectl get configmap -l kind=odd -o jsonpath='{.items[*]'
      kubectl get configmap -l kind=odd -o jsonpath-as-json='{.items[*].metadata.labels}'
      kubectl get configmap -l kind=odd -L n,missing --no-headers
      kubectl get configmap -l kind=odd --sort-by=.metadata.labels.n -o name
      kubectl get configmap -l kind=odd --sort-by='{.metadata.creationTimestamp}' -o name
      kubectl get configmap -l kind=odd --sort-by=.data.nothing -o name
      kubectl get configmap,endpointslice -l kind=odd
      kubectl get configmap numbers second -o custom-columns=NAME:.metadata.name,LABELS:.metadata.labels --no-headers
      kubectl get configmap numbers missing
      kubectl get configmap missing --ignore-not-found
      kubectl get configmap -l 'kind in (odd),n notin (2),!z'
      kubectl get configmap -l 'n>1'
      kubectl get configmap -l 'kind=odd,n!=1' -o name
      kubectl get configmap --field-selector metadata.name=second -o name
      kubectl get configmap --field-selector data.a=b
      kubectl get configmap numbers -o wide
      kubectl get configmap numbers -o table
      kubectl get configmap numbers -o json --show-managed-fields -o jsonpath='{.metadata.managedFields[0].fieldsType}'
      kubectl get cm/second configmaps/numbers -o name
      kubectl get cm second cm/numbers
      kubectl get nothing
      kubectl get configmap.v1 second -o name
      kubectl get configmap.v1.apps second
      kubectl describe configmap -l kind=odd
      kubectl describe endpointslice empty
      """

  @shared-cluster
  Scenario: A user's own copies: create, replace, apply, edit of last applied, and labels in bulk
    When I run:
      """
      kubectl create configmap a --from-literal=x=1
      kubectl apply -f rights-tide-a.yaml
      kubectl apply -f rights-tide-a.yaml
      kubectl get configmap a -o jsonpath='{.data}'
      kubectl patch configmap a -p '{"data":{"mine":"3"}}'
      kubectl apply -f rights-tide-a2.yaml
      kubectl get configmap a -o jsonpath='{.data} {.metadata.labels}'
      kubectl replace -f rights-tide-a.yaml
      kubectl get configmap a -o jsonpath='{.data} {.metadata.annotations}'
      kubectl apply set-last-applied -f rights-tide-a2.yaml
      kubectl apply view-last-applied configmap a -o json
      kubectl apply view-last-applied configmap b
      kubectl replace --force -f rights-tide-a.yaml
      kubectl create -f rights-tide-a.yaml
      kubectl create -f rights-tide-a.yaml --save-config
      kubectl delete -f rights-tide-a.yaml
      kubectl create -f rights-tide-a.yaml --save-config
      kubectl get configmap a -o jsonpath='{.metadata.annotations}'
      kubectl replace -f rights-tide-b.yaml
      kubectl apply -f rights-tide-b.yaml --dry-run=server
      kubectl apply -f rights-tide-b.yaml --dry-run=client -o yaml
      kubectl apply -f rights-tide-b.yaml -o jsonpath='{.metadata.name}'
      kubectl apply -f rights-tide-a.yaml -f rights-tide-b.yaml --prune -l app=tide
      kubectl apply -f rights-tide-b.yaml --prune -l app=tide
      kubectl get configmaps -l app=tide
      kubectl label configmap b tier=x app=other
      kubectl label configmap b tier=x app=other --overwrite
      kubectl label configmap b tier- app-
      kubectl label configmaps --all swept=yes
      kubectl annotate configmap b note='a b c' other-
      kubectl annotate configmap b --list
      kubectl label configmap b --list
      kubectl label configmap b x=1 x-
      kubectl label configmap b
      kubectl diff -f rights-tide-b.yaml
      kubectl wait configmap/b --for=jsonpath='{.data.y}'=2 --timeout=2s
      kubectl wait configmap/b --for=jsonpath='{.data.y}'=3 --timeout=1s
      kubectl wait configmap/none --for=delete --timeout=1s
      kubectl wait configmap/none --for=create --timeout=1s
      kubectl delete configmap a b none
      kubectl delete configmap none --ignore-not-found
      """
