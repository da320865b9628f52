Feature: Mistakes in objects of all kinds

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Mistakes in workloads
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: Bad, labels: {"a b": c, ok: "x y"}, annotations: {"/x": y1}}
      spec:
        restartPolicy: Sometimes
        dnsPolicy: Mine
        terminationGracePeriodSeconds: -1
        activeDeadlineSeconds: 0
        hostAliases: [{ip: x}]
        nodeSelector: {"a b": c}
        tolerations: [{key: a, operator: Exists, value: b}, {effect: NoSchedule, tolerationSeconds: 3, key: z}]
        volumes: [{name: a, emptyDir: {}, configMap: {name: x}}, {name: a, emptyDir: {}}, {name: B_, hostPath: {path: ../x}}]
        containers:
        - {name: a, image: "", ports: [{containerPort: 0}, {containerPort: 70000, name: toolongaportname}, {containerPort: 80, protocol: XX}]}
        - {name: a, image: x, imagePullPolicy: Maybe, env: [{name: "", value: a}, {name: B, value: x, valueFrom: {fieldRef: {fieldPath: spec.foo}}}], resources: {limits: {cpu: -1, memory: 1m}, requests: {cpu: 2, bananas: 3}}}
        - {name: c_, image: x, livenessProbe: {periodSeconds: -1, successThreshold: 2, httpGet: {port: 0, scheme: ftp}, exec: {command: [a]}}, readinessProbe: {}, lifecycle: {preStop: {}}, volumeMounts: [{name: none, mountPath: /a}, {name: a, mountPath: /a}, {name: a, mountPath: "/a:b", subPath: ../x}], securityContext: {runAsUser: -5, privileged: true, allowPrivilegeEscalation: false}}
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: bad.}
      spec:
        replicas: -1
        minReadySeconds: -1
        progressDeadlineSeconds: 0
        revisionHistoryLimit: -1
        strategy: {type: Slow, rollingUpdate: {maxSurge: 10x, maxUnavailable: 120%}}
        selector: {matchExpressions: [{key: a, operator: In}, {key: b, operator: Exists, values: [x]}, {key: c, operator: Maybe}]}
        template: {metadata: {labels: {z: q}}, spec: {restartPolicy: Never, containers: []}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: bad}
      spec:
        replicas: -2
        podManagementPolicy: Odd
        updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: -1, maxUnavailable: 0}}
        persistentVolumeClaimRetentionPolicy: {whenDeleted: Maybe}
        ordinals: {start: -1}
        selector: {}
        template: {metadata: {labels: {z: q}}, spec: {containers: [{name: a, image: b}]}}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: bad}
      spec:
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}
        selector: {matchLabels: {a: b}}
        template: {metadata: {labels: {a: b}}, spec: {restartPolicy: OnFailure, containers: [{name: a, image: b}]}}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: bad}
      spec:
        parallelism: -1
        completions: -1
        backoffLimit: -1
        activeDeadlineSeconds: -1
        ttlSecondsAfterFinished: -1
        completionMode: Odd
        backoffLimitPerIndex: 1
        maxFailedIndexes: 5
        podReplacementPolicy: Sometimes
        podFailurePolicy: {rules: [{action: Explode, onExitCodes: {operator: In, values: [0]}}, {action: Ignore}]}
        successPolicy: {rules: [{succeededIndexes: "1-x"}]}
        template: {spec: {containers: [{name: a, image: b}]}}
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: a-name-that-is-much-too-long-for-a-cron-job-because-of-suffix}
      spec:
        schedule: "* * * *"
        concurrencyPolicy: Odd
        startingDeadlineSeconds: -1
        successfulJobsHistoryLimit: -1
        timeZone: ""
        jobTemplate: {spec: {template: {spec: {restartPolicy: Always, containers: [{name: a, image: b}]}}}}
      """
    And I run "kubectl get all"

  @shared-cluster
  Scenario: Mistakes in everything else
    When I create:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: 1bad}
      spec: {type: Odd, clusterIP: x, sessionAffinity: Maybe, externalTrafficPolicy: Local, ports: [{port: 0}, {port: 80, name: a}, {port: 80, name: a, nodePort: 5}, {port: 70000, targetPort: "a_b", protocol: Q}], selector: {"a b": c}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: ext}
      spec: {type: ExternalName, externalName: "a_b", ports: [{port: 80}], clusterIP: None}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: bad}
      spec: {ingressClassName: "A B", tls: [{hosts: ["*.*.x"]}], rules: [{host: "1.2.3.4", http: {paths: [{path: x, pathType: Prefix, backend: {service: {name: a}}}, {path: /a//b, pathType: Exact, backend: {}}, {path: /, backend: {service: {name: a, port: {number: 1, name: b}}}}]}}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: bad}
      spec: {policyTypes: [Ingress, Odd], ingress: [{ports: [{port: 80, endPort: 70}, {protocol: X}, {port: abc_, endPort: 5}], from: [{ipBlock: {cidr: 10.0.0.0/33, except: [11.0.0.0/8]}, podSelector: {}}, {}]}]}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: bad}
      spec: {minAvailable: -1, maxUnavailable: 200%, unhealthyPodEvictionPolicy: Odd, selector: {matchLabels: {"a b": c}}}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: bad}
      spec: {minReplicas: 5, maxReplicas: 2, scaleTargetRef: {kind: "", name: "a/b"}, metrics: [{type: Resource, resource: {name: "", target: {type: Utilization, averageUtilization: 0}}}, {type: Pods}, {type: External, external: {metric: {name: ""}, target: {type: Value, value: -1}}}]}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: of-no-use}
      spec: {capacity: {cpu: 1}, accessModes: [ReadWriteTwice], persistentVolumeReclaimPolicy: Odd, hostPath: {path: /a/../b}, nfs: {server: "", path: x}, volumeMode: Odd, storageClassName: A_B}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: bad}
      spec: {accessModes: [], resources: {requests: {storage: -1}}, volumeName: "A B", selector: {matchExpressions: [{key: x, operator: In}]}, dataSource: {kind: Pod, name: x}}
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: of-no-use}
      provisioner: ""
      reclaimPolicy: Odd
      volumeBindingMode: Odd
      parameters: {"": x}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: "bad/name"}
      rules: [{verbs: [], resources: [pods], apiGroups: []}, {verbs: [get], nonResourceURLs: [/x]}, {verbs: [get], apiGroups: [""], resources: []}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: bad}
      roleRef: {kind: Thing, name: "", apiGroup: x}
      subjects: [{kind: ServiceAccount, name: x}, {kind: User, name: "", apiGroup: y1}, {kind: Robot, name: z}]
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: bad, namespace: elsewhere}
      data: {"a b": c, ..: d}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: bad2}
      data: {"a": c, "..": d, "a/b": e}
      binaryData: {a: eA==}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: bad}
      type: kubernetes.io/dockerconfigjson
      data: {x: eA==}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: bad2}
      type: kubernetes.io/ssh-auth
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: kube.dots}
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: system-mine}
      value: 2000000000
      preemptionPolicy: Odd
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: bad}
      spec: {limits: [{type: Odd, max: {cpu: 1}}, {type: Container, max: {cpu: 1}, min: {cpu: 2}}, {type: Container, default: {bananas: 1}}]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: bad}
      spec: {hard: {pods: 1.5, cpu: x1}, scopes: [Odd], scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In}, {scopeName: BestEffort, operator: In, values: [a]}]}}
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: bad_}
      ---
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: of-no-use}
      handler: A_B
      overhead: {podFixed: {cpu: -1}}
      ---
      apiVersion: coordination.k8s.io/v1
      kind: Lease
      metadata: {name: bad}
      spec: {leaseDurationSeconds: 0, leaseTransitions: -1}
      ---
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: of-no-use}
      spec: {request: eA==, signerName: x, usages: [a, a], expirationSeconds: 5}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: bad}
      addressType: IPv4
      endpoints: [{addresses: []}, {addresses: [x]}, {addresses: ["127.0.0.1"], hostname: A_}]
      ports: [{name: a, protocol: X}, {name: a}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: of-no-use}
      webhooks: [{name: short, clientConfig: {}, sideEffects: Some, admissionReviewVersions: [v2], timeoutSeconds: 60, failurePolicy: Odd, rules: [{operations: [], apiGroups: [], apiVersions: ["*", v1], resources: ["*/*", pods]}]}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: of-no-use}
      spec: {failurePolicy: Odd, matchConstraints: {resourceRules: []}, validations: [{expression: "object.x +"}, {expression: "1 + 1"}, {expression: "nothere == 1", message: "a\nb"}], variables: [{name: "1a", expression: "1"}]}
      """
    And I run "kubectl get pv,sc"
