Feature: Quotas by scope, ranges of pods and claims, policies that change and warn

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Quotas by scope, for objects and for compute
    When I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: best-effort}
      spec: {hard: {pods: "1"}, scopes: [BestEffort]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: compute}
      spec: {hard: {requests.cpu: "1", limits.memory: 512Mi}, scopes: [NotBestEffort]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: objects}
      spec: {hard: {count/configmaps: "3", services: "2", services.nodeports: "1", secrets: "1", count/deployments.apps: "1"}}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl run first --image=example.com/app:1
      kubectl run second --image=example.com/app:1
      kubectl create configmap a
      kubectl create configmap b
      kubectl create configmap c
      kubectl create secret generic s1
      kubectl create secret generic s2
      kubectl create service nodeport n1 --tcp=80
      kubectl create service nodeport n2 --tcp=80
      kubectl create service clusterip c1 --tcp=80
      kubectl create service clusterip c2 --tcp=80
      kubectl create deployment d1 --image=example.com/app:1 --replicas=0
      kubectl create deployment d2 --image=example.com/app:1 --replicas=0
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: partly}
      spec: {containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 100m}}}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: whole}
      spec: {containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 600m}, limits: {cpu: 600m, memory: 128Mi}}}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: beyond}
      spec: {containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 600m}, limits: {cpu: 600m, memory: 128Mi}}}]}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get quota
      kubectl describe quota compute
      kubectl describe quota objects
      kubectl delete configmap a b
      kubectl delete pod whole --now
      """
    Then resourcequota compute eventually has field .status.used.requests\.cpu "0"
    When I run "kubectl get quota"

  @shared-cluster
  Scenario: Limit ranges of pods and claims
    When I apply:
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: bounds}
      spec:
        limits:
        - type: Pod
          max: {cpu: "1", memory: 1Gi}
        - type: PersistentVolumeClaim
          min: {storage: 1Gi}
          max: {storage: 5Gi}
        - type: Container
          default: {memory: 128Mi}
          defaultRequest: {memory: 64Mi}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: two}
      spec:
        containers:
        - {name: a, image: "example.com/app:1", resources: {limits: {cpu: 600m}}}
        - {name: b, image: "example.com/app:1", resources: {limits: {cpu: 600m}}}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: none}
      spec:
        containers:
        - {name: a, image: "example.com/app:1"}
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: large}
      spec: {storageClassName: x, accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: tiny}
      spec: {storageClassName: x, accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
      """
    And I create:
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: wrong}
      spec:
        limits:
        - type: Container
          min: {cpu: "2"}
          max: {cpu: "1"}
          default: {cpu: "3"}
      """
    And I run "kubectl describe limitrange bounds"
    And I run "kubectl get limits"
    And I create:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: heavy}
      spec:
        replicas: 1
        selector: {matchLabels: {app: heavy}}
        template:
          metadata: {labels: {app: heavy}}
          spec: {containers: [{name: app, image: "example.com/app:1", resources: {limits: {cpu: "2", memory: 64Mi}}}]}
      """
    And 2 seconds pass
    And I run "kubectl get rs heavy"
    And I run "kubectl describe rs heavy"

  @shared-cluster
  Scenario: Service accounts, priorities and runtime classes that are not there
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: robot}
      spec: {serviceAccountName: nobody, containers: [{name: app, image: "example.com/app:1"}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: vip}
      spec: {priorityClassName: nothing, containers: [{name: app, image: "example.com/app:1"}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: vip}
      spec: {priority: 10, containers: [{name: app, image: "example.com/app:1"}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: sandboxed}
      spec: {runtimeClassName: gvisor, containers: [{name: app, image: "example.com/app:1"}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: system}
      spec: {priorityClassName: system-node-critical, containers: [{name: app, image: "example.com/app:1"}]}
      """
    And I run:
      """
      kubectl create serviceaccount nobody
      kubectl create priorityclass top --value=2000000001
      kubectl create priorityclass top --value=1000 --global-default
      kubectl create priorityclass other --value=1 --global-default
      kubectl run normal --image=example.com/app:1
      kubectl get pod normal -o jsonpath='{.spec.priority} {.spec.priorityClassName} {.spec.serviceAccountName} {.spec.tolerations[*].key}'
      kubectl delete priorityclass top
      kubectl get pod system -o jsonpath='{.spec.priority} {.spec.preemptionPolicy}'
      kubectl delete serviceaccount nobody
      kubectl delete serviceaccount default
      """
    Then serviceaccount default eventually present
    And pod normal eventually Ready

  @shared-cluster
  Scenario: A policy that warns and one with parameters
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: team-label}
      spec:
        failurePolicy: Fail
        paramKind: {apiVersion: v1, kind: ConfigMap}
        matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]}
        matchConditions: [{name: not-root-ca, expression: "object.metadata.name != 'kube-root-ca.crt'"}]
        variables: [{name: team, expression: "object.metadata.?labels.?team.orValue('')"}]
        validations:
        - {expression: "variables.team in params.data.teams.split(',')", messageExpression: "'team must be one of ' + params.data.teams + ', got \"' + variables.team + '\"'", reason: Forbidden}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: teams, labels: {team: data}}
      data: {teams: "data,web"}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: team-label}
      spec:
        policyName: team-label
        validationActions: [Deny]
        paramRef: {name: teams, namespace: admission-next-4, parameterNotFoundAction: Deny}
        matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-next-4}}}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: no-latest}
      spec:
        matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
        validations:
        - {expression: "object.spec.containers.all(c, !c.image.endsWith(':latest'))", message: "images must not be latest"}
        - {expression: "object.spec.containers.all(c, has(c.resources) && has(c.resources.requests))"}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: no-latest}
      spec:
        policyName: no-latest
        validationActions: [Warn]
        matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-next-4}}}
      """
    And 3 seconds pass
    And I run "kubectl create configmap bare"
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: good, labels: {team: web}}
      """
    And I run "kubectl label configmap good team=ops --overwrite"
    And I run "kubectl run old --image=example.com/app:latest"
    And I run "kubectl get validatingadmissionpolicy,validatingadmissionpolicybinding"
    And I create:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: broken}
      spec:
        matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
        validations: [{expression: "object.spec."}]
      """

  @shared-cluster
  Scenario: A webhook that cannot be reached
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: guard}
      webhooks:
      - name: guard.example.com
        admissionReviewVersions: [v1]
        sideEffects: None
        timeoutSeconds: 2
        clientConfig: {service: {name: guard, namespace: admission-next-5, path: /validate}}
        rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
        namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-next-5}}
      """
    And 2 seconds pass
    And I run "kubectl create configmap one"
    And I run "kubectl patch validatingwebhookconfiguration guard --type=json -p '[{\"op\":\"replace\",\"path\":\"/webhooks/0/failurePolicy\",\"value\":\"Ignore\"}]'"
    And 2 seconds pass
    And I run "kubectl create configmap two"
    And I run "kubectl get validatingwebhookconfigurations"
    And I create:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingWebhookConfiguration
      metadata: {name: bad}
      webhooks:
      - name: short
        admissionReviewVersions: [v2]
        sideEffects: Unknown
        timeoutSeconds: 60
        clientConfig: {}
        rules: [{apiGroups: [""], apiVersions: [v1], operations: [READ], resources: [pods]}]
      """
