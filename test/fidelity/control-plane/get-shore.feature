@shared-cluster
Feature: Odd outputs of kubectl get, and odd words for what is wanted

  Background:
    Given a cluster with 2 nodes

  Scenario: Templates, paths and columns
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: a, labels: {tier: front, n: "10"}}
      data: {k: v, num: "5", "dotted.key": d, with-dash: e}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: b, labels: {tier: back, n: "9"}, annotations: {example.com/x: "1"}}
      data: {k: w}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: p1, labels: {app: p, rank: "2"}}
      spec:
        schedulingGates: [{name: example.com/g}]
        containers: [{name: x, image: "example.com/shore3/x:1", ports: [{containerPort: 80}, {containerPort: 81}], resources: {requests: {cpu: 100m, memory: 1Gi}}}, {name: z, image: "example.com/shore3/z:2", env: [{name: A, value: "1"}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: p2, labels: {app: p, rank: "1"}}
      spec:
        schedulingGates: [{name: example.com/g}]
        containers: [{name: x, image: "example.com/shore3/x:3", resources: {requests: {cpu: "1", memory: 200Mi}}}]
      """
    And I run:
      """
      kubectl get cm -l tier -o custom-columns=N:.metadata.name,T:.metadata.labels.tier,NONE:.data.nope
      kubectl get cm a -o custom-columns=DOT:.data.dotted\.key,DASH:.data.with-dash,ALL:.data
      kubectl get cm a b -o custom-columns=:metadata.name --no-headers
      kubectl get cm a b -o custom-columns=X:metadata.name,Y:{.data.k}
      kubectl get cm a -o custom-columns=X
      kubectl get cm a -o custom-columns=
      kubectl get cm a -o custom-columns=X:.metadata[
      kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGES:.spec.containers[*].image,FIRST:.spec.containers[0].ports[*].containerPort,GATES:.spec.schedulingGates
      kubectl get pods --sort-by=.metadata.labels.rank -o name
      kubectl get pods --sort-by={.spec.containers[0].resources.requests.memory} -o name
      kubectl get pods --sort-by=.spec.containers[0].resources.requests.cpu --no-headers
      kubectl get pods --sort-by=.spec.nope -o name
      kubectl get pods --sort-by=metadata.name -o custom-columns=N:metadata.name
      kubectl get cm --sort-by=.metadata.labels.n -o name
      kubectl get cm --sort-by=.data -o name
      kubectl get cm --sort-by=[bad -o name
      kubectl get cm a -o jsonpath={.data.dotted\.key}
      kubectl get cm a -o jsonpath='{.data.dotted\.key}{"\n"}{.data.with-dash}'
      kubectl get cm a -o jsonpath="{.data['dotted.key']}"
      kubectl get cm a -o jsonpath='{.data}'
      kubectl get cm -o jsonpath='{.items[*].metadata.name}'
      kubectl get cm -o jsonpath='{.items[0:2].metadata.name}'
      kubectl get cm -o jsonpath='{.items[-1:].metadata.name}'
      kubectl get cm -o jsonpath='{.items[::2].metadata.name}'
      kubectl get cm -o jsonpath='{.items[9].metadata.name}'
      kubectl get cm -o jsonpath='{..name}'
      kubectl get cm -o jsonpath='{.items[?(@.metadata.name=="b")].data.k}'
      kubectl get cm -o jsonpath='{.items[?(@.metadata.labels.n>"1")].metadata.name}'
      kubectl get cm -o jsonpath='{.items[?(@.data.k)].metadata.name}'
      kubectl get cm -o jsonpath='{.items[?(@.metadata.annotations.example\.com/x)].metadata.name}'
      kubectl get cm -o jsonpath='{range .items[*]}{.metadata.name}{"\t"}{.data.k}{"\n"}{end}'
      kubectl get cm -o jsonpath='{range .items[*]}[{.metadata.name}, {.data.nope}] {end}'
      kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}: {range .spec.containers[*]}{.name}={.image} {end}{"\n"}{end}'
      kubectl get pods -o jsonpath='{.items[*].spec.containers[?(@.name=="x")].image}'
      kubectl get pods -o jsonpath='{.items[?(@.spec.containers[0].image=="example.com/shore3/x:3")].metadata.name}'
      kubectl get pods -o jsonpath="{.items[?(@.metadata.name!='p1')].metadata.name}"
      kubectl get pods -o jsonpath='{.items[*][metadata.name, status.phase]}'
      kubectl get pods -o jsonpath="{.items[*]['metadata.name','status.phase']}"
      kubectl get pods -o jsonpath='{@.kind}'
      kubectl get pods -o jsonpath='{$.kind} {.items[0].kind}'
      kubectl get pod p1 -o jsonpath='{.spec.containers[*].ports[*].containerPort}'
      kubectl get pod p1 -o jsonpath='{.spec.containers[?(@.ports[0].containerPort>79)].name}'
      kubectl get pod p1 -o jsonpath='{.spec.nope.deeper}'
      kubectl get pod p1 -o jsonpath='{.spec.containers[5].name}'
      kubectl get pod p1 -o jsonpath='{.spec.containers'
      kubectl get pod p1 -o jsonpath='{range .spec.containers[*]}{.name}'
      kubectl get pod p1 -o jsonpath='{end}'
      kubectl get pod p1 -o jsonpath='no braces'
      kubectl get pod p1 -o jsonpath=
      kubectl get pod p1 -o jsonpath-as-json='{.spec.containers[*].name}'
      kubectl get pod p1 -o jsonpath-as-json='{.metadata.labels}'
      kubectl get pod p1 -o go-template='{{.metadata.name}} {{len .spec.containers}}'
      kubectl get pod p1 -o go-template='{{range .spec.containers}}{{.name}}:{{.image}}{{"\n"}}{{end}}'
      kubectl get pods -o go-template='{{range $i, $p := .items}}{{if $i}}, {{end}}{{$p.metadata.name}}{{end}}'
      kubectl get pods -o go-template='{{range .items}}{{if eq .metadata.labels.rank "1"}}{{.metadata.name}} first{{else}}{{.metadata.name}} later{{end}} {{end}}'
      kubectl get cm a -o go-template='{{index .data "dotted.key"}} {{.data.nope}} {{printf "%q" .data.k}}'
      kubectl get cm a -o go-template='{{range $k, $v := .data}}{{$k}}={{$v}};{{end}}'
      kubectl get cm a -o go-template='{{.data.k | printf "%s-%s" "x"}} {{not true}} {{and 1 0}} {{or "" "y"}}'
      kubectl get cm a -o go-template='{{with .data.nope}}there{{else}}none{{end}}'
      kubectl get cm a -o go-template='{{exists . "data" "k"}} {{exists . "data" "nope"}}'
      kubectl get secret -o go-template='{{len .items}}'
      kubectl get cm a -o go-template='{{.data.k | base64decode}}'
      kubectl get cm a -o go-template='{{.a.b.c}}'
      kubectl get cm a -o go-template='{{if}}'
      kubectl get cm a -o go-template='{{nofunc .data}}'
      kubectl get cm a -o go-template
      kubectl get cm a -o template='{{.kind}}'
      kubectl get cm a --template='{{.kind}}'
      kubectl get cm a -o nope
      kubectl get cm a -o name --show-labels
      kubectl get cm a -o yaml --show-managed-fields=false
      kubectl get cm c -o json
      kubectl get cm a b -o yaml
      kubectl get cm a -o kyaml
      kubectl get pod p2 -o kyaml
      """

  Scenario: Labels, kinds, chunks and what is not there
    When I run:
      """
      kubectl create deployment web --image=example.com/shore4/web:1 --replicas=2
      kubectl create service clusterip web --tcp=80
      kubectl create cm one --from-literal=a=b
      kubectl label deployment web team=x
      kubectl label svc web team=y tier=front
      """
    Then deployment web eventually has 2 available replicas
    When I run:
      """
      kubectl get deploy,svc -L team,tier
      kubectl get deploy,svc -L team -L tier --show-labels
      kubectl get deploy web --show-kind
      kubectl get deploy web svc web
      kubectl get deploy/web svc/web cm/none
      kubectl get deploy/web svc/web -o name
      kubectl get deployment.apps/web -o name
      kubectl get deployments.v1.apps web
      kubectl get deployments.v2.apps web
      kubectl get deploy.apps,rs.apps
      kubectl get Deployment,ReplicaSet
      kubectl get DEPLOYMENTS
      kubectl get po --chunk-size=1 -o name
      kubectl get po --chunk-size=0 --no-headers -o custom-columns=S:.status.phase
      kubectl get po --chunk-size=-1
      kubectl get po -l app=web --field-selector=status.phase=Running -o custom-columns=P:.status.phase
      kubectl get po --field-selector=status.phase!=Running
      kubectl get po --field-selector=spec.nope=1
      kubectl get po --field-selector=bad
      kubectl get po -l 'app in (web,x),!nope' -o custom-columns=S:.status.phase
      kubectl get po -l 'app notin (web)'
      kubectl get po -l 'app='
      kubectl get po -l '=x'
      kubectl get po -l 'app in'
      kubectl get po -l app=web nope
      kubectl get po web -l app=web
      kubectl get po --all-namespaces nope
      kubectl get all
      kubectl get all --show-labels -l app=web
      kubectl get all -l none=such
      kubectl get all,cm -o name
      kubectl get cm,nope
      kubectl get cm one -n nope
      kubectl get cm -n nope
      kubectl get ns nope
      kubectl get cm one two three --ignore-not-found
      kubectl get cm two --ignore-not-found
      kubectl get cm two -o yaml --ignore-not-found
      kubectl get cm two three -o json
      kubectl get cm -l none=such -o yaml
      kubectl get cm -l none=such -o json
      kubectl get cm -l none=such -o name
      kubectl get cm -l none=such -o jsonpath='{.items}'
      kubectl get cm -l none=such --no-headers
      kubectl get cm -l none=such -o wide --show-kind
      kubectl get cm --raw /api/v1
      kubectl get --raw /api/v1/namespaces/nope/pods
      kubectl get --raw /healthz
      kubectl get --raw /livez/ping
      kubectl get --raw /readyz?verbose
      kubectl get --raw /nope
      kubectl get --raw api
      kubectl get --raw /version --raw /x
      kubectl get cm one --subresource=status
      kubectl get deploy web --subresource=scale
      kubectl get deploy web --subresource=scale -o yaml
      kubectl get deploy web --subresource=status
      kubectl get deploy web --subresource=nope
      kubectl get po --subresource=resize
      kubectl get deploy --subresource=scale
      kubectl get cm one --server-print=false
      kubectl get deploy web --server-print=false
      kubectl get deploy,svc --server-print=false
      kubectl get cm one -o yaml --show-labels
      kubectl get deploy web -o wide --label-columns=team
      kubectl get cm one -w=false
      kubectl get cm one --watch --output-watch-events --request-timeout=1s
      kubectl get cm one --request-timeout=x
      kubectl get cm one --output
      kubectl get cm one --nope
      kubectl get cm one -z
      kubectl get
      kubectl get cm/one cm
      kubectl get cm/
      kubectl get /one
      kubectl get cm/one/two
      kubectl get cm "one two"
      kubectl get -f nope.yaml
      kubectl get deploy web -o jsonpath='{.status.conditions[?(@.type=="Available")].status}'
      kubectl get po -o=jsonpath='{.items[*].status.containerStatuses[0].ready}'
      kubectl get po -A --field-selector=metadata.namespace=nope
      kubectl get po --field-selector=spec.restartPolicy=Always -o custom-columns=R:.spec.restartPolicy
      kubectl get ev --field-selector=type=Warning
      kubectl get cm --field-selector=metadata.name=one -o name
      kubectl get svc --field-selector=spec.type=ClusterIP -o name
      kubectl get svc --field-selector=spec.clusterIP!=None -o name
      kubectl get secret --field-selector=type=Opaque
      kubectl get ns --field-selector=status.phase=Active -o name --sort-by=.metadata.creationTimestamp -l kubernetes.io/metadata.name=default
      kubectl get node --field-selector=spec.unschedulable=true
      kubectl get rs --field-selector=status.replicas=2 -o custom-columns=D:.spec.replicas
      kubectl get job --field-selector=status.successful=1
      """
