Feature: Rights, tokens and policies as a course shows them

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: What ana may do, in full
    When I run:
      """
      kubectl create role reader --verb=get,list,watch --resource=pods,pods/log,services,deployments.apps
      kubectl create role one-map --verb=get,update --resource=configmaps --resource-name=settings --resource-name=other
      kubectl create role scaler --verb=patch,update --resource=deployments/scale
      kubectl create rolebinding ana-reads --role=reader --user=ana
      kubectl create rolebinding ana-map --role=one-map --user=ana
      kubectl create rolebinding devs-scale --role=scaler --group=devs
      kubectl create configmap settings --from-literal=a=1
      kubectl create configmap hidden --from-literal=a=1
      kubectl create deployment shop --image=example.com/shop:1
      kubectl auth can-i list pods --as=ana
      kubectl auth can-i get pods/log --as=ana
      kubectl auth can-i get pods --subresource=log --as=ana
      kubectl auth can-i delete pods --as=ana
      kubectl auth can-i get configmap/settings --as=ana
      kubectl auth can-i get configmap/hidden --as=ana
      kubectl auth can-i list configmaps --as=ana
      kubectl auth can-i list nodes --as=ana
      kubectl auth can-i get gadgets --as=ana
      kubectl auth can-i '*' '*'
      kubectl auth can-i '*' '*' --as=ana
      kubectl auth can-i get /healthz --as=ana
      kubectl auth can-i --list --as=ana
      kubectl auth can-i --list --as=ana --as-group=devs --no-headers
      kubectl auth whoami --as=ana --as-group=devs
      """
    And as user "ana" I run:
      """
      kubectl get pods
      kubectl get deployments
      kubectl get configmaps
      kubectl get configmap settings -o jsonpath='{.data}'
      kubectl get configmap hidden
      kubectl patch configmap settings -p '{"data":{"a":"2"}}'
      kubectl scale deployment shop --replicas=2
      kubectl delete pod --all
      kubectl get nodes
      kubectl get all
      kubectl auth whoami
      kubectl get namespaces
      """
    And as user "bo" in groups "devs, qa" I run "kubectl scale deployment shop --replicas=2"
    And as user "bo" in groups "devs" I run "kubectl auth whoami -o jsonpath='{.status.userInfo.groups}'"
    And I run:
      """
      kubectl describe role reader
      kubectl describe role one-map
      kubectl describe rolebinding devs-scale
      kubectl get roles,rolebindings
      kubectl get rolebindings -o wide
      """

  @shared-cluster
  Scenario: A robot's account, its token and where it is mounted
    When I run:
      """
      kubectl create serviceaccount robot
      kubectl create token robot --duration=5m
      kubectl create token robot --duration=10m --audience=vault
      kubectl create token nobody
      kubectl create rolebinding robot-views --clusterrole=view --serviceaccount=default:robot
      kubectl create rolebinding robot-bad --clusterrole=view --serviceaccount=robot
      kubectl auth can-i get pods --as=system:serviceaccount:default:robot -n default
      kubectl auth can-i get secrets --as=system:serviceaccount:default:robot -n default
      kubectl auth can-i list configmaps --as=system:serviceaccount:default:robot -A
      kubectl describe serviceaccount robot
      """
    And I apply:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: robot-token, annotations: {kubernetes.io/service-account.name: robot}}
      type: kubernetes.io/service-account-token
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: lost-token, annotations: {kubernetes.io/service-account.name: nobody}}
      type: kubernetes.io/service-account-token
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: with-token}
      spec: {serviceAccountName: robot, containers: [{name: app, image: "example.com/app:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: without}
      spec: {serviceAccountName: robot, automountServiceAccountToken: false, containers: [{name: app, image: "example.com/app:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: bound}
      spec:
        serviceAccountName: robot
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: t, mountPath: /t}]}]
        volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token, audience: vault, expirationSeconds: 900}}]}}]
      """
    And I run "kubectl run orphan --image=example.com/app:1 --overrides='{\"spec\":{\"serviceAccountName\":\"nobody\"}}'"
    Then the last command fails
    And pod with-token eventually Ready
    And pod without eventually Ready
    When I run:
      """
      kubectl get secrets
      kubectl get pod without -o jsonpath='{.spec.volumes} {.spec.automountServiceAccountToken}'
      kubectl get pod bound -o jsonpath='{.spec.containers[0].volumeMounts[*].mountPath}'
      kubectl describe pod bound
      kubectl describe serviceaccount robot
      kubectl delete serviceaccount robot
      kubectl get secrets
      kubectl create token robot
      kubectl delete serviceaccount default
      """
    Then serviceaccount default eventually present
    And secret robot-token eventually gone

  @shared-cluster
  Scenario: A policy of limits is read from a parameter
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: limits}
      data: {most: "3", prefix: "shop-"}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: reef-replicas}
      spec:
        failurePolicy: Fail
        paramKind: {apiVersion: v1, kind: ConfigMap}
        matchConstraints:
          resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments, deployments/scale]}]
        matchConditions: [{name: not-free, expression: "!has(object.metadata.labels) || !('free' in object.metadata.labels)"}]
        variables: [{name: most, expression: "int(params.data.most)"}]
        validations:
        - expression: "object.spec.replicas <= variables.most"
          messageExpression: "'at most ' + string(variables.most) + ' replicas, not ' + string(object.spec.replicas)"
          reason: Forbidden
        - expression: "object.metadata.name.startsWith(params.data.prefix)"
          message: the name has a wrong prefix
        auditAnnotations: [{key: seen, valueExpression: "object.metadata.name"}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: reef-replicas}
      spec:
        policyName: reef-replicas
        paramRef: {name: limits, parameterNotFoundAction: Deny}
        validationActions: [Deny, Audit]
      """
    And 3 seconds pass
    And I run:
      """
      kubectl create deployment shop-a --image=example.com/a:1 --replicas=3
      kubectl create deployment shop-b --image=example.com/b:1 --replicas=4
      kubectl create deployment other --image=example.com/b:1 --replicas=9
      kubectl scale deployment shop-a --replicas=5
      kubectl patch deployment shop-a -p '{"spec":{"replicas":4}}'
      kubectl label deployment shop-a free=yes
      kubectl patch deployment shop-a -p '{"spec":{"replicas":4}}'
      kubectl get deployment shop-a
      kubectl patch configmap limits -p '{"data":{"most":"many"}}'
      kubectl delete configmap limits
      """
    And 2 seconds pass
    And I run:
      """
      kubectl create deployment shop-c --image=example.com/c:1
      kubectl get validatingadmissionpolicies
      kubectl get validatingadmissionpolicybindings
      kubectl describe validatingadmissionpolicy reef-replicas
      kubectl describe validatingadmissionpolicybinding reef-replicas
      kubectl delete validatingadmissionpolicybinding reef-replicas
      kubectl delete validatingadmissionpolicy reef-replicas
      """
    And 2 seconds pass
    And I run "kubectl create deployment shop-d --image=example.com/c:1"
    Then the last command succeeds

  @shared-cluster
  Scenario: A quota, a range and a level of security in one namespace
    Given namespace team-a
    When I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: small}
      spec: {hard: {requests.cpu: "1", limits.memory: 1Gi, pods: "3", count/configmaps: "3", services.nodeports: "1", requests.storage: 2Gi, persistentvolumeclaims: "1"}}
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: usual}
      spec:
        limits:
        - {type: Container, default: {cpu: 400m, memory: 256Mi}, defaultRequest: {cpu: 300m, memory: 128Mi}, max: {cpu: "1"}, min: {memory: 16Mi}, maxLimitRequestRatio: {cpu: "4"}}
        - {type: Pod, max: {memory: 600Mi}}
      """
    And I run:
      """
      kubectl describe resourcequota small
      kubectl get resourcequota
      kubectl create deployment web --image=example.com/web:1 --replicas=4
      """
    Then 3 pods labelled app=web eventually Ready
    And deployment web eventually has condition ReplicaFailure=True
    When I run:
      """
      kubectl get deployment web
      kubectl describe rs -l app=web
      kubectl run big --image=example.com/big:1 --overrides='{"spec":{"containers":[{"name":"big","image":"example.com/big:1","resources":{"limits":{"cpu":"2"}}}]}}'
      kubectl run tiny --image=example.com/big:1 --overrides='{"spec":{"containers":[{"name":"big","image":"example.com/big:1","resources":{"requests":{"memory":"8Mi"}}}]}}'
      kubectl create configmap one
      kubectl create configmap two
      kubectl create configmap three
      kubectl create service nodeport np1 --tcp=80
      kubectl create service nodeport np2 --tcp=80
      kubectl create service loadbalancer lb --tcp=80
      kubectl describe namespace team-a
      kubectl get limitrange
      kubectl describe limitrange usual
      kubectl label namespace team-a pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/enforce-version=latest
      kubectl label namespace team-a pod-security.kubernetes.io/warn=wrong
      kubectl scale deployment web --replicas=1
      kubectl rollout restart deployment web
      kubectl run plain --image=example.com/plain:1
      kubectl set resources deployment web --requests=cpu=100m --limits=cpu=800m
      """
    And I apply:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: a}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 3Gi}}}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get deployment web -o jsonpath='{range .status.conditions[*]}{.type} {.reason} {.message}{"\n"}{end}'
      kubectl get events --field-selector reason=FailedCreate -o custom-columns=KIND:.involvedObject.kind,MESSAGE:.message
      kubectl get resourcequota small
      """
