@shared-cluster
Feature: Waiting, events, rights, discovery, labels and mistakes on the command line

  Background:
    Given a cluster with 2 nodes

  Scenario: Waiting in every form
    When I run:
      """
      kubectl run web --image=example.com/shore30/web:1
      kubectl create deployment app --image=example.com/shore30/app:1
      kubectl create cm cm --from-literal=a=1
      kubectl wait --for=condition=Ready pod/web --timeout=30s
      kubectl wait --for=condition=ready pod web --timeout=30s
      kubectl wait --for=condition=Ready=False pod/web --timeout=1s
      kubectl wait --for=condition=Nope pod/web --timeout=1s
      kubectl wait --for=condition pod/web
      kubectl wait --for=create pod/web --timeout=1s
      kubectl wait --for=create pod/none --timeout=1s
      kubectl wait --for=delete pod/none --timeout=1s
      kubectl wait --for=delete pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web --timeout=2s
      kubectl wait --for=jsonpath='{.status.phase}'=Failed pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.status.podIP}' pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.status.nope}' pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.status.containerStatuses[0].ready}'=true pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.spec.containers[*].name}'=web pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.status.conditions}'=x pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.status.phase'=x pod/web --timeout=1s
      kubectl wait --for=jsonpath=.status.phase=Running pod/web --timeout=1s
      kubectl wait --for=jsonpath='{.data.a}'=1 cm/cm --timeout=1s
      kubectl wait --for=condition=Available deployment --all --timeout=20s
      kubectl wait --for=condition=Available deployment app web --timeout=1s
      kubectl wait --for=condition=Available deployment/app pod/web --timeout=1s
      kubectl wait --for=condition=Ready pods --all --timeout=5s
      kubectl wait --for=condition=Ready pods -l app=none --timeout=1s
      kubectl wait --for=condition=Ready pods -l app=app --timeout=5s
      kubectl wait --for=condition=Ready pods --field-selector=metadata.name=web --timeout=5s
      kubectl wait --for=delete pods -l app=none --timeout=1s
      kubectl wait --for=condition=Ready nodes --all --timeout=5s
      kubectl wait --for=condition=Ready pod/web --timeout=0
      kubectl wait --for=condition=Ready pod/none --timeout=0
      kubectl wait --for=condition=Ready pod/none
      kubectl wait --for=condition=Ready=false pod/web --timeout=0s
      kubectl wait --for=nope pod/web
      kubectl wait pod/web
      kubectl wait --for=condition=Ready
      kubectl wait --for=condition=Ready pod/web -o name
      kubectl wait --for=condition=Ready pod/web -o jsonpath='{.metadata.name}'
      kubectl wait --for=condition=Ready cm/cm --timeout=1s
      kubectl delete pod web --wait=false --grace-period=1
      kubectl wait --for=condition=Established crd --all --timeout=1s
      """

  Scenario: Events, by whom and of which type
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: stuck}
      spec: {nodeSelector: {none: such}, containers: [{name: c, image: "example.com/shore31/c:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: good}
      spec: {containers: [{name: c, image: "example.com/shore31/good:1"}]}
      """
    And 3 seconds pass
    And I run:
      """
      kubectl events --for pod/stuck
      kubectl events --for pod/stuck --types=Warning
      kubectl events --for pod/stuck --types=Normal
      kubectl events --for Pod/good -o name
      kubectl events --for pod/none
      kubectl events --for none
      kubectl events --for nope/x
      kubectl events --types=Odd
      kubectl events --types=Warning --no-headers -o jsonpath='{.items[*].reason}'
      kubectl events --types=warning -o jsonpath='{.items[*].reason}'
      kubectl events --for pod/stuck -o yaml -A --watch=false --chunk-size=1 --types=Normal
      kubectl events -o nope
      kubectl events -n none
      kubectl events x
      kubectl get events --field-selector involvedObject.name=stuck -o custom-columns=R:.reason,T:.type,M:.message
      kubectl get events --field-selector involvedObject.kind=Pod,type=Warning --no-headers -o custom-columns=R:.reason
      kubectl get events --field-selector reason!=Scheduled,involvedObject.name=good -o custom-columns=R:.reason --sort-by=.lastTimestamp
      kubectl get events --field-selector source=kubelet,involvedObject.name=good -o custom-columns=S:.source.component
      kubectl get events --field-selector reportingComponent=default-scheduler -o custom-columns=S:.reportingComponent,N:.involvedObject.name --sort-by=.involvedObject.name
      kubectl get events --field-selector nope=1
      kubectl describe pod stuck
      """

  Scenario: Labels, annotations, taints and their mistakes
    When I run:
      """
      kubectl create cm a
      kubectl create cm b
      kubectl label cm a x=1 y=2
      kubectl label cm a x=1
      kubectl label cm a x=2
      kubectl label cm a x=2 --overwrite
      kubectl label cm a x- z-
      kubectl label cm a --list
      kubectl label cm --all --list
      kubectl label cm a b n=v
      kubectl label cm --all m=1 --dry-run=client
      kubectl label cm --all m=1 --dry-run=server -o name
      kubectl label cm -l n=v w=1
      kubectl label cm a w=1 w-
      kubectl label cm a 'bad key=1'
      kubectl label cm a k='bad value'
      kubectl label cm a /k=v
      kubectl label cm a example.com/k=v
      kubectl label cm a -example=v
      kubectl label cm a
      kubectl label cm
      kubectl label cm x=1
      kubectl label cm none x=1
      kubectl label cm a y=3 --resource-version=1
      kubectl label cm --all y=3 --resource-version=1
      kubectl label cm a y=9 --overwrite --resource-version=1
      kubectl label cm a q= r=
      kubectl label cm a -o yaml t=1
      kubectl label --local -f none.yaml a=b
      kubectl label cm a e=1 --field-manager=me --show-managed-fields -o jsonpath='{.metadata.managedFields[*].manager}'
      kubectl annotate cm a note='some text' other=1
      kubectl annotate cm a note=new
      kubectl annotate cm a note=new --overwrite
      kubectl annotate cm a note- nope-
      kubectl annotate cm a --list
      kubectl annotate cm b --list
      kubectl annotate cm a 'bad key=1'
      kubectl annotate cm a empty=
      kubectl annotate cm a
      kubectl annotate cm -l n=v all=1 --dry-run=client
      kubectl annotate cm --all all=1
      kubectl annotate pods --all all=1
      kubectl label pods --all all=1
      kubectl label node worker-1 node-role.kubernetes.io/db=
      kubectl get node worker-1
      kubectl get nodes -L node-role.kubernetes.io/db -l node-role.kubernetes.io/db
      kubectl label node worker-1 node-role.kubernetes.io/db-
      kubectl taint node worker-1 a=b:NoSchedule c:NoExecute
      kubectl taint node worker-1 a=b:NoSchedule
      kubectl taint node worker-1 a=x:NoSchedule
      kubectl taint node worker-1 a=x:NoSchedule --overwrite
      kubectl taint node worker-1 a=x:Sometimes
      kubectl taint node worker-1 a=x
      kubectl taint node worker-1 a:NoSchedule-
      kubectl taint node worker-1 a-
      kubectl taint node worker-1 c:NoExecute- d=e:PreferNoSchedule
      kubectl taint node worker-1 d:PreferNoSchedule d:PreferNoSchedule-
      kubectl taint node worker-1 'bad key=x:NoSchedule'
      kubectl taint node none a=b:NoSchedule
      kubectl taint node worker-1
      kubectl taint node
      kubectl taint pod x a=b:NoSchedule
      kubectl taint node --all f=g:NoSchedule
      kubectl taint node -l none=such f=g:NoSchedule
      kubectl taint node worker-1 worker-2 f-
      kubectl taint nodes worker-1 d- --dry-run=client
      kubectl taint nodes worker-1 d-
      kubectl taint nodes worker-1 d-
      kubectl get nodes -o jsonpath='{.items[*].spec.taints}'
      kubectl cordon none
      kubectl cordon worker-1 --dry-run=client
      kubectl cordon worker-1
      kubectl cordon worker-1
      kubectl uncordon worker-1 --dry-run=server
      kubectl uncordon worker-1
      kubectl uncordon worker-1
      kubectl cordon
      kubectl cordon -l none=such
      kubectl drain worker-1 --dry-run=client
      kubectl drain none
      kubectl drain worker-1 --grace-period=x
      kubectl drain worker-1 --pod-selector='bad selector'
      kubectl drain worker-1 --selector=a=b
      kubectl drain
      kubectl drain --selector=none=such
      """

  Scenario: What may be done, and what there is
    When I run:
      """
      kubectl auth can-i create pods
      kubectl auth can-i create pods --as=ana
      kubectl auth can-i create pods --as=ana -q
      kubectl auth can-i get pods/log --as=ana
      kubectl auth can-i get pods --subresource=log --as=ana
      kubectl auth can-i nope pods
      kubectl auth can-i get nopes
      kubectl auth can-i get /healthz --as=ana
      kubectl auth can-i get /healthz --as=system:anonymous
      kubectl auth can-i get healthz
      kubectl auth can-i '*' '*'
      kubectl auth can-i list deployments.apps --as=ana -A
      kubectl auth can-i list nodes --as=ana
      kubectl auth can-i get pod/web --as=ana
      kubectl auth can-i get pods web --as=ana
      kubectl auth can-i
      kubectl auth can-i get
      kubectl auth can-i --list --as=ana
      kubectl auth can-i --list --as=ana --no-headers
      kubectl auth can-i --list -n kube-system --as=system:serviceaccount:default:default
      kubectl auth can-i --list get pods
      kubectl auth whoami
      kubectl auth whoami --as=ana --as-group=dev --as-group=qa
      kubectl auth whoami --as=ana -o yaml
      kubectl auth whoami --as=system:serviceaccount:default:default -o jsonpath='{.status.userInfo.groups}'
      kubectl auth nope
      kubectl auth
      kubectl get pods --as=system:serviceaccount:default
      kubectl api-versions
      kubectl api-resources --api-group=apps
      kubectl api-resources --api-group=apps -o name
      kubectl api-resources --api-group=apps -o wide --no-headers
      kubectl api-resources --api-group='' --namespaced=false
      kubectl api-resources --verbs=list,deletecollection --api-group=batch
      kubectl api-resources --categories=all
      kubectl api-resources --sort-by=kind --api-group=networking.k8s.io
      kubectl api-resources --sort-by=nope
      kubectl api-resources --api-group=none
      kubectl api-resources -o json --api-group=policy
      kubectl api-resources -o nope
      kubectl api-resources x
      kubectl explain pod.spec.restartPolicy
      kubectl explain pod.spec.containers.lifecycle --recursive
      kubectl explain pods.spec.nope
      kubectl explain nope
      kubectl explain
      kubectl explain pods x
      kubectl explain deployment --api-version=apps/v1
      kubectl explain deployment --api-version=apps/v9
      kubectl explain hpa --api-version=autoscaling/v1
      kubectl explain ingress.spec.rules.http --recursive
      kubectl explain pod.metadata.ownerReferences
      kubectl explain cronjob.spec.jobTemplate.spec.podFailurePolicy.rules.onExitCodes.operator
      kubectl explain svc.spec.type --output=plaintext
      kubectl explain svc.spec.type --output=nope
      kubectl explain svc.spec --output=plaintext-openapiv2
      kubectl explain cm.data
      kubectl explain secret.immutable
      kubectl explain pod.status.conditions
      kubectl explain node.spec.taints.effect
      kubectl explain networkpolicies.spec.ingress.from
      kubectl version -o nope
      kubectl version --client -o nope
      kubectl cluster-info nope
      kubectl top pods
      kubectl top nodes
      kubectl top pod x --containers
      kubectl nope
      kubectl get pods --nope
      kubectl --nope get pods
      kubectl -n
      kubectl config use-context none
      kubectl config nope
      kubectl certificate approve none
      kubectl certificate approve
      kubectl rollout status cm/x
      kubectl rollout status deployment
      kubectl rollout status deployment/none
      kubectl rollout restart
      kubectl rollout restart deployment --all
      kubectl rollout restart deployment -l a=b
      kubectl rollout restart cm/x
      kubectl rollout undo
      kubectl rollout history
      kubectl rollout history rs/x
      kubectl rollout nope
      kubectl scale deployment none --replicas=1
      kubectl scale deployment --all --replicas=1
      kubectl scale cm x --replicas=1
      kubectl scale deployment x
      kubectl scale deployment x --replicas=-1
      kubectl delete
      kubectl delete pods
      kubectl delete pods x --all
      kubectl delete pods -l a=b
      kubectl delete pods --all
      kubectl delete all --all
      kubectl delete pod x --grace-period=0
      kubectl delete pod x --force --grace-period=5
      kubectl delete pod x --now --grace-period=3
      kubectl delete pod x --cascade=nope
      kubectl delete cm -l a=b --field-selector=metadata.name=x
      kubectl replace -f none.yaml
      kubectl replace
      kubectl apply
      kubectl apply -f none.yaml
      kubectl apply cm
      kubectl edit
      kubectl patch
      kubectl patch cm x
      kubectl patch cm x -p '{}'
      kubectl patch cm x -p '{"a":'
      kubectl patch cm x -p 'a: b' --type=nope
      kubectl diff
      kubectl diff -f none.yaml
      kubectl logs
      kubectl logs none
      kubectl exec
      kubectl exec none
      kubectl exec none -- ls
      kubectl attach
      kubectl attach none
      kubectl cp a
      kubectl cp a b
      kubectl port-forward
      kubectl port-forward none
      kubectl port-forward none 80
      kubectl debug
      kubectl debug none
      """
