Feature: Kinds that are seldom written, and what is said of mistakes in them

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Ingresses and their classes
    When I apply:
      """
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: kindtide1, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
      spec: {controller: example.com/ingress, parameters: {apiGroup: example.com, kind: Params, name: p, scope: Namespace, namespace: default}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        tls: [{hosts: [a.example.com], secretName: tls}]
        defaultBackend: {service: {name: fallback, port: {number: 80}}}
        rules:
          - host: a.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}, {path: /api, pathType: Exact, backend: {service: {name: api, port: {number: 8080}}}}]}
          - http: {paths: [{pathType: ImplementationSpecific, backend: {resource: {apiGroup: example.com, kind: Bucket, name: files}}}]}
      """
    And I run:
      """
      kubectl get ingress,ingressclass
      kubectl describe ingress web
      kubectl get ingress web -o jsonpath='{.spec.ingressClassName}'
      kubectl create ingress simple --rule=b.example.com/x*=svc:80,tls=cert --class=other --annotation=a=b
      kubectl create ingress simple2 --rule=foo
      kubectl create ingress simple3 --default-backend=svc:http
      kubectl get ingress simple -o jsonpath='{.spec}'
      kubectl get ingress
      kubectl patch ingress web --type=json -p '[{"op":"replace","path":"/spec/rules/0/host","value":"*.*.example.com"}]'
      kubectl patch ingress web --type=json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/path","value":"no-slash"}]'
      kubectl patch ingress web --type=json -p '[{"op":"remove","path":"/spec/rules/0/http/paths/0/pathType"}]'
      kubectl patch ingress web --type=json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend","value":{}}]'
      kubectl patch ingress web --type=json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend","value":{"service":{"name":"a","port":{"name":"x","number":1}}}}]'
      kubectl patch ingress web --type=merge -p '{"spec":{"ingressClassName":"none","rules":null,"defaultBackend":null}}'
      kubectl patch ingress web --type=merge -p '{"spec":{"ingressClassName":"Bad_Class"}}'
      kubectl patch ingressclass kindtide1 --type=merge -p '{"spec":{"controller":"nodomain"}}'
      kubectl patch ingressclass kindtide1 --type=merge -p '{"spec":{"controller":"example.com/other"}}'
      kubectl describe ingressclass kindtide1
      kubectl delete ingressclass kindtide1
      """

  @shared-cluster
  Scenario: Network policies
    When I apply:
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: mixed}
      spec:
        podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: NotIn, values: [db]}]}
        policyTypes: [Ingress, Egress]
        ingress:
          - from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {x: y}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
            ports: [{port: 80}, {port: web, protocol: TCP}, {port: 1000, endPort: 2000, protocol: UDP}]
        egress: [{}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny}
      spec: {podSelector: {}}
      """
    And I create:
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: wrong}
      spec:
        podSelector: {matchExpressions: [{key: a, operator: In}]}
        policyTypes: [Ingress, Sideways]
        ingress:
          - from: [{}, {ipBlock: {cidr: 10.0.0.1/8, except: [11.0.0.0/8]}, podSelector: {}}]
            ports: [{port: 0}, {port: Bad_Name}, {endPort: 5}, {port: 10, endPort: 5}, {port: 80, protocol: ICMP}]
        egress: [{to: [{ipBlock: {cidr: x}}]}]
      """
    And I run:
      """
      kubectl get networkpolicies
      kubectl describe networkpolicies
      kubectl get netpol deny -o jsonpath='{.spec}'
      kubectl patch netpol deny --type=merge -p '{"spec":{"egress":[{"to":[{"namespaceSelector":{}}]}]}}'
      kubectl get netpol deny -o jsonpath='{.spec.policyTypes}'
      """

  @shared-cluster
  Scenario: Leases, runtime classes, classes of volumes and flow schemas
    When I apply:
      """
      apiVersion: coordination.k8s.io/v1
      kind: Lease
      metadata: {name: mine}
      spec: {holderIdentity: me, leaseDurationSeconds: 15, leaseTransitions: 2, acquireTime: "2026-01-01T00:00:00.000000Z"}
      ---
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: kindtide3}
      handler: gvisor
      overhead: {podFixed: {cpu: 100m}}
      scheduling: {nodeSelector: {sandbox: "yes"}, tolerations: [{key: sandbox, operator: Exists}]}
      ---
      apiVersion: flowcontrol.apiserver.k8s.io/v1
      kind: FlowSchema
      metadata: {name: kindtide3}
      spec:
        matchingPrecedence: 500
        priorityLevelConfiguration: {name: kindtide3}
        distinguisherMethod: {type: ByUser}
        rules: [{subjects: [{kind: Group, group: {name: dev}}], resourceRules: [{verbs: ["*"], apiGroups: ["*"], resources: [pods], namespaces: ["*"]}]}]
      ---
      apiVersion: flowcontrol.apiserver.k8s.io/v1
      kind: PriorityLevelConfiguration
      metadata: {name: kindtide3}
      spec: {type: Limited, limited: {nominalConcurrencyShares: 5, limitResponse: {type: Queue, queuing: {queues: 8, handSize: 2, queueLengthLimit: 10}}}}
      """
    And 1 second passes
    And I run:
      """
      kubectl get lease mine
      kubectl get runtimeclass,flowschema kindtide3
      kubectl get runtimeclass kindtide3
      kubectl get flowschema kindtide3
      kubectl get prioritylevelconfiguration kindtide3
      kubectl describe lease mine
      kubectl describe flowschema kindtide3
      kubectl patch lease mine --type=merge -p '{"spec":{"leaseDurationSeconds":0,"leaseTransitions":-1,"holderIdentity":""}}'
      kubectl patch runtimeclass kindtide3 --type=merge -p '{"handler":"other"}'
      kubectl patch runtimeclass kindtide3 --type=merge -p '{"overhead":{"podFixed":{"cpu":"-1"}}}'
      kubectl run sandboxed --image=example.com/kindtide3/a:1 --overrides='{"spec":{"runtimeClassName":"kindtide3","overhead":{"cpu":"1"}}}'
      kubectl run sandboxed --image=example.com/kindtide3/a:1 --overrides='{"spec":{"runtimeClassName":"kindtide3","nodeSelector":{"sandbox":"no"}}}'
      kubectl run sandboxed --image=example.com/kindtide3/a:1 --overrides='{"spec":{"runtimeClassName":"kindtide3"}}'
      kubectl get pod sandboxed -o jsonpath='{.spec.overhead} {.spec.nodeSelector} {.spec.tolerations[0]}'
      kubectl patch flowschema kindtide3 --type=merge -p '{"spec":{"matchingPrecedence":10001}}'
      kubectl patch flowschema kindtide3 --type=merge -p '{"spec":{"distinguisherMethod":{"type":"ByMood"}}}'
      kubectl patch prioritylevelconfiguration kindtide3 --type=merge -p '{"spec":{"limited":{"limitResponse":{"queuing":{"handSize":9}}}}}'
      kubectl patch prioritylevelconfiguration kindtide3 --type=merge -p '{"spec":{"type":"Exempt"}}'
      kubectl delete flowschema kindtide3
      kubectl delete prioritylevelconfiguration kindtide3
      kubectl delete runtimeclass kindtide3
      """

  @shared-cluster
  Scenario: Pods of ReplicationControllers, templates and bindings by hand
    When I apply:
      """
      apiVersion: v1
      kind: PodTemplate
      metadata: {name: mould}
      template: {metadata: {labels: {app: mould}}, spec: {containers: [{name: app, image: "example.com/kindtide4/a:1"}]}}
      ---
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: old}
      spec:
        minReadySeconds: 1
        template: {metadata: {labels: {app: old}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/kindtide4/a:1", ports: [{containerPort: 80}]}]}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: byhand}
      spec: {schedulerName: nobody, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/kindtide4/a:1"}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Binding
      metadata: {name: byhand}
      target: {apiVersion: v1, kind: Node, name: worker-1}
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get rc,podtemplates
      kubectl describe rc old
      kubectl get pod byhand -o jsonpath='{.spec.nodeName} {.status.phase}'
      kubectl expose rc old --name=front --port=80
      kubectl get service front -o jsonpath='{.spec.selector}'
      kubectl scale rc old --replicas=2 --current-replicas=3
      kubectl scale rc old --replicas=2 --current-replicas=1
      kubectl autoscale rc old --max=3
      kubectl rollout status rc old
      kubectl patch rc old -p '{"spec":{"selector":{"app":"new"}}}'
      kubectl patch rc old -p '{"spec":{"replicas":-1}}'
      kubectl set image rc old app=example.com/kindtide4/a:2
      kubectl delete pod -l app=old --wait=false
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get pods -l app=old -o jsonpath='{.items[*].spec.containers[0].image}'
      kubectl delete rc old --cascade=orphan
      kubectl get pods -l app=old -o jsonpath='{.items[*].metadata.ownerReferences}'
      """
    And I create:
      """
      apiVersion: v1
      kind: Binding
      metadata: {name: byhand}
      target: {apiVersion: v1, kind: Node, name: worker-1}
      """
    And I create:
      """
      apiVersion: v1
      kind: Binding
      metadata: {name: nobody}
      target: {apiVersion: v1, kind: Node, name: worker-1}
      """

  @shared-cluster
  Scenario: Mistakes in pods that the scheduler and the kubelet would never see
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: Wrong.Name_, generateName: x, labels: {"-a": "b c"}, annotations: {"a/b/c": x}}
      spec:
        restartPolicy: Sometimes
        dnsPolicy: Maybe
        terminationGracePeriodSeconds: -1
        activeDeadlineSeconds: 0
        nodeName: Bad_Node
        hostNetwork: true
        hostPID: true
        shareProcessNamespace: true
        serviceAccountName: Bad_SA
        enableServiceLinks: true
        preemptionPolicy: Often
        tolerations: [{operator: Exists, value: x}, {key: a, operator: Near}, {key: b, tolerationSeconds: 5, effect: NoSchedule}, {operator: Equal, value: x}]
        affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0, preference: {matchExpressions: [{key: a, operator: Gt, values: [x, y]}]}}], requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}
        dnsConfig: {nameservers: [1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4, x], searches: [A_b], options: [{value: x}]}
        readinessGates: [{conditionType: bad type}]
        containers:
          - {name: a, image: " x", imagePullPolicy: Mostly, ports: [{containerPort: 80, hostPort: 81}, {containerPort: 0}, {name: toolongnameforaport, containerPort: 1, protocol: X}, {name: UP, containerPort: 2}]}
          - {name: a, image: "", resources: {requests: {cpu: 2, memory: 1Gi}, limits: {cpu: 1, memory: -1}}, terminationMessagePolicy: Neat, terminationMessagePath: ""}
          - {name: C_, image: x, securityContext: {runAsUser: -1, privileged: true, allowPrivilegeEscalation: false, capabilities: {add: [X]}, procMount: Odd, seccompProfile: {type: Localhost}, appArmorProfile: {type: Custom}}, workingDir: /x, stdinOnce: true}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        securityContext: {fsGroup: -1, supplementalGroups: [-2], sysctls: [{name: "bad name", value: x}, {name: kernel.shm_rmid_forced, value: "1"}, {name: kernel.shm_rmid_forced, value: "1"}], fsGroupChangePolicy: Rarely, runAsUser: -5, seccompProfile: {type: Unknown, localhostProfile: x}, windowsOptions: {hostProcess: true}}
        os: {name: plan9}
        schedulingGates: [{name: "bad gate"}, {name: a}, {name: a}]
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: "", whenUnsatisfiable: Maybe}, {maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, matchLabelKeys: [a]}, {maxSkew: 1, topologyKey: b, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {x: y}}, matchLabelKeys: [x]}]
        priority: 5
        overhead: {cpu: 1}
        imagePullSecrets: [{name: ""}]
        initContainers: [{name: i, image: x, livenessProbe: {exec: {command: [a]}}, lifecycle: {preStop: {exec: {command: [a]}}}}, {name: j, image: x, restartPolicy: Never}]
        containers: [{name: i, image: x}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        resources: {requests: {cpu: 1, example.com/gpu: 1}, limits: {cpu: 500m}}
        resourceClaims: [{name: a}, {name: b, resourceClaimName: x, resourceClaimTemplateName: y}, {name: b, resourceClaimName: x}]
        hostUsers: false
        hostIPC: true
        containers: [{name: a, image: x, resources: {claims: [{name: z}, {name: a}, {name: a}], requests: {cpu: 2}}, resizePolicy: [{resourceName: disk, restartPolicy: Never}, {resourceName: cpu, restartPolicy: NotRequired}, {resourceName: cpu, restartPolicy: NotRequired}]}]
      """
