Feature: What kubectl says when it is asked otherwise

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Describes of kinds that are seldom described
    When I apply:
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: robot, labels: {a: b}, annotations: {c: d}}
      secrets: [{name: s1}]
      imagePullSecrets: [{name: p1}, {name: p2}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: r, labels: {a: b}}
      rules: [{apiGroups: ["", apps], resources: [pods, deployments/scale], verbs: [get, list]}, {apiGroups: [""], resources: [secrets], resourceNames: [one, two], verbs: ["*"]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: rb}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
      subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ana}, {kind: Group, apiGroup: rbac.authorization.k8s.io, name: dev}, {kind: ServiceAccount, name: robot, namespace: talk-ebb-1}]
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q}
      spec: {hard: {pods: 3, requests.cpu: "1"}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q2}
      spec: {hard: {pods: 3}, scopes: [BestEffort, NotTerminating]}
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: l}
      spec: {limits: [{type: Container, default: {cpu: 100m}, max: {memory: 1Gi}}]}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: s}
      type: example.com/own
      data: {a: YWJj, b: ""}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c}
      data: {x: "line1\nline2\n", y: ""}
      binaryData: {z: AAEC}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: pdb}
      spec: {maxUnavailable: 25%, selector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}, unhealthyPodEvictionPolicy: AlwaysAllow}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: talkebb1}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteMany], mountOptions: [hard], nfs: {server: nfs.example.com, path: /x, readOnly: true}, claimRef: {namespace: talk-ebb-1, name: later}}
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: talkebb1}
      provisioner: example.com/x
      parameters: {b: "2", a: "1"}
      mountOptions: [ro, soft]
      allowedTopologies: [{matchLabelExpressions: [{key: topology.kubernetes.io/zone, values: [a, b]}]}]
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: talkebb1}
      value: 5
      description: for talks
      ---
      apiVersion: storage.k8s.io/v1
      kind: CSIDriver
      metadata: {name: talkebb1.example.com}
      spec: {volumeLifecycleModes: [Ephemeral]}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl describe sa robot
      kubectl describe role r
      kubectl describe rolebinding rb
      kubectl describe quota
      kubectl describe limits l
      kubectl describe secret s
      kubectl describe configmap c
      kubectl describe pdb pdb
      kubectl describe pv talkebb1
      kubectl describe sc talkebb1
      kubectl describe priorityclass talkebb1
      kubectl describe csidriver talkebb1.example.com
      kubectl describe namespace talk-ebb-1
      kubectl describe csinode worker-1
      kubectl describe lease -n kube-node-lease worker-1
      kubectl describe role/none
      kubectl describe role r2
      kubectl describe roles,rolebindings
      kubectl describe pods -l a=b
      kubectl get role,rolebinding,quota,limits,secret,pdb -o wide
      kubectl get pv,sc,priorityclass talkebb1
      kubectl delete pv/talkebb1 sc/talkebb1 priorityclass/talkebb1 csidriver/talkebb1.example.com
      """

  @shared-cluster
  Scenario: Generators in all their ways, tried without doing
    When I run:
      """
      kubectl create deployment d --image=a --image=b --port=80 --replicas=2 --dry-run=client -o yaml
      kubectl create deployment d --image=a -- sleep 5 --dry-run=client
      kubectl create job j --image=a --dry-run=client -o yaml -- echo hi
      kubectl create cronjob c --image=a --schedule='*/5 * * * *' --restart=Never --dry-run=client -o json -- date
      kubectl create service externalname e --external-name=x.example.com --tcp=80 --dry-run=client -o yaml
      kubectl create service loadbalancer l --tcp=80:http --tcp=443 --dry-run=client -o yaml
      kubectl create secret docker-registry r --docker-username=u --docker-password=p --docker-email=e@x --dry-run=client -o yaml
      kubectl create secret generic g --from-literal=a=b --type=custom --dry-run=client -o jsonpath='{.data} {.type}'
      kubectl create configmap m --from-literal=a=b --from-literal=c= --dry-run=client -o yaml
      kubectl create role r --verb=get,list,watch --resource=pods,deployments.apps,pods/log --resource-name=x --dry-run=client -o yaml
      kubectl create role r --verb=fly --resource=pods
      kubectl create role r --verb=get --resource=unicorns
      kubectl create role r --verb=get
      kubectl create clusterrole cr --verb=get --non-resource-url=/x,/y/* --dry-run=client -o yaml
      kubectl create clusterrole cr --verb=get --resource=pods --non-resource-url=/x
      kubectl create rolebinding b --role=r --clusterrole=c
      kubectl create rolebinding b --role=r --user=a --user=b --group=g --serviceaccount=x:y --dry-run=client -o yaml
      kubectl create rolebinding b --role=r --serviceaccount=x
      kubectl create quota q --hard=pods=x
      kubectl create quota q --hard=pods=1,cpu=500m --scopes=BestEffort --dry-run=server -o yaml
      kubectl create quota q --hard=pods=1 --scopes=BestEffort,NotBestEffort
      kubectl create pdb p --min-available=x --selector=a=b
      kubectl create pdb p --min-available=1 --selector='a in (b,c)' --dry-run=client -o yaml
      kubectl create priorityclass pc --value=5 --preemption-policy=Sometimes
      kubectl create priorityclass pc --value=5 --global-default --description='x y' --dry-run=client -o yaml
      kubectl create ingress i --rule=a.example.com/p=s:80 --rule=*.example.com/=t:http,tls --dry-run=client -o yaml
      kubectl create namespace n --dry-run=client -o name
      kubectl create sa s --dry-run=client -o json
      kubectl create token
      kubectl create nothing x
      kubectl create
      kubectl run p --image=a --port=80 --env=A=1 --labels=a=b,c=d --restart=OnFailure --dry-run=client -o yaml -- x y
      kubectl run p --image=a --overrides='{"spec":{"hostNetwork":true}}' --dry-run=client -o jsonpath='{.spec}'
      kubectl run p --image=a --overrides='{"spec"'
      kubectl expose pod none --port=80
      kubectl autoscale deployment none --max=3
      kubectl set image deployment/none a=b
      kubectl scale deployment none --replicas=2
      kubectl scale deployment none
      kubectl label pod none a=b
      kubectl annotate pod none a
      kubectl taint node none a=b:NoSchedule
      kubectl cordon none
      kubectl delete deployment none
      kubectl patch deployment none -p '{}'
      kubectl rollout status deployment none
      kubectl logs none
      kubectl exec none -- ls
      kubectl wait pod none --for=condition=Ready --timeout=1s
      kubectl wait pod -l a=b --for=condition=Ready --timeout=1s
      kubectl wait pod --all --for=delete --timeout=1s
      kubectl get pods --sort-by=nothing
      kubectl get pods -o nothing
      kubectl get -o yaml
      kubectl explain none
      kubectl explain pods.spec.nothing
      kubectl api-resources --api-group=apps --no-headers
      kubectl api-resources --namespaced=false --verbs=list,create -o name --api-group=storage.k8s.io
      """
