Feature: More that the API server refuses

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Workloads
    When I create:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        replicas: -1
        minReadySeconds: 700
        progressDeadlineSeconds: 600
        revisionHistoryLimit: -1
        strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: store}}
          spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/shop:1"}]}
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec: {containers: []}
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        template:
          metadata: {labels: {app: shop}}
          spec: {containers: [{name: app, image: " example.com/shop:1"}]}
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        podManagementPolicy: Chaotic
        updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}}
        selector: {matchExpressions: [{key: app, operator: Like, values: [db]}]}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "example.com/db:1"}]}
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        updateStrategy: {rollingUpdate: {maxUnavailable: 0}}
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: app, image: "example.com/agent:1"}], activeDeadlineSeconds: 5}
      """
    And I create:
      """
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: old}
      spec:
        replicas: 1
        selector: {app: old}
        template:
          metadata: {labels: {app: new}}
          spec: {containers: [{name: app, image: "example.com/old:1"}]}
      """

  @shared-cluster
  Scenario: Pods with many mistakes
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        terminationGracePeriodSeconds: -1
        activeDeadlineSeconds: 0
        dnsPolicy: Sometimes
        hostname: Bad_Host
        nodeSelector: {"a b": c}
        tolerations: [{operator: Equal, value: x}, {key: a, operator: Exists, value: b}, {key: a, effect: NoSchedule, tolerationSeconds: 3}]
        topologySpreadConstraints: [{maxSkew: 0, topologyKey: "", whenUnsatisfiable: Perhaps}]
        containers: [{name: app, image: "example.com/a:1"}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: b}
      spec:
        initContainers: [{name: app, image: "example.com/b:1", readinessProbe: {tcpSocket: {port: 80}}}]
        containers:
        - name: app
          image: "example.com/b:1"
          env: [{name: X, value: y, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: Y, valueFrom: {fieldRef: {fieldPath: status.nothing}}}, {name: Z, valueFrom: {}}]
          lifecycle: {preStop: {}, postStart: {exec: {command: [a]}, httpGet: {port: 80}}}
          terminationMessagePolicy: Never
          securityContext: {privileged: true, allowPrivilegeEscalation: false, runAsUser: -5}
          volumeMounts: [{name: v, mountPath: ""}, {name: v, mountPath: /a}, {name: v, mountPath: /a, subPath: ../x}]
        volumes: [{name: v, hostPath: {path: ../up, type: Thing}}, {name: s, secret: {}}, {name: p, persistentVolumeClaim: {claimName: ""}}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: c, annotations: {"bad key": x}, labels: {toolong: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}
            preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0, preference: {matchExpressions: [{key: a, operator: In}]}}]
          podAntiAffinity:
            requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {a: b}}, topologyKey: ""}]
        containers: [{name: c, image: "example.com/c:1", resources: {limits: {cpu: 10m, gpu: "1"}, requests: {memory: 1.5Mi, cpu: "1"}}}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: d}
      spec: {restartPolicy: Never, containers: [{name: d, image: "example.com/d:1", restartPolicy: Always, ports: [{containerPort: 80, hostPort: 99999, protocol: HTTP}, {name: a_b, containerPort: 81}]}]}
      """

  @shared-cluster
  Scenario: Configuration, networking and access
    When I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: Bad.Name_, labels: {a: "x y"}}
      data: {"a b": x, "..": y}
      binaryData: {c: "***"}
      """
    And I create:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: both}
      data: {a: x}
      binaryData: {a: eA==}
      """
    And I create:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: s}
      type: kubernetes.io/tls
      stringData: {a: b}
      """
    And I create:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: s}
      data: {a: "not base64"}
      """
    And I create:
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: i}
      spec: {rules: [{host: "Bad Host", http: {paths: [{path: x, pathType: Exact, backend: {service: {name: s, port: {}}}}, {path: /, backend: {}}]}}]}
      """
    And I create:
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: n}
      spec: {podSelector: {}, policyTypes: [Sideways], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}, {}], ports: [{port: 70000, protocol: X}, {port: 90, endPort: 80}]}]}
      """
    And I create:
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: r}
      rules: [{apiGroups: [""], resources: [pods]}, {nonResourceURLs: [/x], verbs: [get]}, {verbs: [get], resources: [pods]}]
      """
    And I create:
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: rb}
      roleRef: {apiGroup: x, kind: Rolle, name: ""}
      subjects: [{kind: User, name: ""}, {kind: ServiceAccount, name: a}, {kind: Robot, name: b}]
      """
    And I create:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q}
      spec: {hard: {pods: "-1", cars: "2", requests.cpu: x}, scopes: [BestEffort, NotBestEffort]}
      """
    And I create:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q}
      spec: {hard: {pods: "-1", cars: "2"}, scopes: [BestEffort, NotBestEffort]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: Not-Good}
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: p}
      spec: {accessModes: [Often], volumeMode: Tape, resources: {requests: {cpu: "1"}}}
      """
    And I create:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: vn-p}
      spec: {accessModes: [], persistentVolumeReclaimPolicy: Keep, hostPath: {path: /a}, nfs: {server: a, path: b}}
      """
    And I create:
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vn-s}
      provisioner: ""
      reclaimPolicy: Keep
      volumeBindingMode: Later
      """
    And I create:
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: b}
      spec: {minAvailable: "50", selector: {matchLabels: {a: "b c"}}, unhealthyPodEvictionPolicy: Never}
      """
    And I create:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: system-mine}
      value: 5
      preemptionPolicy: Maybe
      """

  @shared-cluster
  Scenario: What may not be changed later
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {a: b}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: s}
      immutable: true
      stringData: {a: b}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: d}
      spec:
        selector: {matchLabels: {a: d}}
        template:
          metadata: {labels: {a: d}}
          spec: {nodeSelector: {no: where}, containers: [{name: app, image: "example.com/d:1"}]}
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: vn-class}
      provisioner: example.com/x
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: vn-prio}
      value: 5
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: vn-vol}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /a}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/p:1"}]}
      """
    And I run:
      """
      kubectl patch secret s --type=merge -p '{"type":"x"}'
      kubectl patch secret s --type=merge -p '{"immutable":false}'
      kubectl patch ds d --type=merge -p '{"spec":{"selector":{"matchLabels":{"b":"c"}}}}'
      kubectl patch sc vn-class --type=merge -p '{"provisioner":"y"}'
      kubectl patch sc vn-class --type=merge -p '{"reclaimPolicy":"Retain"}'
      kubectl patch pc vn-prio --type=merge -p '{"value":6}'
      kubectl patch pv vn-vol --type=merge -p '{"spec":{"hostPath":{"path":"/b"}}}'
      kubectl patch pod p --type=merge -p '{"spec":{"nodeName":"other"}}'
      kubectl patch pod p --type=merge -p '{"spec":{"serviceAccountName":"x"}}'
      kubectl patch pod p --type=merge -p '{"spec":{"restartPolicy":"Never"}}'
      kubectl patch pod p --type=merge -p '{"metadata":{"uid":"x"}}'
      kubectl patch pod p --type=merge -p '{"metadata":{"namespace":"default"}}'
      kubectl patch pod p --type=merge -p '{"kind":"Service"}'
      kubectl patch pod p --type=merge -p '{"apiVersion":"v2"}'
      kubectl patch service web --type=merge -p '{"spec":{"clusterIP":"None"}}'
      kubectl patch service web --type=merge -p '{"spec":{"ipFamilies":["IPv6"]}}'
      kubectl patch namespace default --type=merge -p '{"spec":{"finalizers":[]}}'
      kubectl patch node worker-1 --type=merge -p '{"spec":{"podCIDR":"10.1.0.0/24"}}'
      kubectl patch node worker-1 --type=merge -p '{"spec":{"providerID":"x"}}'
      kubectl patch node worker-1 --type=merge -p '{"spec":{"providerID":"y"}}'
      """
