Feature: Owners, namespaces, old sets, accounts

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A ReplicationController by the numbers, orphaned and found again
    When I apply:
      """
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: rc}
      spec:
        replicas: 3
        minReadySeconds: 2
        selector: {app: rc}
        template:
          metadata: {labels: {app: rc}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: rc, image: "example.com/later1/rc:1"}]}
      """
    Then replicationcontroller rc eventually has field .status.availableReplicas "3"
    When I run "kubectl get rc"
    And I run "kubectl scale rc rc --replicas=1 --current-replicas=2"
    Then the last command fails
    When I run "kubectl delete rc rc --cascade=orphan"
    And I run "kubectl get pods -l app=rc -o jsonpath='{.items[*].metadata.ownerReferences}'"
    And I apply:
      """
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: rc2}
      spec:
        replicas: 2
        selector: {app: rc}
        template:
          metadata: {labels: {app: rc}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: rc, image: "example.com/later1/rc:2"}]}
      """
    And 3 seconds pass
    And I run "kubectl get rc"
    And I run "kubectl describe rc rc2"
    And I run "kubectl delete rc rc2 --cascade=foreground"
    Then pods labelled app=rc eventually gone

  @shared-cluster
  Scenario: A namespace with two finalizers inside, of which one is taken away
    Given namespace later-going
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: held-one, namespace: later-going, finalizers: [example.com/one]}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: held-two, namespace: later-going, finalizers: [example.com/two, example.com/three]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: later-going}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: web, image: "example.com/later2/web:1"}]}
      """
    And 3 seconds pass
    And I run "kubectl delete namespace later-going --wait=false"
    And 8 seconds pass
    And I run "kubectl get namespace later-going -o jsonpath='{.status.conditions[*].message}'"
    And I run "kubectl get all,configmaps,secrets -n later-going"
    And I run "kubectl patch configmap held-one -n later-going --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    And 16 seconds pass
    And I run "kubectl get namespace later-going -o jsonpath='{.status.conditions[*].message}'"
    And I run "kubectl patch secret held-two -n later-going --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    Then namespace later-going eventually gone

  @shared-cluster
  Scenario: Two owners, one waits for its dependent and one is away
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: first}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: second}
      """
    And I run "kubectl create deployment web --image=example.com/later3/web:1 --replicas=2"
    Then deployment web eventually has 2 available replicas
    When I run "kubectl delete deployment web --cascade=orphan"
    And 2 seconds pass
    And I run "kubectl get rs,pods -o custom-columns=KIND:.kind,OWNER:.metadata.ownerReferences[0].kind"
    And I run "kubectl create deployment web --image=example.com/later3/web:1 --replicas=1"
    And 4 seconds pass
    And I run "kubectl get deployment,rs -l app=web"
    And I run "kubectl annotate rs -l app=web note=kept"
    And I run "kubectl delete rs -l app=web --cascade=orphan --wait=false"
    And 4 seconds pass
    And I run "kubectl get deployment,rs -l app=web"
    And I run "kubectl delete deployment web --cascade=foreground"
    Then pods labelled app=web eventually gone

  @shared-cluster
  Scenario: Accounts are made again, and their tokens go with them
    When I run "kubectl create serviceaccount bot"
    And I apply:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: bot-token, annotations: {kubernetes.io/service-account.name: bot}}
      type: kubernetes.io/service-account-token
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: lost-token, annotations: {kubernetes.io/service-account.name: nobody}}
      type: kubernetes.io/service-account-token
      """
    And 2 seconds pass
    And I run "kubectl get secrets"
    And I run "kubectl describe secret bot-token"
    And I run "kubectl describe serviceaccount bot"
    And I run "kubectl delete serviceaccount bot default"
    And 2 seconds pass
    And I run "kubectl get secrets"
    And I run "kubectl get serviceaccounts"
    And I run "kubectl delete configmap kube-root-ca.crt"
    And 1 second passes
    And I run "kubectl get configmaps"
    And I run "kubectl create token bot"
    Then the last command fails
    When I run "kubectl create token default --duration=5m"
    Then the last command fails

  @shared-cluster
  Scenario: Endpoints by hand are mirrored, changed, and go
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: outside}
      spec: {ports: [{name: http, port: 80, targetPort: 8080}]}
      ---
      apiVersion: v1
      kind: Endpoints
      metadata: {name: outside, labels: {tier: back}}
      subsets:
      - addresses: [{ip: 203.0.113.10}, {ip: 203.0.113.11, hostname: eleven}]
        notReadyAddresses: [{ip: 203.0.113.12}]
        ports: [{name: http, port: 8080}]
      """
    And 2 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=outside -o jsonpath='{.items[*].metadata.labels} {.items[*].endpoints} {.items[*].ports}'"
    And I run "kubectl patch endpoints outside --type=merge -p '{\"subsets\":[{\"addresses\":[{\"ip\":\"203.0.113.10\"}],\"ports\":[{\"name\":\"http\",\"port\":9090}]}]}'"
    And 2 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=outside"
    And I run "kubectl label endpoints outside endpointslice.kubernetes.io/skip-mirror=true"
    And 2 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=outside"
    And I run "kubectl label endpoints outside endpointslice.kubernetes.io/skip-mirror-"
    And 2 seconds pass
    And I run "kubectl patch service outside --type=merge -p '{\"spec\":{\"selector\":{\"app\":\"inside\"}}}'"
    And 2 seconds pass
    And I run "kubectl get endpointslices -l kubernetes.io/service-name=outside"
    And I run "kubectl delete service outside"
    And 2 seconds pass
    And I run "kubectl get endpoints,endpointslices"

  @shared-cluster
  Scenario: Quotas by priority and by class of service, and one that is made smaller than what is used
    When I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: small}
      spec: {hard: {pods: "3", count/configmaps: "4", requests.cpu: 400m, count/deployments.apps: "1"}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: best-effort}
      spec: {hard: {pods: "1"}, scopes: [BestEffort]}
      """
    And 1 second passes
    And I run "kubectl run plain --image=example.com/later6/plain:1"
    Then the last command fails
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 5
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/later6/web:1", resources: {requests: {cpu: 150m}}}]}
      """
    Then deployment web eventually has 2 available replicas
    When I run "kubectl create deployment other --image=example.com/later6/other:1"
    Then the last command fails
    When I run "kubectl describe quota small"
    And I run "kubectl get deployment web -o jsonpath='{.status.conditions[*].type} {.status.unavailableReplicas}'"
    And I run "kubectl patch quota small --type=merge -p '{\"spec\":{\"hard\":{\"requests.cpu\":\"200m\",\"pods\":\"1\"}}}'"
    And 2 seconds pass
    And I run "kubectl get quota"
    And I run "kubectl delete pod -l app=web"
    And 3 seconds pass
    And I run "kubectl get pods -l app=web -o name"
    And I run "kubectl describe quota small"
