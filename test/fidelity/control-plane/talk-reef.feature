Feature: Questions that are seldom asked of kubectl

  @shared-cluster
  Scenario: Watches, waits and events over changes
    Given a cluster with 1 node
    When I run "kubectl create deployment web --image=example.com/web:1 --replicas=2"
    And I run "kubectl get pods -l app=web -w --request-timeout=4s --no-headers"
    Then deployment web eventually has 2 ready replicas
    When I run:
      """
      kubectl wait --for=condition=Available deployment/web --timeout=10s
      kubectl wait --for=condition=available=false deployment/web --timeout=1s
      kubectl wait --for=jsonpath='{.status.readyReplicas}'=2 deployment/web --timeout=5s
      kubectl wait --for=jsonpath='{.status.readyReplicas}' deployment/web --timeout=5s
      kubectl wait --for=create configmap/never --timeout=1s
      kubectl wait --for=delete pod/never --timeout=1s
      kubectl wait --for=condition=Ready pod -l app=web --timeout=5s
      kubectl wait --for=condition=Ready pod -l app=none --timeout=1s
      kubectl wait --for=condition=Ready pods --all --timeout=0
      kubectl wait pod -l app=web --timeout=1s
      kubectl wait --for=conditions=Ready pod -l app=web
      kubectl wait --for=jsonpath='{.status.phase}'=Failed pod -l app=web --timeout=1s
      kubectl events
      kubectl events --types=Normal --for deployment/web --no-headers
      kubectl events --types=Wrong
      kubectl events --for web
      kubectl events --for deployment/none
      kubectl events -A --for pod/none
      kubectl get events --field-selector type=Warning
      kubectl get events --field-selector reason=ScalingReplicaSet,involvedObject.name=web -o jsonpath='{.items[*].message}'
      kubectl get events --field-selector wrong=1
      kubectl get events -o wide --field-selector reason=ScalingReplicaSet
      kubectl get pods --watch-only --request-timeout=1s
      kubectl get deployment web -w --output-watch-events --request-timeout=2s
      kubectl get pods -l app=web -o name -w --request-timeout=1s
      """

  @shared-cluster
  Scenario: Differences, dry runs and copies before anything is changed
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: site, labels: {app: site}}
      spec:
        replicas: 1
        selector: {matchLabels: {app: site}}
        template:
          metadata: {labels: {app: site}}
          spec: {containers: [{name: site, image: "example.com/site:1", env: [{name: A, value: "1"}]}]}
      """
    Then deployment site eventually has 1 ready replicas
    When I run:
      """
      kubectl diff -f reef-site.yaml
      kubectl diff --server-side -f reef-site.yaml
      kubectl apply -f reef-site.yaml --dry-run=server
      kubectl apply -f reef-site.yaml --dry-run=client -o jsonpath='{.items[0].spec.replicas}'
      kubectl replace -f reef-site.yaml
      kubectl apply --server-side -f reef-site.yaml
      kubectl apply --server-side -f reef-site.yaml --force-conflicts
      kubectl scale deployment site --replicas=5
      kubectl apply --server-side -f reef-site.yaml
      kubectl apply --server-side -f reef-site.yaml --field-manager=other
      kubectl get deployment site --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{"\n"}{end}'
      kubectl apply -f reef-site.yaml
      kubectl diff -f reef-site.yaml
      kubectl apply view-last-applied -f reef-site.yaml
      kubectl delete -f reef-site.yaml --dry-run=client
      kubectl get -f reef-site.yaml
      kubectl get -f reef-site.yaml -o name
      kubectl describe -f reef-site.yaml
      kubectl scale -f reef-site.yaml --replicas=1
      kubectl label -f reef-site.yaml seen=yes
      kubectl annotate -f reef-site.yaml seen=yes
      kubectl set image -f reef-site.yaml '*=example.com/all:1'
      kubectl set image -f reef-site.yaml none=example.com/all:1
      kubectl set env -f reef-site.yaml Z=1 --dry-run=client -o jsonpath='{.items[*].spec.template.spec.containers[0].env}'
      kubectl rollout status -f reef-site.yaml --timeout=20s
      kubectl rollout restart -f reef-site.yaml
      kubectl wait --for=condition=Available -f reef-site.yaml --timeout=10s
      kubectl create -f reef-site.yaml
      kubectl replace --force -f reef-site.yaml --grace-period=0
      kubectl delete -f reef-site.yaml
      kubectl delete -f reef-site.yaml
      """

  @shared-cluster
  Scenario: Subresources, raw paths and columns
    Given a cluster with 1 node
    When I run:
      """
      kubectl create deployment web --image=example.com/web:1 --replicas=2
      kubectl rollout status deployment/web --timeout=30s
      kubectl get deployment web --subresource=scale
      kubectl get deployment web --subresource=scale -o jsonpath='{.spec.replicas} {.status.selector}'
      kubectl get deployment web --subresource=status -o jsonpath='{.status.replicas}'
      kubectl get pod --subresource=log
      kubectl patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":1}}'
      kubectl patch deployment web --subresource=status --type=merge -p '{"status":{"replicas":7}}'
      kubectl scale deployment/web deployment/none --replicas=2
      kubectl scale --replicas=2 deployment
      kubectl scale deployment web
      kubectl scale deployment --all --replicas=1
      kubectl scale pod web --replicas=2
      kubectl get --raw /apis/apps/v1/namespaces/none/deployments
      kubectl get --raw /api/v1/namespaces/default/pods/none
      kubectl get deploy -o custom-columns-file=none.txt
      kubectl get deploy -o custom-columns=A
      kubectl get deploy -o custom-columns=N:.metadata.name,X:.spec.template.spec.containers[0].image,Y:{.spec.replicas} --no-headers
      kubectl get deploy -o jsonpath-as-json='{.items[*].metadata.name}'
      kubectl get deploy -o jsonpath='{.items[0].nothing}'
      kubectl get deploy -o jsonpath='{.items[?(@.spec.replicas>0)].metadata.name}'
      kubectl get deploy -o jsonpath='{.items[*'
      kubectl get deploy -o go-template='{{range .items}}{{.metadata.name}}:{{.nothing}}{{end}}'
      kubectl get deploy -o go-template='{{.broken'
      kubectl get deploy web -o template --template='{{index .metadata.labels "app"}}'
      kubectl get deploy -o wrong
      kubectl get deploy,rs -l app=web --show-kind --no-headers
      kubectl get deploy web web
      kubectl get deploy web rs
      kubectl get deploy/web rs
      kubectl get web
      kubectl get deployments.v1.apps
      kubectl get deployments.v9.apps
      kubectl get pods --sort-by=.status.nothing
      kubectl get pods --sort-by='{.metadata.name'
      kubectl get pods -l 'app in web'
      kubectl get pods -l 'app=web,,x'
      kubectl get pods --field-selector=status.phase
      kubectl get pods --chunk-size=1 -o name -l app=none
      kubectl get pods -n none
      kubectl get pods -n Bad_Name
      kubectl get pods Bad_Name
      kubectl get all -l app=none
      kubectl get
      kubectl get pods x -A
      kubectl get pods x -l a=b
      kubectl get nothing,pods
      kubectl top pods
      kubectl top nodes
      kubectl get pods --frobnicate
      kubectl delete
      kubectl delete pods
      kubectl delete pods -l app=none
      kubectl delete pods a b --ignore-not-found
      kubectl delete pods/a services/b
      kubectl delete deployment web --cascade=wrong
      kubectl delete deployment web --grace-period=-5
      kubectl delete deployment web --wait=false --now
      """

  @shared-cluster
  Scenario: Rights from a file, reviews and who I am
    Given a cluster with 1 node
    When I run:
      """
      kubectl apply -f reef-rights.yaml
      kubectl auth can-i get pods --as=reef-user
      kubectl create role wide --verb=create --resource=pods/exec --resource=pods/eviction --resource=serviceaccounts/token --dry-run=client -o yaml
      kubectl create role bad --verb=fly --resource=pods
      kubectl create role bad2 --resource=pods
      kubectl create role bad3 --verb=get
      kubectl create role bad4 --verb=get --resource=gadgets
      kubectl create clusterrole bad5 --verb=get --resource=pods --aggregation-rule=a=b
      kubectl create rolebinding bad6 --role=x --clusterrole=y --user=z
      kubectl create rolebinding bad7 --user=z
      kubectl create rolebinding no-role --role=absent --user=z
      kubectl create clusterrolebinding reef-crb --clusterrole=absent --serviceaccount=wrong
      kubectl set subject rolebinding no-role --user=q --group=g --serviceaccount=default:default
      kubectl get rolebinding no-role -o wide
      kubectl describe rolebinding no-role
      kubectl auth can-i get pods --as=z
      kubectl auth can-i --list --as=z
      kubectl auth can-i create pods --subresource=exec --as=reef-user
      kubectl auth can-i get pods,services --as=reef-user
      kubectl auth can-i get
      kubectl auth can-i fly pods
      kubectl auth whoami -o yaml
      kubectl patch rolebinding no-role -p '{"roleRef":{"name":"other"}}'
      kubectl patch role reef-role --type=json -p '[{"op":"add","path":"/rules/-","value":{"verbs":["get"]}}]'
      kubectl patch role reef-role --type=json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["pods"],"nonResourceURLs":["/x"],"verbs":["get"]}}]'
      kubectl get role reef-role -o jsonpath='{.rules}'
      kubectl describe clusterrole system:aggregate-to-view
      kubectl get clusterroles view edit admin cluster-admin
      kubectl describe clusterrolebinding cluster-admin
      """
