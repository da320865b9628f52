@shared-cluster
Feature: What describe says of things in unusual states

  Background:
    Given a cluster with 2 nodes
    And each node has 2 cpu and 4Gi memory

  Scenario: Pods with every kind of field that is seldom described
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: rich
        labels: {app: rich}
        annotations: {behaviour.kscenario.dev/main: "{term: {after: 1s, code: 0}}", note: "one\ntwo\nthree", empty: ""}
        finalizers: [example.com/hold]
      spec:
        priority: 0
        hostname: me
        subdomain: them
        runtimeClassName: fast
        serviceAccountName: default
        automountServiceAccountToken: false
        schedulingGates: [{name: example.com/one}, {name: example.com/two}]
        readinessGates: [{conditionType: example.com/ready}]
        nodeSelector: {disk: ssd, zone: a}
        tolerations:
          - {key: a, operator: Exists, effect: NoSchedule}
          - {key: b, operator: Equal, value: c, effect: NoExecute, tolerationSeconds: 10}
          - {operator: Exists, effect: PreferNoSchedule}
          - {key: nn, operator: Exists}
        topologySpreadConstraints:
          - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: rich}}}
          - {maxSkew: 2, topologyKey: rack, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchExpressions: [{key: app, operator: In, values: [x, y]}]}}
        securityContext: {runAsUser: 1000}
        volumes:
          - {name: empty, emptyDir: {medium: Memory, sizeLimit: 10Mi}}
          - {name: cm, configMap: {name: settings, optional: true, items: [{key: a, path: b}]}}
          - {name: sec, secret: {secretName: hush, optional: true}}
          - {name: host, hostPath: {path: /var/log, type: DirectoryOrCreate}}
          - {name: nfs, nfs: {server: 10.0.0.1, path: /x, readOnly: true}}
          - {name: proj, projected: {sources: [{configMap: {name: settings}}, {secret: {name: hush, optional: true}}, {downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}, {path: c, resourceFieldRef: {containerName: main, resource: limits.cpu, divisor: 1m}}]}}, {serviceAccountToken: {path: t, audience: vault, expirationSeconds: 600}}]}}
          - {name: down, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: "metadata.annotations['note']"}}]}}
          - {name: claim, persistentVolumeClaim: {claimName: data, readOnly: true}}
          - {name: eph, ephemeral: {volumeClaimTemplate: {metadata: {labels: {a: b}}, spec: {storageClassName: slow, accessModes: [ReadWriteOnce], volumeMode: Filesystem, resources: {requests: {storage: 1Gi}}}}}}
          - {name: csi, csi: {driver: inline.example.com, readOnly: true, fsType: ext4, volumeAttributes: {a: b}}}
          - {name: img, image: {reference: "example.com/data:1", pullPolicy: Always}}
          - {name: iscsi, iscsi: {targetPortal: "10.0.0.2:3260", iqn: "iqn.2001-04.com.example:storage", lun: 1, fsType: ext4}}
        initContainers:
          - {name: prep, image: "example.com/shore1/prep:1", command: [sh, -c, "echo a\necho b"], args: [x, "y z"], env: [{name: A, value: b}], resources: {limits: {cpu: 100m, memory: 10Mi}}}
          - {name: side, image: "example.com/shore1/side:1", restartPolicy: Always, startupProbe: {tcpSocket: {port: 80}}}
        containers:
          - name: main
            image: "example.com/shore1/main:1"
            ports: [{containerPort: 80, name: web}, {containerPort: 53, protocol: UDP, hostPort: 5353}]
            envFrom: [{configMapRef: {name: settings}}, {prefix: S_, secretRef: {name: hush, optional: true}}]
            env:
              - {name: PLAIN, value: "a b"}
              - {name: MULTI, value: "one\ntwo"}
              - {name: EMPTY}
              - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
              - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
              - {name: KEY, valueFrom: {secretKeyRef: {name: hush, key: k}}}
              - {name: CKEY, valueFrom: {configMapKeyRef: {name: settings, key: k, optional: true}}}
            livenessProbe: {httpGet: {path: /live, port: web, scheme: HTTPS, host: example.com}, initialDelaySeconds: 1, timeoutSeconds: 2, periodSeconds: 3, failureThreshold: 5}
            readinessProbe: {exec: {command: [cat, /tmp/ready file]}, successThreshold: 2}
            startupProbe: {grpc: {port: 9090, service: health}}
            lifecycle: {preStop: {sleep: {seconds: 1}}}
            volumeMounts: [{name: empty, mountPath: /e, subPath: s}, {name: cm, mountPath: /c, readOnly: true}, {name: claim, mountPath: /d}]
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
          - name: second
            image: "example.com/shore1/second:1"
            imagePullPolicy: Never
            volumeDevices: [{name: claim, devicePath: /dev/x}]
      """
    And I create:
      """
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: fast}
      handler: fast
      overhead: {podFixed: {cpu: 10m, memory: 5Mi}}
      scheduling: {nodeSelector: {runtime: fast}, tolerations: [{key: rt, operator: Exists}]}
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: rich
        labels: {app: rich}
        annotations: {behaviour.kscenario.dev/main: "{term: {after: 1s, code: 0}}", note: "one\ntwo\nthree", empty: ""}
        finalizers: [example.com/hold]
      spec:
        hostname: me
        subdomain: them
        runtimeClassName: fast
        automountServiceAccountToken: false
        schedulingGates: [{name: example.com/one}, {name: example.com/two}]
        readinessGates: [{conditionType: example.com/ready}]
        nodeSelector: {disk: ssd, zone: a}
        tolerations:
          - {key: a, operator: Exists, effect: NoSchedule}
          - {key: b, operator: Equal, value: c, effect: NoExecute, tolerationSeconds: 10}
          - {operator: Exists, effect: PreferNoSchedule}
          - {key: nn, operator: Exists}
        topologySpreadConstraints:
          - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: rich}}}
          - {maxSkew: 2, topologyKey: rack, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchExpressions: [{key: app, operator: In, values: [x, y]}]}}
        securityContext: {runAsUser: 1000}
        volumes:
          - {name: empty, emptyDir: {medium: Memory, sizeLimit: 10Mi}}
          - {name: cm, configMap: {name: settings, optional: true, items: [{key: a, path: b}]}}
          - {name: sec, secret: {secretName: hush, optional: true}}
          - {name: host, hostPath: {path: /var/log, type: DirectoryOrCreate}}
          - {name: nfs, nfs: {server: 10.0.0.1, path: /x, readOnly: true}}
          - {name: proj, projected: {sources: [{configMap: {name: settings}}, {secret: {name: hush, optional: true}}, {downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}, {path: c, resourceFieldRef: {containerName: main, resource: limits.cpu, divisor: 1m}}]}}, {serviceAccountToken: {path: t, audience: vault, expirationSeconds: 600}}]}}
          - {name: down, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: "metadata.annotations['note']"}}]}}
          - {name: claim, persistentVolumeClaim: {claimName: data, readOnly: true}}
          - {name: eph, ephemeral: {volumeClaimTemplate: {metadata: {labels: {a: b}}, spec: {storageClassName: slow, accessModes: [ReadWriteOnce], volumeMode: Filesystem, resources: {requests: {storage: 1Gi}}}}}}
          - {name: csi, csi: {driver: inline.example.com, readOnly: true, fsType: ext4, volumeAttributes: {a: b}}}
          - {name: img, image: {reference: "example.com/data:1", pullPolicy: Always}}
          - {name: iscsi, iscsi: {targetPortal: "10.0.0.2:3260", iqn: "iqn.2001-04.com.example:storage", lun: 1, fsType: ext4}}
        initContainers:
          - {name: prep, image: "example.com/shore1/prep:1", command: [sh, -c, "echo a\necho b"], args: [x, "y z"], env: [{name: A, value: b}], resources: {limits: {cpu: 100m, memory: 10Mi}}}
          - {name: side, image: "example.com/shore1/side:1", restartPolicy: Always, startupProbe: {tcpSocket: {port: 80}}}
        containers:
          - name: main
            image: "example.com/shore1/main:1"
            ports: [{containerPort: 80, name: web}, {containerPort: 53, protocol: UDP, hostPort: 5353}]
            envFrom: [{configMapRef: {name: settings}}, {prefix: S_, secretRef: {name: hush, optional: true}}]
            env:
              - {name: PLAIN, value: "a b"}
              - {name: MULTI, value: "one\ntwo"}
              - {name: EMPTY}
              - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
              - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
              - {name: KEY, valueFrom: {secretKeyRef: {name: hush, key: k}}}
              - {name: CKEY, valueFrom: {configMapKeyRef: {name: settings, key: k, optional: true}}}
            livenessProbe: {httpGet: {path: /live, port: web, scheme: HTTPS, host: example.com}, initialDelaySeconds: 1, timeoutSeconds: 2, periodSeconds: 3, failureThreshold: 5}
            readinessProbe: {exec: {command: [cat, /tmp/ready file]}, successThreshold: 2}
            startupProbe: {grpc: {port: 9090, service: health}}
            lifecycle: {preStop: {sleep: {seconds: 1}}}
            volumeMounts: [{name: empty, mountPath: /e, subPath: s}, {name: cm, mountPath: /c, readOnly: true}, {name: host, mountPath: /d}]
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
          - name: second
            image: "example.com/shore1/second:1"
            imagePullPolicy: Never
            volumeDevices: [{name: claim, devicePath: /dev/x}]
      """
    And 1 second passes
    And I run:
      """
      kubectl describe pod rich
      kubectl get pod rich
      kubectl get pod rich -o wide
      kubectl patch pod rich --type=json -p '[{"op":"remove","path":"/spec/schedulingGates/0"}]'
      kubectl patch pod rich --type=json -p '[{"op":"add","path":"/spec/schedulingGates/-","value":{"name":"example.com/three"}}]'
      kubectl patch pod rich --type=merge -p '{"spec":{"nodeSelector":{"disk":"hdd"}}}'
      kubectl patch pod rich --type=merge -p '{"spec":{"nodeSelector":{"extra":"x"}}}'
      kubectl patch pod rich --type=merge -p '{"spec":{"schedulingGates":[]}}'
      kubectl delete pod rich --wait=false
      kubectl get pod rich
      kubectl describe pod rich
      kubectl patch pod rich --type=merge -p '{"metadata":{"finalizers":null}}'
      kubectl get pod rich
      kubectl describe runtimeclass fast
      kubectl get runtimeclass
      """

  Scenario: Workloads that are described half way
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, annotations: {kubernetes.io/change-cause: "first", team: "a"}}
      spec:
        replicas: 2
        minReadySeconds: 100
        revisionHistoryLimit: 1
        progressDeadlineSeconds: 101
        paused: true
        strategy: {type: Recreate}
        selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [front, back]}, {key: old, operator: DoesNotExist}]}
        template:
          metadata: {labels: {app: web, tier: front}, annotations: {a: b}}
          spec:
            serviceAccountName: robot
            priorityClassName: high
            nodeSelector: {none: such}
            tolerations: [{key: x, operator: Exists}]
            hostNetwork: true
            initContainers: [{name: i, image: "example.com/shore2/i:1"}]
            containers: [{name: c, image: "example.com/shore2/c:1", ports: [{containerPort: 8080, hostPort: 8080, name: http}], env: [{name: X, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]
            volumes: [{name: v, configMap: {name: c, defaultMode: 256}}]
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db, labels: {a: b}}
      spec:
        serviceName: db
        replicas: 2
        ordinals: {start: 3}
        updateStrategy: {rollingUpdate: {partition: 1}}
        persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Retain}
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: c, image: "example.com/shore2/db:1", volumeMounts: [{name: data, mountPath: /d}]}]}
        volumeClaimTemplates:
          - {metadata: {name: data, labels: {x: yy}, annotations: {q: r}}, spec: {accessModes: [ReadWriteOnce, ReadOnlyMany], storageClassName: slow, resources: {requests: {storage: 1Gi}}}}
          - {metadata: {name: more}, spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 2Gi}}}}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        updateStrategy: {type: OnDelete}
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {nodeSelector: {none: such}, containers: [{name: c, image: "example.com/shore2/agent:1"}]}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: work}
      spec:
        parallelism: 2
        completions: 5
        completionMode: Indexed
        backoffLimitPerIndex: 1
        maxFailedIndexes: 2
        activeDeadlineSeconds: 300
        ttlSecondsAfterFinished: 60
        suspend: true
        podReplacementPolicy: Failed
        podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {containerName: c, operator: In, values: [3, 4]}}, {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}]}
        successPolicy: {rules: [{succeededIndexes: "0-2", succeededCount: 2}]}
        template:
          metadata: {labels: {app: work}}
          spec: {restartPolicy: Never, containers: [{name: c, image: "example.com/shore2/work:1"}]}
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tick}
      spec:
        schedule: "0 0 1 1 *"
        timeZone: Europe/Berlin
        suspend: true
        startingDeadlineSeconds: 100
        jobTemplate:
          metadata: {labels: {from: tick}}
          spec:
            completions: 3
            activeDeadlineSeconds: 7
            template:
              metadata: {labels: {app: tick}}
              spec: {restartPolicy: OnFailure, containers: [{name: c, image: "example.com/shore2/tick:1", args: [a]}]}
      ---
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: old}
      spec:
        replicas: 1
        selector: {app: old}
        template:
          metadata: {labels: {app: old}}
          spec: {containers: [{name: c, image: "example.com/shore2/old:1"}]}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl describe deployment web
      kubectl describe sts db
      kubectl describe ds agent
      kubectl describe job work
      kubectl describe cj tick
      kubectl describe rc old
      kubectl get deploy,sts,ds,job,cj,rc -o wide
      kubectl get deploy,sts,ds,job,cj,rc --show-labels
      kubectl rollout history deployment web
      kubectl rollout history sts db --revision=1
      kubectl rollout history ds agent
      kubectl rollout status deployment web --timeout=1s
      kubectl rollout status ds agent --timeout=1s
      kubectl rollout resume deployment web
      kubectl patch job work -p '{"spec":{"suspend":false}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl describe job work
      kubectl describe deployment web
      kubectl describe rs -l app=web
      kubectl rollout history deployment web --revision=1
      kubectl rollout history deployment web --revision=7
      kubectl delete job work --cascade=foreground --wait=false
      """
    And 5 seconds pass

  Scenario: Networks, storage and policies that are described
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: multi, annotations: {x: yy}}
      spec:
        type: LoadBalancer
        selector: {app: multi, tier: front}
        ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 53, protocol: UDP}, {name: c, port: 90, targetPort: 9090, appProtocol: kubernetes.io/h2c}]
        loadBalancerSourceRanges: [10.0.0.0/8, 192.168.0.0/16]
        externalTrafficPolicy: Local
        sessionAffinity: ClientIP
        sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
        externalIPs: [192.0.2.77]
        publishNotReadyAddresses: true
        trafficDistribution: PreferClose
        loadBalancerClass: example.com/lb
        allocateLoadBalancerNodePorts: false
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: ext}
      spec: {type: ExternalName, externalName: example.org, ports: [{port: 443}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: headless}
      spec: {clusterIP: None, ports: [{port: 443, targetPort: 8443}]}
      ---
      apiVersion: v1
      kind: Endpoints
      metadata: {name: headless}
      subsets: [{addresses: [{ip: 10.1.2.3, hostname: h}, {ip: 10.1.2.4}], ports: [{port: 8443}]}, {addresses: [{ip: 10.1.2.6}], ports: [{name: x, port: 1, protocol: UDP}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: shore, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
      spec: {controller: example.com/c, parameters: {apiGroup: example.com, kind: P, name: p, scope: Namespace, namespace: nn}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: in, annotations: {nginx.ingress.kubernetes.io/rewrite-target: "/$1"}}
      spec:
        defaultBackend: {resource: {apiGroup: example.com, kind: Bucket, name: b}}
        tls: [{hosts: [a.example.com, b.example.com], secretName: t}, {hosts: [c.example.com]}]
        rules:
          - host: a.example.com
            http: {paths: [{path: /x, pathType: Exact, backend: {service: {name: multi, port: {name: a}}}}, {path: /y, pathType: Prefix, backend: {service: {name: gone, port: {number: 80}}}}]}
          - http: {paths: [{pathType: ImplementationSpecific, backend: {service: {name: headless, port: {number: 443}}}}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: np}
      spec:
        podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [a, b]}]}
        policyTypes: [Ingress, Egress]
        ingress:
          - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}, {namespaceSelector: {matchLabels: {team: x}}, podSelector: {}}, {podSelector: {matchLabels: {r: s}}}]
            ports: [{port: 80}, {port: 8000, endPort: 9000, protocol: UDP}, {port: http}]
          - {}
        egress:
          - to: [{namespaceSelector: {}}]
          - ports: [{port: 53, protocol: UDP}]
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: shore-pv, labels: {l: m}}
      spec:
        capacity: {storage: 5Gi}
        accessModes: [ReadWriteOnce, ReadOnlyMany]
        persistentVolumeReclaimPolicy: Recycle
        storageClassName: shore
        mountOptions: [hard]
        hostPath: {path: /x}
        nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: d, operator: Exists}]}, {matchFields: [{key: metadata.name, operator: In, values: [worker-1]}]}]}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: shore-csi}
      spec:
        capacity: {storage: 5Gi}
        accessModes: [ReadWriteMany]
        volumeMode: Block
        storageClassName: ""
        csi: {driver: d.example.com, volumeHandle: h, fsType: xfs, readOnly: true, volumeAttributes: {k: v, a: b}, nodeStageSecretRef: {name: s, namespace: nn}}
        claimRef: {namespace: elsewhere, name: their-claim}
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: shore, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
      provisioner: d.example.com
      parameters: {type: fast, a: b}
      reclaimPolicy: Retain
      volumeBindingMode: WaitForFirstConsumer
      allowVolumeExpansion: true
      mountOptions: [a, b]
      allowedTopologies: [{matchLabelExpressions: [{key: zone, values: [a, b]}]}]
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: waits}
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: shore
        volumeAttributesClassName: gold
        selector: {matchLabels: {l: m}, matchExpressions: [{key: z, operator: Exists}]}
        dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: snap}
        resources: {requests: {storage: 1Gi}, limits: {storage: 2Gi}}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: pdb}
      spec: {maxUnavailable: 30%, unhealthyPodEvictionPolicy: AlwaysAllow, selector: {matchExpressions: [{key: app, operator: Exists}]}}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: hpa}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: none}
        minReplicas: 2
        maxReplicas: 9
        metrics:
          - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 100Mi}}}
          - {type: ContainerResource, containerResource: {name: cpu, container: c, target: {type: Utilization, averageUtilization: 60}}}
          - {type: Pods, pods: {metric: {name: rps, selector: {matchLabels: {v: get}}}, target: {type: AverageValue, averageValue: "10"}}}
          - {type: Object, object: {metric: {name: q}, describedObject: {apiVersion: v1, kind: Service, name: multi}, target: {type: Value, value: "30"}}}
          - {type: External, external: {metric: {name: queue, selector: {matchLabels: {n: o}}}, target: {type: AverageValue, averageValue: "5"}}}
        behavior:
          scaleDown: {stabilizationWindowSeconds: 60, selectPolicy: Min, policies: [{type: Percent, value: 10, periodSeconds: 30}, {type: Pods, value: 4, periodSeconds: 60}]}
          scaleUp: {selectPolicy: Disabled, tolerance: 50m}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl describe svc multi
      kubectl describe svc ext
      kubectl describe svc headless
      kubectl describe endpoints headless
      kubectl describe endpointslices
      kubectl describe ingressclass shore
      kubectl describe ingress in
      kubectl describe pv shore-pv
      kubectl describe pv shore-csi
      kubectl describe pvc waits
      kubectl describe sc shore
      kubectl describe pdb pdb
      kubectl describe hpa hpa
      kubectl get svc,ep,ingress,netpol,pvc,pdb,hpa -o wide
      kubectl get ingressclass,sc -o wide
      kubectl get pv shore-pv shore-csi -o wide
      kubectl get endpointslices -o wide --show-labels
      kubectl describe svc -l none=such
      kubectl describe svc multi ext nothing
      kubectl describe svc/multi pod/none
      kubectl describe no-such-kind x
      kubectl describe svc mu
      kubectl describe svc multi --show-events=false
      kubectl describe
      kubectl describe svc -o yaml
      kubectl delete pv shore-pv shore-csi
      kubectl delete sc shore
      kubectl delete ingressclass shore
      """

  Scenario: Rights, settings and people that are described
    When I apply:
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: cm, annotations: {a: "long value"}}
      immutable: true
      data: {plain: one, multi: "a\nb\n", empty: ""}
      binaryData: {bin: AAECAw==}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: sec}
      type: example.com/own
      stringData: {a: "1", long: "0123456789"}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: tok, annotations: {kubernetes.io/service-account.name: robot}}
      type: kubernetes.io/service-account-token
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: robot, labels: {l: m}}
      secrets: [{name: tok}, {name: gone}]
      imagePullSecrets: [{name: pull}]
      automountServiceAccountToken: false
      ---
      apiVersion: v1
      kind: LimitRange
      metadata: {name: lr}
      spec:
        limits:
          - {type: Container, default: {cpu: 200m, memory: 100Mi}, defaultRequest: {cpu: 100m}, max: {cpu: "1", memory: 1Gi}, min: {cpu: 10m}, maxLimitRequestRatio: {cpu: "4"}}
          - {type: Pod, max: {cpu: "2"}}
          - {type: PersistentVolumeClaim, min: {storage: 1Gi}, max: {storage: 2Gi}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q}
      spec:
        hard: {pods: "4", requests.cpu: "2", limits.memory: 1Gi, count/deployments.apps: "3", services.loadbalancers: "0", slow.storageclass.storage.k8s.io/requests.storage: 5Gi}
        scopeSelector: {matchExpressions: []}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: scoped}
      spec:
        hard: {pods: "4"}
        scopes: [Terminating, NotBestEffort]
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: classed}
      spec:
        hard: {pods: "4"}
        scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high, low]}, {scopeName: BestEffort, operator: Exists}]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: role}
      rules:
        - {apiGroups: ["", apps], resources: [pods, deployments/scale], verbs: [get, list]}
        - {apiGroups: [""], resources: [secrets], resourceNames: [a, b], verbs: ["*"]}
        - {apiGroups: ["*"], resources: ["*"], verbs: [watch]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: rb}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}
      subjects: [{kind: User, name: ana, apiGroup: rbac.authorization.k8s.io}, {kind: Group, name: dev, apiGroup: rbac.authorization.k8s.io}, {kind: ServiceAccount, name: robot, namespace: default}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: shore-agg}
      aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: shore}}, {matchExpressions: [{key: x, operator: Exists}]}]}
      rules: []
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: shore-url, labels: {to: shore}}
      rules: [{nonResourceURLs: [/healthz, "/metrics/*"], verbs: [get]}, {apiGroups: [batch], resources: [jobs], verbs: [create, deletecollection]}]
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: shore-high}
      value: 1000
      preemptionPolicy: Never
      description: "very much"
      ---
      apiVersion: v1
      kind: PodTemplate
      metadata: {name: tpl}
      template:
        metadata: {labels: {a: b}}
        spec: {containers: [{name: c, image: x}]}
      ---
      apiVersion: coordination.k8s.io/v1
      kind: Lease
      metadata: {name: lease}
      spec: {holderIdentity: me, leaseDurationSeconds: 15}
      ---
      apiVersion: networking.k8s.io/v1
      kind: ServiceCIDR
      metadata: {name: shore-cidr}
      spec: {cidrs: [10.250.0.0/24]}
      ---
      apiVersion: flowcontrol.apiserver.k8s.io/v1
      kind: FlowSchema
      metadata: {name: shore-flow}
      spec:
        priorityLevelConfiguration: {name: workload-low}
        matchingPrecedence: 999
        distinguisherMethod: {type: ByUser}
        rules: [{subjects: [{kind: User, user: {name: ana}}], resourceRules: [{verbs: [get], apiGroups: [""], resources: [pods], namespaces: ["*"]}]}]
      """
    And 2 seconds pass
    And I run:
      """
      kubectl describe cm cm
      kubectl describe secret sec
      kubectl describe secret tok
      kubectl describe sa robot
      kubectl describe limits lr
      kubectl describe quota
      kubectl describe role role
      kubectl describe rolebinding rb
      kubectl describe clusterrole shore-agg
      kubectl describe clusterrole shore-url
      kubectl describe pc shore-high
      kubectl describe podtemplate tpl
      kubectl describe lease lease
      kubectl describe servicecidr shore-cidr
      kubectl describe flowschema shore-flow
      kubectl get cm,secret,sa,limits,quota,role,rolebinding,podtemplate,lease -o wide
      kubectl get clusterrole shore-agg shore-url -o wide
      kubectl get pc,servicecidr
      kubectl get flowschema shore-flow
      kubectl get pc shore-high -o wide
      kubectl delete clusterrole shore-agg shore-url
      kubectl delete pc shore-high
      kubectl delete servicecidr shore-cidr
      kubectl delete flowschema shore-flow
      """
