Feature: What admission says, plugin by plugin

  Background:
    Given the nodes:
      | name     | cpu | memory | labels                 | zone |
      | worker-1 | 4   | 8Gi    | disk=ssd,generation=3  | a    |
      | worker-2 | 4   | 8Gi    | disk=hdd,generation=5  | a    |
      | worker-3 | 4   | 8Gi    | disk=hdd,rack=r1       | b    |

  @shared-cluster
  Scenario: All the rules of a limit range
    When I apply:
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: rules}
      spec:
        limits:
          - {type: Container, min: {cpu: 100m, memory: 32Mi}, max: {cpu: "1", memory: 512Mi}, default: {cpu: 500m}, defaultRequest: {cpu: 200m, memory: 64Mi}, maxLimitRequestRatio: {cpu: "4"}}
          - {type: Pod, max: {cpu: "2"}, min: {memory: 64Mi}, maxLimitRequestRatio: {memory: "2"}}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: plain}
      spec:
        containers: [{name: app, image: "example.com/app:1"}, {name: other, image: "example.com/app:1", resources: {limits: {memory: 100Mi}}}]
      """
    And I run "kubectl get pod plain -o jsonpath='{.spec.containers[*].resources} {.metadata.annotations}'"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: ratio}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: "1", memory: 512Mi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: small}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 50m, memory: 64Mi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: large}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {limits: {cpu: "2", memory: 1Gi}}}, {name: b, image: "example.com/app:1", resources: {limits: {cpu: "1", memory: 100Mi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: many}
      spec:
        initContainers: [{name: init, image: "example.com/app:1", resources: {limits: {cpu: "3", memory: 100Mi}}}]
        containers: [{name: a, image: "example.com/app:1", resources: {limits: {cpu: "1", memory: 100Mi}}}, {name: b, image: "example.com/app:1", resources: {limits: {cpu: "1", memory: 100Mi}}}, {name: c, image: "example.com/app:1", resources: {limits: {cpu: "1", memory: 100Mi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: half-said}
      spec:
        containers: [{name: a, image: "example.com/app:1", resources: {requests: {cpu: 800m}}}]
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: broken}
      spec:
        limits:
          - {type: Container, min: {cpu: "2"}, max: {cpu: "1"}, default: {cpu: "3"}, defaultRequest: {cpu: "4"}, maxLimitRequestRatio: {memory: "0.5"}}
          - {type: Pod, default: {cpu: "1"}}
          - {type: Container, max: {cpu: "1"}}
          - {type: PersistentVolumeClaim, max: {cpu: "1"}}
      """
    And I run "kubectl describe limitrange rules"
    And I run "kubectl get limitrange rules -o jsonpath='{.spec.limits[*]}'"

  @shared-cluster
  Scenario: Quotas by scope
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: gold}
      value: 100
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: gold-only}
      spec: {hard: {pods: "1", cpu: "1"}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [gold]}]}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: jobs-only}
      spec: {hard: {pods: "1", limits.memory: 100Mi}, scopes: [Terminating]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: best-effort}
      spec: {hard: {pods: "1"}, scopes: [BestEffort, NotTerminating]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: across}
      spec: {hard: {pods: "0"}, scopeSelector: {matchExpressions: [{scopeName: CrossNamespacePodAffinity, operator: Exists}]}}
      """
    Then resourcequota across eventually has field .status.used.pods "0"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: gold-1}
      spec:
        priorityClassName: gold
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 300m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: gold-2}
      spec:
        priorityClassName: gold
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 800m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: gold-3}
      spec:
        priorityClassName: gold
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: brief}
      spec:
        activeDeadlineSeconds: 600
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: brief-large}
      spec:
        activeDeadlineSeconds: 600
        containers: [{name: app, image: "example.com/app:1", resources: {limits: {memory: 200Mi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: effortless}
      spec:
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: effortless-2}
      spec:
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: crossing}
      spec:
        affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {a: b}}, namespaces: [kube-system]}}]}}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 100m}}}]
      """
    And 2 seconds pass
    And I run "kubectl describe quota"
    And I run "kubectl get quota"
    And I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: wrong-1}
      spec: {hard: {services: "1", pods: "-1"}, scopes: [BestEffort, NotBestEffort]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: wrong-2}
      spec: {hard: {requests.cpu: "1"}, scopes: [BestEffort]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: wrong-3}
      spec: {hard: {pods: 1500m, unknown: "1"}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In}, {scopeName: Terminating, operator: In, values: [x]}, {scopeName: Nonsense, operator: Exists}]}}
      """
    And I run "kubectl patch quota best-effort -p '{\"spec\":{\"scopes\":[\"BestEffort\"]}}'"
    And I run "kubectl delete pod effortless --force"
    Then resourcequota best-effort eventually has field .status.used.pods "0"

  @shared-cluster
  Scenario: Quotas that count objects, disks and devices
    When I apply:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: counts}
      spec: {hard: {count/deployments.apps: "1", count/configmaps: "2", secrets: "1", services: "3", services.nodeports: "1", services.loadbalancers: "0", count/jobs.batch: "0", count/widgets.example.com: "1"}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: things}
      spec: {hard: {requests.ephemeral-storage: 1Gi, limits.ephemeral-storage: 2Gi, requests.example.com/gpu: "2", persistentvolumeclaims: "2", requests.storage: 5Gi, gold.storageclass.storage.k8s.io/requests.storage: 2Gi, gold.storageclass.storage.k8s.io/persistentvolumeclaims: "1"}}
      """
    Then resourcequota counts eventually has field .status.used.secrets "0"
    And resourcequota things eventually has field .status.used.persistentvolumeclaims "0"
    When I run:
      """
      kubectl create configmap one
      kubectl create configmap two
      kubectl create secret generic s1
      kubectl create secret generic s2
      kubectl create deployment d1 --image=example.com/app:1 --replicas=1
      kubectl create deployment d2 --image=example.com/app:1
      kubectl create service nodeport n1 --tcp=80
      kubectl create service nodeport n2 --tcp=80
      kubectl create service loadbalancer l1 --tcp=80
      kubectl create service clusterip c1 --tcp=80
      kubectl create service clusterip c2 --tcp=80
      kubectl create service clusterip c3 --tcp=80
      kubectl create job j1 --image=example.com/app:1
      kubectl patch service c1 -p '{"spec":{"type":"NodePort"}}'
      kubectl patch service c1 -p '{"spec":{"type":"LoadBalancer"}}'
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: disk}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {ephemeral-storage: 600Mi}, limits: {ephemeral-storage: 1Gi, example.com/gpu: "3"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: disk-2}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {ephemeral-storage: 2Gi}, limits: {ephemeral-storage: 3Gi}}}]
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: gold-1}
      spec: {accessModes: [ReadWriteOnce], storageClassName: gold, resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: gold-2}
      spec: {accessModes: [ReadWriteOnce], storageClassName: gold, resources: {requests: {storage: 2Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: silver}
      spec: {accessModes: [ReadWriteOnce], storageClassName: silver, resources: {requests: {storage: 5Gi}}}
      """
    And 6 seconds pass
    And I run "kubectl get quota"
    And I run "kubectl describe deployment d1"
    And I run "kubectl get quota counts things -o jsonpath='{.items[*].status.used}'"

  @shared-cluster
  Scenario: The baseline, rule by rule
    When I run "kubectl label namespace admission-last-4 pod-security.kubernetes.io/enforce=baseline pod-security.kubernetes.io/warn=restricted pod-security.kubernetes.io/audit=restricted"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: host}
      spec:
        hostNetwork: true
        hostPID: true
        hostIPC: true
        volumes: [{name: h, hostPath: {path: /}}, {name: c, configMap: {name: c}}, {name: h2, hostPath: {path: /etc}}]
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 80}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: powers}
      spec:
        containers:
          - {name: app, image: "example.com/app:1", securityContext: {privileged: true, capabilities: {add: [NET_ADMIN, CHOWN, SYS_TIME]}, procMount: Unmasked}}
          - {name: b, image: "example.com/app:1", securityContext: {privileged: true, seLinuxOptions: {type: spc_t, user: me}, seccompProfile: {type: Unconfined}, appArmorProfile: {type: Unconfined}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: sysctls}
      spec:
        securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}, {name: net.ipv4.tcp_syncookies, value: "1"}], windowsOptions: {hostProcess: true}, seccompProfile: {type: Unconfined}}
        hostNetwork: true
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: probes}
      spec:
        containers: [{name: app, image: "example.com/app:1", livenessProbe: {httpGet: {port: 80, host: 10.0.0.1}}, readinessProbe: {tcpSocket: {port: 80, host: example.com}}, lifecycle: {postStart: {httpGet: {port: 80, host: 127.0.0.1}}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: plain}
      spec:
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: good}
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
        containers: [{name: app, image: "example.com/app:1", securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            hostNetwork: true
            containers: [{name: app, image: "example.com/app:1"}]
      """
    And 3 seconds pass
    And I run "kubectl get events --field-selector reason=FailedCreate -o custom-columns=MESSAGE:.message"
    And I run "kubectl run --image=example.com/app:1 runner"
    And I run "kubectl create job j --image=example.com/app:1"

  @shared-cluster
  Scenario: The restricted level, namespaces that change their level, and labels that are wrong
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: before}
      spec:
        hostPID: true
        containers: [{name: app, image: "example.com/app:1", securityContext: {privileged: true}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: before-too}
      spec:
        containers: [{name: app, image: "example.com/app:1"}]
      """
    And I run:
      """
      kubectl label namespace admission-last-5 pod-security.kubernetes.io/enforce=everything
      kubectl label namespace admission-last-5 pod-security.kubernetes.io/enforce-version=1.20
      kubectl label namespace admission-last-5 pod-security.kubernetes.io/enforce=restricted --dry-run=server
      kubectl label namespace admission-last-5 pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/enforce-version=v1.24
      kubectl label namespace admission-last-5 pod-security.kubernetes.io/enforce-version=v1.99 --overwrite
      kubectl label namespace admission-last-5 pod-security.kubernetes.io/enforce-version=latest --overwrite
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: most}
      spec:
        volumes: [{name: shared, nfs: {server: a, path: /}}, {name: h, hostPath: {path: /}}, {name: e, emptyDir: {}}]
        initContainers: [{name: init, image: "example.com/app:1", securityContext: {runAsUser: 0, runAsNonRoot: false}}]
        containers: [{name: app, image: "example.com/app:1", securityContext: {allowPrivilegeEscalation: true, capabilities: {drop: [NET_RAW], add: [CHOWN]}, seccompProfile: {type: Unconfined}}}, {name: b, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: root}
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 0, seccompProfile: {type: RuntimeDefault}}
        containers: [{name: app, image: "example.com/app:1", securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
      """
    And I run:
      """
      kubectl label pod before a=b
      kubectl annotate pod before a=b
      kubectl set image pod/before app=example.com/app:2
      kubectl label namespace admission-last-5 pod-security.kubernetes.io/enforce- pod-security.kubernetes.io/warn=baseline
      kubectl create deployment d --image=example.com/app:1
      kubectl set image deployment/d app=example.com/app:2
      kubectl get namespace admission-last-5 -o jsonpath='{.metadata.labels}'
      """

  @shared-cluster
  Scenario: A policy with everything in it
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: limits, labels: {purpose: limits}}
      data: {max: "3", owner: ana}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: replicas.example.com}
      spec:
        failurePolicy: Fail
        paramKind: {apiVersion: v1, kind: ConfigMap}
        matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments, "deployments/scale"]}]}
        matchConditions: [{name: not-exempt, expression: "!has(object.metadata.labels) || !('exempt' in object.metadata.labels)"}]
        variables:
          - {name: max, expression: "int(params.data.max)"}
          - {name: wanted, expression: "object.spec.?replicas.orValue(1)"}
        validations:
          - {expression: "variables.wanted <= variables.max", messageExpression: "'at most ' + string(variables.max) + ' replicas, not ' + string(variables.wanted)", reason: Forbidden}
          - {expression: "object.metadata.name != 'bad'", message: "a bad name"}
          - {expression: "object.metadata.name.size() < 10"}
          - {expression: "object.metadata.name != 'odd'", messageExpression: "string(1 / 0)", message: "an odd name", reason: RequestEntityTooLarge}
        auditAnnotations: [{key: wanted, valueExpression: "'wants ' + string(variables.wanted)"}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: replicas.example.com}
      spec:
        policyName: replicas.example.com
        validationActions: [Deny, Audit]
        paramRef: {selector: {matchLabels: {purpose: limits}}, namespace: admission-last-6, parameterNotFoundAction: Deny}
        matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-last-6}}}
      """
    And 3 seconds pass
    And I run:
      """
      kubectl create deployment fine --image=example.com/app:1 --replicas=3
      kubectl create deployment many --image=example.com/app:1 --replicas=4
      kubectl create deployment bad --image=example.com/app:1 --replicas=4
      kubectl create deployment odd --image=example.com/app:1
      kubectl create deployment quite-a-long-name --image=example.com/app:1
      kubectl scale deployment fine --replicas=9
      kubectl patch deployment fine -p '{"spec":{"replicas":9}}'
      kubectl patch deployment fine -p '{"metadata":{"labels":{"exempt":"yes"}},"spec":{"replicas":9}}'
      kubectl get deployment fine -o jsonpath='{.spec.replicas}'
      kubectl label configmap limits purpose-
      """
    And 2 seconds pass
    And I run:
      """
      kubectl create deployment none --image=example.com/app:1
      kubectl patch validatingadmissionpolicybinding replicas.example.com -p '{"spec":{"paramRef":{"parameterNotFoundAction":"Allow"}}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl create deployment none --image=example.com/app:1
      kubectl create configmap limits-2 --from-literal=max=many
      kubectl label configmap limits-2 purpose=limits
      """
    And 2 seconds pass
    And I run:
      """
      kubectl create deployment broken --image=example.com/app:1
      kubectl patch validatingadmissionpolicy replicas.example.com -p '{"spec":{"failurePolicy":"Ignore"}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl create deployment broken --image=example.com/app:1
      kubectl get validatingadmissionpolicy,validatingadmissionpolicybinding
      kubectl get validatingadmissionpolicy replicas.example.com -o jsonpath='{.status}'
      kubectl delete validatingadmissionpolicy,validatingadmissionpolicybinding replicas.example.com
      """

  @shared-cluster
  Scenario: Policies that cannot be right
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: wrong.example.com}
      spec:
        failurePolicy: Maybe
        matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
        matchConditions: [{name: "not ok", expression: "object.spec"}, {name: a, expression: ""}]
        variables: [{name: "1x", expression: "1"}, {name: y, expression: "variables.z"}]
        validations:
          - {expression: "object.metadata.name =="}
          - {expression: "1 + 1"}
          - {expression: "undefined.x == 1", message: "line\nbreak"}
          - {expression: "true", messageExpression: "1", reason: Because}
        auditAnnotations: [{key: "a b", valueExpression: "1"}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: typed.example.com}
      spec:
        matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}
        validations: [{expression: "object.spec.replica > 1"}, {expression: "object.spec.template.spec.containers.all(c, c.image.startsWith(1))"}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: empty.example.com}
      spec:
        matchConstraints: {resourceRules: []}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: wrong-binding}
      spec: {policyName: "", validationActions: [Deny, Warn, Deny]}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: wrong-params}
      spec: {policyName: typed.example.com, validationActions: [Shout], paramRef: {name: a, selector: {}}}
      ---
      apiVersion: admissionregistration.k8s.io/v1beta1
      kind: MutatingAdmissionPolicy
      metadata: {name: mutate.example.com}
      spec: {matchConstraints: {resourceRules: []}}
      """
    And 2 seconds pass
    And I run "kubectl get validatingadmissionpolicy typed.example.com -o jsonpath='{.status.typeChecking}'"
    And I run "kubectl api-resources --api-group=admissionregistration.k8s.io"

  @shared-cluster
  Scenario: Requests that policies see
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: seen.example.com}
      spec:
        matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [configmaps], resourceNames: [watched]}], excludeResourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CONNECT], resources: [configmaps]}]}
        validations:
          - {expression: "request.operation != 'DELETE' || oldObject.data.?keep.orValue('no') != 'yes'", messageExpression: "request.userInfo.username + ' may not delete ' + oldObject.metadata.name"}
          - {expression: "request.operation != 'UPDATE' || oldObject.data == object.data || authorizer.group('').resource('configmaps').namespace(request.namespace).check('approve').allowed()", message: "needs approval"}
          - {expression: "!request.dryRun", message: "no dry runs"}
          - {expression: "namespaceObject.metadata.name == request.namespace"}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: seen.example.com}
      spec: {policyName: seen.example.com, validationActions: [Deny]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: editor}
      rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, create, update, patch, delete]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: editor}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: editor}
      subjects: [{kind: User, name: ana, apiGroup: rbac.authorization.k8s.io}]
      """
    And 3 seconds pass
    And I run:
      """
      kubectl create configmap unwatched --from-literal=keep=yes
      kubectl delete configmap unwatched
      kubectl create configmap watched --from-literal=keep=yes --dry-run=server
      kubectl create configmap watched --from-literal=keep=yes
      kubectl patch configmap watched -p '{"data":{"more":"1"}}'
      """
    And as user "ana" I run "kubectl patch configmap watched -p '{\"data\":{\"more\":\"2\"}}'"
    And as user "ana" I run "kubectl label configmap watched a=b"
    And as user "ana" I run "kubectl delete configmap watched"
    And I run:
      """
      kubectl delete configmap watched
      kubectl patch configmap watched -p '{"data":{"keep":"no"}}'
      kubectl delete configmap watched
      kubectl delete validatingadmissionpolicybinding seen.example.com
      """

  @shared-cluster
  Scenario: What nodes may not do
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: mine}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 0
        volumes: [{name: s, secret: {secretName: used}}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    And I run "kubectl create secret generic used --from-literal=a=b"
    And I run "kubectl create secret generic unused --from-literal=a=b"
    Then pod mine eventually Running
    When as user "system:node:worker-1" in groups "system:nodes, system:authenticated" I run:
      """
      kubectl get secret used -o name
      kubectl get secret unused -o name
      kubectl label node worker-1 mine=yes
      kubectl label node worker-1 node-role.kubernetes.io/control-plane=
      kubectl label node worker-1 node-restriction.kubernetes.io/team=a
      kubectl label node worker-1 topology.kubernetes.io/zone=c --overwrite
      kubectl label node worker-1 kubernetes.io/something=c
      kubectl label node worker-1 kubelet.kubernetes.io/x=c
      kubectl label node worker-2 mine=yes
      kubectl taint node worker-1 a=b:NoSchedule
      kubectl delete node worker-1
      kubectl cordon worker-2
      kubectl get pods
      kubectl delete pod mine --wait=false
      kubectl run free --image=example.com/app:1
      kubectl create configmap x
      kubectl get configmaps
      kubectl auth can-i list pods
      kubectl auth can-i get secrets
      """
    And as user "system:node:worker-2" in groups "system:nodes" I run:
      """
      kubectl get pod mine
      kubectl delete pod mine
      kubectl get secret used
      kubectl get node worker-1 -o name
      """

  @shared-cluster
  Scenario: Accounts, default classes and what is added to pods
    When I apply:
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: robot, annotations: {kubernetes.io/enforce-mountable-secrets: "true"}}
      automountServiceAccountToken: false
      imagePullSecrets: [{name: registry}]
      secrets: [{name: allowed}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: quiet}
      spec:
        serviceAccountName: robot
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: loud}
      spec:
        serviceAccountName: robot
        automountServiceAccountToken: true
        imagePullSecrets: [{name: own}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: forbidden-secret}
      spec:
        serviceAccountName: robot
        volumes: [{name: s, secret: {secretName: other}}]
        containers: [{name: app, image: "example.com/app:1", env: [{name: A, valueFrom: {secretKeyRef: {name: another, key: a}}}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: mounted}
      spec:
        volumes: [{name: t, emptyDir: {}}]
        tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: t, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: one, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
      spec: {controller: example.com/one}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: by-default}
      spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: two, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
      spec: {controller: example.com/two}
      """
    And 1 second passes
    And I apply:
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: of-two}
      spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: annotated, annotations: {kubernetes.io/ingress.class: old}}
      spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
      """
    And I run:
      """
      kubectl get pods -o custom-columns=NAME:.metadata.name,PULL:.spec.imagePullSecrets[*].name,VOLUMES:.spec.volumes[*].name,TOLERATIONS:.spec.tolerations[*].tolerationSeconds
      kubectl get ingress
      kubectl get pod loud -o jsonpath='{.spec.volumes[0].projected.defaultMode} {.spec.containers[0].volumeMounts}'
      """

  @shared-cluster
  Scenario: Webhooks that choose what they want to see
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: strict.example.com}
      webhooks:
        - name: one.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 1
          failurePolicy: Fail
          clientConfig: {service: {name: none, namespace: admission-last-11, path: /check}}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-last-11}}
          objectSelector: {matchLabels: {checked: "yes"}}
          matchConditions: [{name: not-small, expression: "object.data.size() > 1"}]
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
        - name: two.example.com
          admissionReviewVersions: [v1]
          sideEffects: Some
          failurePolicy: Ignore
          clientConfig: {url: "https://127.0.0.1:9/x"}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-last-11}}
          rules: [{apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: [secrets], scope: Cluster}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: lenient.example.com}
      webhooks:
        - name: two.example.com
          admissionReviewVersions: [v1]
          sideEffects: NoneOnDryRun
          failurePolicy: Ignore
          clientConfig: {url: "https://127.0.0.1:9/x"}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-last-11}}
          rules: [{apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: [secrets]}]
        - name: one.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 1
          failurePolicy: Fail
          clientConfig: {service: {name: none, namespace: admission-last-11, path: /check}}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: admission-last-11}}
          objectSelector: {matchLabels: {checked: "yes"}}
          matchConditions: [{name: not-small, expression: "object.data.size() > 1"}]
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
      """
    And 2 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: unchecked}
      data: {a: "1", b: "2"}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: small, labels: {checked: "yes"}}
      data: {a: "1"}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: checked, labels: {checked: "yes"}}
      data: {a: "1", b: "2"}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: no-data, labels: {checked: "yes"}}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: passes}
      """
    And I run:
      """
      kubectl label configmap unchecked checked=yes
      kubectl get validatingwebhookconfigurations
      kubectl patch validatingwebhookconfiguration lenient.example.com -p '{"webhooks":[{"name":"one.example.com","failurePolicy":"Ignore"}]}'
      """
    And 2 seconds pass
    And I run "kubectl create configmap later --from-literal=a=1 --from-literal=b=2"
    And I run "kubectl delete validatingwebhookconfiguration lenient.example.com"
