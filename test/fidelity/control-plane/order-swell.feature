Feature: Who is first, who is last: adoption, deletion and restarts in odd orders

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A ReplicaSet, a set and a job want the pods of one label
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: free, labels: {app: shared, extra: "yes"}}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/ordtswell1/a:1"}]}
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: rs}
      spec:
        replicas: 2
        selector: {matchLabels: {app: shared}}
        template: {metadata: {labels: {app: shared}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/ordtswell1/a:1"}]}}
      """
    Then replicaset rs eventually has 2 ready replicas
    When I run:
      """
      kubectl get pod free -o jsonpath='{.metadata.ownerReferences[0].name}'
      kubectl label pod free app-
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pod free -o jsonpath='{.metadata.ownerReferences}'
      kubectl get rs rs
      kubectl label pod free app=shared
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pods
      kubectl get rs rs -o jsonpath='{.status}'
      kubectl delete rs rs --cascade=orphan
      kubectl create -f order-swell-sts.yaml
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get pods -o custom-columns=OWNER:.metadata.ownerReferences[0].kind,PHASE:.status.phase --sort-by=.metadata.creationTimestamp
      kubectl get sts db
      kubectl delete sts db --cascade=foreground
      kubectl get pods -o custom-columns=OWNER:.metadata.ownerReferences[0].kind
      """

  @shared-cluster
  Scenario: Chains of owners are deleted in the background, the foreground and not at all
    When I run:
      """
      kubectl create cronjob nightly --image=example.com/ordtswell2/n:1 --schedule='0 0 1 1 *'
      kubectl create job by-hand --from=cronjob/nightly
      """
    Then 1 pods labelled job-name=by-hand eventually Running
    When I run:
      """
      kubectl get job by-hand -o jsonpath='{.metadata.ownerReferences[0].controller} {.metadata.ownerReferences[0].kind}'
      kubectl delete cronjob nightly --cascade=orphan
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get job by-hand -o jsonpath='{.metadata.ownerReferences}'
      kubectl delete job by-hand --cascade=foreground --wait=false
      kubectl get job by-hand -o jsonpath='{.metadata.finalizers}'
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get jobs,pods
      kubectl create deployment web --image=example.com/ordtswell2/web:1 --replicas=2
      """
    Then deployment web eventually has 2 ready replicas
    When I run:
      """
      kubectl delete rs -l app=web --cascade=orphan
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get rs,pods
      kubectl get rs -o jsonpath='{.items[0].metadata.annotations}'
      kubectl patch deployment web --type=merge -p '{"metadata":{"finalizers":["example.com/mine"]}}'
      kubectl delete deployment web --wait=false
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get deployment,rs,pods
      kubectl scale deployment web --replicas=5
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get deployment web -o jsonpath='{.status.replicas} {.spec.replicas} {.metadata.finalizers}'
      kubectl delete deployment web --cascade=foreground --wait=false
      kubectl get deployment web -o jsonpath='{.metadata.finalizers}'
      kubectl patch deployment web --type=merge -p '{"metadata":{"finalizers":null}}'
      """
    And 2 seconds pass
    And I run "kubectl get deployment,rs,pods"

  @shared-cluster
  Scenario: Restarts, undos and edits of three kinds in a row
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: a}
      spec:
        replicas: 1
        selector: {matchLabels: {app: a}}
        template: {metadata: {labels: {app: a}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/ordtswell3/a:1"}]}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: b}
      spec:
        replicas: 1
        selector: {matchLabels: {app: b}}
        template: {metadata: {labels: {app: b}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/ordtswell3/a:1"}]}}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: c}
      spec:
        selector: {matchLabels: {app: c}}
        template: {metadata: {labels: {app: c}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/ordtswell3/a:1"}]}}
      """
    Then deployment a eventually has 1 ready replica
    And statefulset b eventually has 1 ready replica
    And daemonset c eventually has 2 ready replicas
    When I run:
      """
      kubectl rollout restart deployment/a sts/b ds/c
      kubectl rollout status deployment/a --timeout=30s
      kubectl rollout status sts/b --timeout=30s
      kubectl rollout status ds/c --timeout=30s
      kubectl rollout history deployment/a sts/b ds/c
      kubectl rollout undo deployment/a --dry-run=server
      kubectl rollout undo deployment/a --dry-run=client
      kubectl rollout undo deployment/a sts/b ds/c
      kubectl rollout undo sts/b
      kubectl rollout pause sts/b
      kubectl rollout resume deployment/a
      kubectl rollout pause deployment/a
      kubectl rollout pause deployment/a
      kubectl rollout restart deployment/a
      kubectl rollout status deployment/a --timeout=2s
      kubectl rollout resume deployment/a
      kubectl rollout restart pod/x
      kubectl rollout status pod/x
      kubectl rollout history job/x
      kubectl set image deployment/a app=example.com/ordtswell3/a:2 nobody=x
      kubectl set image deployment/a,sts/b *=example.com/ordtswell3/a:2
      kubectl set image deployment a
      kubectl set env deployment/a --list
      kubectl set env deployment/a X=1 Y=2
      kubectl set env deployment/a X- --list
      kubectl set env deployment/a --from=configmap/none
      kubectl set resources deployment/a --limits=cpu=1 --requests=cpu=2
      kubectl set resources deployment/a
      kubectl set selector service/none a=b
      kubectl set subject rolebinding/none --user=x
      kubectl scale deployment/a sts/b --replicas=2
      kubectl scale ds/c --replicas=2
      kubectl scale deployment/a --replicas=3 --current-replicas=1
      kubectl scale deployment --all --replicas=1
      kubectl autoscale ds/c --max=2
      kubectl expose ds/c --port=80
      kubectl expose deployment/a --port=80 --target-port=http --name=front --type=NodePort
      kubectl expose deployment/a
      kubectl expose service/front --port=81 --name=again
      kubectl get service
      kubectl delete deployment/a sts/b ds/c service/front service/again
      """
    And 4 seconds pass

  @shared-cluster
  Scenario: Secrets and accounts in pods that start, restart and are refused
    When I apply:
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: puller}
      imagePullSecrets: [{name: registry}]
      automountServiceAccountToken: false
      secrets: [{name: registry}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {serviceAccountName: puller, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/ordtswell4/a:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: b}
      spec: {serviceAccountName: puller, automountServiceAccountToken: true, imagePullSecrets: [{name: own}], terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/ordtswell4/a:1"}]}
      """
    And 4 seconds pass
    And I run:
      """
      kubectl get pods -o custom-columns=NAME:.metadata.name,SECRETS:.spec.imagePullSecrets,VOLUMES:.spec.volumes[*].name
      kubectl describe sa puller
      kubectl get events --field-selector reason=FailedToRetrieveImagePullSecret -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message
      kubectl patch sa puller --type=merge -p '{"imagePullSecrets":null,"automountServiceAccountToken":true}'
      kubectl create token puller --duration=9m
      kubectl run c --image=example.com/ordtswell4/a:1 --overrides='{"spec":{"serviceAccountName":"puller"}}'
      kubectl get pod c -o jsonpath='{.spec.imagePullSecrets} {.spec.volumes[*].projected.sources[0].serviceAccountToken}'
      kubectl run d --image=example.com/ordtswell4/a:1 --overrides='{"spec":{"serviceAccountName":"none"}}'
      kubectl delete sa default
      kubectl run e --image=example.com/ordtswell4/a:1
      kubectl create deployment f --image=example.com/ordtswell4/a:1
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get sa
      kubectl get pods
      kubectl delete pod a b --grace-period=0
      kubectl run -it g --image=x --rm --restart=Never --dry-run=client -o yaml
      kubectl run h --image=example.com/ordtswell4/a:1 --port=80 --expose --env=A=b --labels=x=y --command -- sleep 5
      kubectl get pod,service h -o wide
      kubectl run h --image=example.com/ordtswell4/a:1
      kubectl run i --image=example.com/ordtswell4/a:1 --restart=Sometimes
      kubectl run i --image=example.com/ordtswell4/a:1 --image-pull-policy=Often
      kubectl run I_ --image=example.com/ordtswell4/a:1
      kubectl run j --image=example.com/ordtswell4/a:1 --privileged --annotations=a=b --dry-run=server -o jsonpath='{.spec.containers[0].securityContext} {.metadata.annotations}'
      """
