Feature: What is left behind

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A namespace cannot end while something holds on
    Given I run "kubectl create namespace held-stuck"
    And I run "kubectl create configmap keep --from-literal=a=b -n held-stuck"
    And I run "kubectl create deployment web --image=example.com/deletion1/web:1 -n held-stuck"
    And I run "kubectl patch configmap keep -n held-stuck -p '{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}'"
    And 3 seconds pass
    When I run "kubectl delete namespace held-stuck --wait=false"
    Then namespace held-stuck eventually Terminating
    And namespace held-stuck eventually has condition NamespaceFinalizersRemaining=True
    When I run "kubectl get configmap -n held-stuck"
    And I run "kubectl create configmap late -n held-stuck"
    Then the last command fails
    When 40 seconds pass
    And I run "kubectl get ns held-stuck -o jsonpath='{.status.conditions[*].reason}'"
    And I run "kubectl patch configmap keep -n held-stuck --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]'"
    Then namespace held-stuck eventually gone

  @shared-cluster
  Scenario: Orphans of a deployment are found again
    Given I run "kubectl create deployment web --image=example.com/deletion2/web:1 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl delete deployment web --cascade=orphan"
    And 2 seconds pass
    And I run "kubectl get rs -o jsonpath='{.items[*].metadata.ownerReferences}'"
    And I run "kubectl get rs,pods"
    And I run "kubectl create deployment web --image=example.com/deletion2/web:1 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl get rs"
    And I run "kubectl get rs -o jsonpath='{.items[*].metadata.ownerReferences[0].kind}'"
    And I run "kubectl delete deployment web --cascade=foreground"
    Then pods labelled app=web eventually gone

  @shared-cluster
  Scenario: An owner is deleted while its pods hang on
    Given I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: hang}
      spec:
        replicas: 2
        selector: {matchLabels: {app: hang}}
        template:
          metadata: {labels: {app: hang}, finalizers: [example.com/audit]}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/deletion3/hang:1"}]}
      """
    Then replicaset hang eventually has 2 ready replicas
    When I run "kubectl delete rs hang --cascade=foreground --wait=false"
    And 4 seconds pass
    And I run "kubectl get rs,pods"
    And I run "kubectl get rs hang -o jsonpath='{.metadata.finalizers} {.status}'"
    And I run "kubectl patch rs hang --type=merge -p '{\"metadata\":{\"finalizers\":[]}}'"
    And 1 second passes
    And I run "kubectl get rs,pods"
    And I run "kubectl patch pods -l app=hang --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    And I run "kubectl get pods -o name"

  @shared-cluster
  Scenario: Deleted with force, deleted now, deleted twice
    Given I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: slow, annotations: {behaviour.kscenario.dev/app: "term: {after: 20s}"}}
      spec: {terminationGracePeriodSeconds: 25, containers: [{name: app, image: "example.com/deletion4/slow:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: slower, annotations: {behaviour.kscenario.dev/app: "term: {after: 20s}"}}
      spec: {terminationGracePeriodSeconds: 25, containers: [{name: app, image: "example.com/deletion4/slow:1"}]}
      """
    Then pod slow eventually Ready
    And pod slower eventually Ready
    When I run "kubectl delete pod slow --wait=false"
    And 1 second passes
    And I run "kubectl get pod slow"
    And I run "kubectl delete pod slow --grace-period=2"
    Then pod slow eventually gone
    When I run "kubectl delete pod slower --force"
    And I run "kubectl get pods"
    And I run "kubectl delete pod slower"
    Then the last command fails

  @shared-cluster
  Scenario: A cross of owners: a secret belongs to a config map, a pod to both
    Given I run "kubectl create configmap root --from-literal=a=1"
    And I run "kubectl create secret generic leaf --from-literal=b=2"
    When I run "kubectl patch secret leaf -p '{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"root\",\"uid\":\"11111111-2222-3333-4444-555555555555\"}]}}'"
    Then secret leaf eventually gone
    When I run "kubectl run kid --image=example.com/deletion5/kid:1"
    And I run "kubectl patch pod kid -p '{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"nobody\",\"uid\":\"11111111-2222-3333-4444-666666666666\",\"blockOwnerDeletion\":true}]}}'"
    Then pod kid eventually gone within 90s
    When I run "kubectl get configmap root"
    And I run "kubectl get secrets,pods"
