Feature: A namespace goes with slow pods, and a rollback that is not allowed

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A namespace goes while a job, a set with claims and a held secret are in it
    When I run "kubectl create namespace further-doomed"
    And I apply:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: held, namespace: further-doomed, finalizers: [example.com/vault]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: long, namespace: further-doomed}
      spec:
        template:
          metadata: {annotations: {behaviour.kscenario.dev/app: "term: {after: 3s, code: 0}"}}
          spec: {restartPolicy: Never, terminationGracePeriodSeconds: 10, containers: [{name: app, image: "example.com/further1/long:1"}]}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: st, namespace: further-doomed}
      spec:
        serviceName: st
        replicas: 1
        selector: {matchLabels: {app: st}}
        template:
          metadata: {labels: {app: st}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/further1/st:1"}]}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: c, namespace: further-doomed}
      spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """
    And 5 seconds pass
    And I run "kubectl delete namespace further-doomed --wait=false"
    And 2 seconds pass
    And I run "kubectl run late --image=example.com/further1/late:1 -n further-doomed"
    And I run "kubectl get pods,jobs,sts,pvc -n further-doomed --no-headers -o custom-columns=KIND:.kind,NAME:.metadata.name"
    And 6 seconds pass
    And I run "kubectl get namespace further-doomed -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.message}{\"\n\"}{end}'"
    And I run "kubectl get all -n further-doomed"
    And I run "kubectl patch secret held -n further-doomed --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    Then namespace further-doomed eventually gone within 2m

  @shared-cluster
  Scenario: A developer may scale but not change, and may look at logs of nothing
    When I run:
      """
      kubectl create deployment web --image=example.com/further2/rbac:1
      kubectl create role scaler --verb=get,update,patch --resource=deployments/scale
      kubectl create role reader --verb=get,list,watch --resource=deployments,pods
      kubectl create rolebinding scalers --role=scaler --user=ana
      kubectl create rolebinding readers --role=reader --group=dev
      """
    Then deployment web eventually has 1 ready replicas
    When as user "ana" I run "kubectl scale deployment web --replicas=2"
    And as user "ana" in groups "dev" I run "kubectl scale deployment web --replicas=2"
    And as user "ana" in groups "dev" I run "kubectl set image deployment/web rbac=example.com/further2/rbac:2"
    And as user "ana" in groups "dev" I run "kubectl rollout status deployment/web --timeout=20s"
    And as user "ana" in groups "dev" I run "kubectl get pods --no-headers -o custom-columns=PHASE:.status.phase"
    And as user "ana" in groups "dev" I run "kubectl auth can-i --list --no-headers"
    And as user "ana" in groups "dev" I run "kubectl delete pods --all"
    And as user "ana" in groups "dev" I run "kubectl rollout undo deployment/web"
    And I run "kubectl auth can-i update deployments/scale --as=ana"
    And I run "kubectl delete rolebinding readers"
    And as user "ana" in groups "dev" I run "kubectl get deployment web"
    Then the last command fails
