Feature: Policies with parameters, webhooks that nobody answers, levels, ranges and quotas

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Parameters by selector, some of them missing
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: limits.admwave1.example.com}
      spec:
        paramKind: {apiVersion: v1, kind: ConfigMap}
        matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments, deployments/scale]}]}
        matchConditions: [{name: not-exempt, expression: "!has(object.metadata.labels) || !('exempt' in object.metadata.labels)"}]
        variables: [{name: max, expression: "int(params.data.max)"}]
        validations:
          - {expression: "object.spec.replicas <= variables.max", messageExpression: "'at most ' + string(variables.max) + ', not ' + string(object.spec.replicas)", reason: Forbidden}
        auditAnnotations: [{key: seen, valueExpression: "'replicas ' + string(object.spec.replicas)"}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: limits.admwave1.example.com}
      spec:
        policyName: limits.admwave1.example.com
        validationActions: [Deny, Audit]
        paramRef: {selector: {matchLabels: {limits: "yes"}}, parameterNotFoundAction: Deny}
        matchResources: {namespaceSelector: {matchLabels: {strict: "yes"}}}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl create deployment a --image=example.com/admwave1/a:1 --replicas=3
      kubectl create namespace admwave1
      kubectl label namespace admwave1 strict=yes
      """
    And 1 second passes
    And I run:
      """
      kubectl -n admwave1 create deployment a --image=example.com/admwave1/a:1 --replicas=3
      kubectl -n admwave1 create configmap two --from-literal=max=2
      kubectl -n admwave1 label configmap two limits=yes
      """
    And 1 second passes
    And I run:
      """
      kubectl -n admwave1 create deployment a --image=example.com/admwave1/a:1 --replicas=3
      kubectl -n admwave1 create deployment a --image=example.com/admwave1/a:1 --replicas=2
      kubectl -n admwave1 scale deployment a --replicas=3
      kubectl -n admwave1 create configmap four --from-literal=max=4
      kubectl -n admwave1 label configmap four limits=yes
      kubectl -n admwave1 patch deployment a -p '{"spec":{"replicas":5}}'
      kubectl -n admwave1 label deployment a exempt=1
      kubectl -n admwave1 patch deployment a -p '{"spec":{"replicas":3}}'
      kubectl -n admwave1 patch configmap two -p '{"data":{"max":"many"}}'
      """
    And 1 second passes
    And I run:
      """
      kubectl -n admwave1 create deployment b --image=example.com/admwave1/a:1
      kubectl patch validatingadmissionpolicybinding limits.admwave1.example.com --type=merge -p '{"spec":{"validationActions":["Warn"]}}'
      """
    And 1 second passes
    And I run:
      """
      kubectl -n admwave1 create deployment b --image=example.com/admwave1/a:1
      kubectl patch validatingadmissionpolicybinding limits.admwave1.example.com --type=merge -p '{"spec":{"validationActions":["Warn","Deny"]}}'
      kubectl patch validatingadmissionpolicy limits.admwave1.example.com --type=merge -p '{"spec":{"failurePolicy":"Ignore"}}'
      """
    And 1 second passes
    And I run:
      """
      kubectl -n admwave1 create deployment c --image=example.com/admwave1/a:1 --replicas=5
      kubectl get validatingadmissionpolicies,validatingadmissionpolicybindings
      kubectl delete validatingadmissionpolicy,validatingadmissionpolicybinding limits.admwave1.example.com
      kubectl delete namespace admwave1
      """

  @shared-cluster
  Scenario: Webhooks that cannot be reached
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: admwave2}
      webhooks:
        - name: nobody.admwave2.example.com
          clientConfig: {service: {name: nobody, namespace: default, path: /check}}
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
          objectSelector: {matchLabels: {hook: service}}
          sideEffects: None
          admissionReviewVersions: [v1]
        - name: refused.admwave2.example.com
          clientConfig: {url: "https://127.0.0.1:1/validate"}
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, DELETE], resources: [configmaps]}]
          objectSelector: {matchLabels: {hook: url}}
          matchConditions: [{name: named, expression: "request.name != 'free'"}]
          sideEffects: NoneOnDryRun
          timeoutSeconds: 3
          admissionReviewVersions: [v1]
        - name: ignored.admwave2.example.com
          failurePolicy: Ignore
          clientConfig: {url: "https://127.0.0.1:1/ignored"}
          rules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: [secrets]}]
          sideEffects: None
          admissionReviewVersions: [v1]
      """
    And 2 seconds pass
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: a, labels: {hook: service}}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: b, labels: {hook: url}}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: free, labels: {hook: url}}
      """
    And I run:
      """
      kubectl create secret generic s --from-literal=a=b
      kubectl create configmap c
      kubectl label configmap c hook=url
      kubectl delete configmap c
      kubectl delete configmap c --dry-run=server
      kubectl create service clusterip nobody --tcp=443
      """
    And 1 second passes
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: a, labels: {hook: service}}
      """
    And I run:
      """
      kubectl get validatingwebhookconfigurations
      kubectl get validatingwebhookconfiguration admwave2 -o jsonpath='{.webhooks[0]}'
      kubectl patch validatingwebhookconfiguration admwave2 --type=json -p '[{"op":"replace","path":"/webhooks/0/timeoutSeconds","value":31}]'
      kubectl patch validatingwebhookconfiguration admwave2 --type=json -p '[{"op":"replace","path":"/webhooks/0/sideEffects","value":"Some"}]'
      kubectl patch validatingwebhookconfiguration admwave2 --type=json -p '[{"op":"replace","path":"/webhooks/1/clientConfig/url","value":"http://x"}]'
      kubectl patch validatingwebhookconfiguration admwave2 --type=json -p '[{"op":"replace","path":"/webhooks/1/name","value":"short"}]'
      kubectl patch validatingwebhookconfiguration admwave2 --type=json -p '[{"op":"replace","path":"/webhooks/1/admissionReviewVersions","value":["v2"]}]'
      kubectl patch validatingwebhookconfiguration admwave2 --type=json -p '[{"op":"replace","path":"/webhooks/1/rules/0/resources","value":["*","pods"]}]'
      kubectl patch validatingwebhookconfiguration admwave2 --type=json -p '[{"op":"replace","path":"/webhooks/1/matchConditions/0/expression","value":"request.nam"}]'
      kubectl delete validatingwebhookconfiguration admwave2
      """

  @shared-cluster
  Scenario: Levels of pods that are tried on a namespace with pods in it
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: loose}
      spec:
        replicas: 2
        selector: {matchLabels: {app: loose}}
        template:
          metadata: {labels: {app: loose}}
          spec: {hostNetwork: true, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/admwave3/app:1", securityContext: {privileged: true}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: tight}
      spec:
        securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "example.com/admwave3/app:1", securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: middling}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/admwave3/app:1"}]}
      """
    Then deployment loose eventually has 2 ready replicas
    When I run:
      """
      kubectl label --dry-run=server --overwrite ns admission-wave-3 pod-security.kubernetes.io/enforce=baseline
      kubectl label --dry-run=server --overwrite ns admission-wave-3 pod-security.kubernetes.io/enforce=restricted
      kubectl label --overwrite ns admission-wave-3 pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/enforce-version=v1.24 pod-security.kubernetes.io/warn=restricted
      kubectl label --overwrite ns admission-wave-3 pod-security.kubernetes.io/enforce-version=v1.99
      kubectl label --overwrite ns admission-wave-3 pod-security.kubernetes.io/enforce-version=newest
      kubectl label --overwrite ns admission-wave-3 pod-security.kubernetes.io/audit=privilege
      kubectl set env deployment loose A=1
      kubectl annotate pod middling a=b
      kubectl set image pod middling app=example.com/admwave3/app:2
      kubectl run other --image=example.com/admwave3/app:1
      kubectl debug middling --image=example.com/admwave3/tools:1 -c tools
      kubectl create job j --image=example.com/admwave3/app:1
      kubectl delete pod tight
      """
    And 3 seconds pass
    And I run "kubectl get deployment loose -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason} {.message};{end}'"
    And I run "kubectl get events --field-selector reason=FailedCreate -o custom-columns=KIND:.involvedObject.kind,MESSAGE:.message"

  @shared-cluster
  Scenario: Ranges for claims, ratios, and pods that are too small
    When I apply:
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: range}
      spec:
        limits:
          - {type: Container, default: {cpu: 200m, memory: 128Mi}, defaultRequest: {cpu: 100m}, min: {cpu: 50m}, max: {cpu: "1", memory: 1Gi}, maxLimitRequestRatio: {cpu: 4}}
          - {type: Pod, max: {cpu: "2"}, maxLimitRequestRatio: {memory: "2"}}
          - {type: PersistentVolumeClaim, min: {storage: 1Gi}, max: {storage: 2Gi}}
      """
    And I run:
      """
      kubectl describe limitrange range
      kubectl run a --image=example.com/admwave4/a:1
      kubectl get pod a -o jsonpath='{.spec.containers[0].resources} {.metadata.annotations}'
      kubectl run b --image=example.com/admwave4/a:1 --overrides='{"spec":{"containers":[{"name":"b","image":"example.com/admwave4/a:1","resources":{"limits":{"cpu":"500m"},"requests":{"cpu":"20m"}}}]}}'
      kubectl run c --image=example.com/admwave4/a:1 --overrides='{"spec":{"containers":[{"name":"c","image":"example.com/admwave4/a:1","resources":{"limits":{"memory":"600Mi"},"requests":{"memory":"100Mi"}}}]}}'
      kubectl run d --image=example.com/admwave4/a:1 --overrides='{"spec":{"containers":[{"name":"d","image":"example.com/admwave4/a:1","resources":{"limits":{"cpu":"50m"}}}],"initContainers":[{"name":"i","image":"example.com/admwave4/a:1","resources":{"limits":{"cpu":"2"}}}]}}'
      kubectl run e --image=example.com/admwave4/a:1 --overrides='{"spec":{"containers":[{"name":"e","image":"example.com/admwave4/a:1","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"500m"}}},{"name":"f","image":"example.com/admwave4/a:1","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"500m"}}},{"name":"g","image":"example.com/admwave4/a:1"}]}}'
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: small}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 500Mi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: large}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 3Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: right}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1500Mi}}}
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: wrong}
      spec:
        limits:
          - {type: Container, default: {cpu: 200m}, defaultRequest: {cpu: 300m}, min: {cpu: 500m}, max: {cpu: 400m}}
          - {type: Pod, default: {cpu: 1}, maxLimitRequestRatio: {cpu: 500m}}
          - {type: Node, max: {cpu: 1}}
          - {type: PersistentVolumeClaim, default: {storage: 1Gi}}
      """
    And 1 second passes
    And I run "kubectl get pods,pvc,limits"
