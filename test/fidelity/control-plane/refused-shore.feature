@shared-cluster
Feature: What the API server refuses, and in which words

  Background:
    Given a cluster with 1 node

  Scenario: Pods that are refused
    When I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: []}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a}, {name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: A_b, image: ' x '}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {restartPolicy: Sometimes, dnsPolicy: Odd, containers: [{name: a, image: x, imagePullPolicy: Odd, terminationMessagePolicy: Odd}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {terminationGracePeriodSeconds: -1, activeDeadlineSeconds: 0, containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, ports: [{containerPort: 0}, {containerPort: 70000, protocol: HTTP, name: Bad_Name}, {containerPort: 80, name: a}, {containerPort: 81, name: a}]}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, ports: [{containerPort: 80, hostPort: 80}, {containerPort: 81, hostPort: 80}]}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostNetwork: true, containers: [{name: a, image: x, ports: [{containerPort: 80, hostPort: 81}]}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, env: [{name: ''}, {name: 'a b', value: x, valueFrom: {fieldRef: {fieldPath: spec.nope}}}, {name: c, valueFrom: {}}, {name: d, valueFrom: {fieldRef: {fieldPath: metadata.labels}, secretKeyRef: {name: s, key: k}}}, {name: e, valueFrom: {resourceFieldRef: {resource: nope}}}, {name: f, valueFrom: {configMapKeyRef: {name: '', key: ''}}}]}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, envFrom: [{}, {prefix: 'a=', configMapRef: {name: ''}}, {configMapRef: {name: a}, secretRef: {name: b}}]}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, volumeMounts: [{name: none, mountPath: /a}, {name: v, mountPath: ''}, {name: v, mountPath: /b, subPath: ../c}, {name: v, mountPath: /b}, {name: v, mountPath: 'c:d', subPath: a, subPathExpr: b}]}], volumes: [{name: v}, {name: v, emptyDir: {}, hostPath: {path: /}}, {name: V, emptyDir: {}}, {name: w, hostPath: {path: '', type: Odd}}, {name: x, configMap: {name: ''}}, {name: y, secret: {secretName: s, items: [{key: '', path: /abs}]}}, {name: z, persistentVolumeClaim: {claimName: ''}}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, livenessProbe: {}, readinessProbe: {exec: {command: []}, periodSeconds: -1}, startupProbe: {httpGet: {port: 0, path: ''}, successThreshold: 2}}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, livenessProbe: {successThreshold: 2, exec: {command: [a]}, tcpSocket: {port: x_y}}, readinessProbe: {terminationGracePeriodSeconds: 1, grpc: {port: 0}}, lifecycle: {preStop: {sleep: {seconds: 100}}, postStart: {}, stopSignal: SIGODD}}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, resources: {requests: {cpu: 2, memory: 1Gi, odd: 1, example.com/x: 500m}, limits: {cpu: 1, memory: -1}}}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, resources: {requests: {example.com/gpu: 1, hugepages-2Mi: 4Mi, cpu: abc}}}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, resources: {requests: {example.com/gpu: 1, hugepages-2Mi: 4Mi}, limits: {example.com/gpu: 2}}}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, securityContext: {privileged: true, allowPrivilegeEscalation: false, runAsUser: -1, runAsGroup: -5, capabilities: {add: ['']}, procMount: Odd, seccompProfile: {type: Localhost}, windowsOptions: {hostProcess: true}}}], securityContext: {fsGroup: -1, sysctls: [{name: 'a b', value: x}], fsGroupChangePolicy: Odd, supplementalGroups: [-2]}}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {tolerations: [{key: 'a b'}, {operator: Equal}, {key: a, operator: Exists, value: b}, {key: a, operator: Odd}, {key: a, effect: Odd}, {key: a, effect: NoSchedule, tolerationSeconds: 5}], containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {nodeSelector: {'a b': c}, affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}, preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0, preference: {matchExpressions: [{key: a, operator: In}, {key: a, operator: Exists, values: [b]}, {key: a, operator: Gt, values: [x]}, {key: a, operator: Odd}]}}]}}, containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: '', labelSelector: {matchExpressions: [{key: a, operator: In}]}}]}, podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 101, podAffinityTerm: {topologyKey: 'a b', namespaces: ['A B']}}]}}, containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {topologySpreadConstraints: [{maxSkew: 0, topologyKey: '', whenUnsatisfiable: Odd}, {maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, minDomains: 2, nodeTaintsPolicy: Odd}, {maxSkew: 1, topologyKey: b, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 2, topologyKey: b, whenUnsatisfiable: DoNotSchedule, minDomains: 0}], containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {initContainers: [{name: i, image: x, livenessProbe: {exec: {command: [a]}}, lifecycle: {preStop: {exec: {command: [a]}}}}, {name: j, image: x, restartPolicy: Never}, {name: a, image: x, restartPolicy: Always}], containers: [{name: a, image: x, restartPolicy: Always}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {dnsConfig: {nameservers: [a, b, c, d], searches: ['a b'], options: [{value: x}]}, dnsPolicy: None, hostAliases: [{ip: x, hostnames: ['A B']}], hostname: 'A.b', subdomain: 'x_y', setHostnameAsFQDN: true, containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {dnsPolicy: None, priorityClassName: nope, containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {serviceAccountName: nope, containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {os: {name: plan9}, schedulingGates: [{name: 'a b'}, {name: a}, {name: a}], nodeName: 'A B', preemptionPolicy: Odd, containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {'a/b/c': d, e: 'f g'}, annotations: {'a b': c}, finalizers: [x], generateName: 'B_'}, spec: {ephemeralContainers: [{name: e, image: x}], containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: 'a_b.', namespace: other}, spec: {containers: [{name: a, image: x}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {resources: {requests: {cpu: 1, odd: 2}, limits: {cpu: 500m}}, containers: [{name: a, image: x, resources: {requests: {cpu: 2}}, resizePolicy: [{resourceName: cpu, restartPolicy: Odd}, {resourceName: disk, restartPolicy: NotRequired}]}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: p, projected: {sources: [{}, {serviceAccountToken: {path: '', expirationSeconds: 5}}, {downwardAPI: {items: [{path: a, fieldRef: {fieldPath: spec.nodeName}}, {path: ../b}]}}, {configMap: {name: c, items: [{key: k, path: p}]}}, {secret: {name: c, items: [{key: k, path: p}]}}], defaultMode: 1000}}, {name: e, emptyDir: {sizeLimit: -1, medium: Odd}}, {name: n, nfs: {path: x}}, {name: c, csi: {driver: 'a b'}}, {name: i, image: {reference: ''}}, {name: q, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [], resources: {}}}}}, {name: g, gitRepo: {repository: ''}}], containers: [{name: a, image: x}]}}
      """

  Scenario: Workloads that are refused
    When I create:
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1, progressDeadlineSeconds: 0, strategy: {type: Odd}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {restartPolicy: Never, activeDeadlineSeconds: 5, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {strategy: {rollingUpdate: {maxSurge: x%, maxUnavailable: 101%}}, selector: {matchExpressions: [{key: a, operator: Odd}, {key: b, operator: In}]}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {serviceName: 'A B', podManagementPolicy: Odd, updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}}, ordinals: {start: -1}, persistentVolumeClaimRetentionPolicy: {whenDeleted: Odd, whenScaled: Retain}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {updateStrategy: {rollingUpdate: {partition: -1, maxUnavailable: 0}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}, volumeClaimTemplates: [{metadata: {name: ''}, spec: {accessModes: [Odd], resources: {requests: {storage: 0}}}}]}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a}, spec: {updateStrategy: {type: Odd}, revisionHistoryLimit: -1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {activeDeadlineSeconds: 5, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a}, spec: {updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 0}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a}, spec: {updateStrategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 1}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: a}, spec: {replicas: -2, minReadySeconds: -1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: []}}}}
      """
    And I create:
      """
      {apiVersion: v1, kind: ReplicationController, metadata: {name: a}, spec: {replicas: -2, selector: {a: x}, template: {metadata: {labels: {a: b}}, spec: {restartPolicy: OnFailure, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {parallelism: -1, completions: -1, backoffLimit: -1, activeDeadlineSeconds: -1, ttlSecondsAfterFinished: -1, template: {spec: {restartPolicy: Always, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {completionMode: Indexed, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {completionMode: Odd, completions: 1, backoffLimitPerIndex: 1, maxFailedIndexes: 5, template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {completionMode: Indexed, completions: 3, backoffLimitPerIndex: -1, maxFailedIndexes: 5, successPolicy: {rules: [{}, {succeededIndexes: '2-1', succeededCount: 0}, {succeededIndexes: '0-9'}]}, template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {podFailurePolicy: {rules: [{action: Odd}, {action: FailJob, onExitCodes: {operator: In, values: []}, onPodConditions: []}, {action: FailIndex, onExitCodes: {operator: In, values: [0, 1, 1], containerName: none}}, {action: Ignore, onPodConditions: [{type: '', status: Odd}]}]}, podReplacementPolicy: TerminatingOrFailed, template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, managedBy: 'a b', template: {metadata: {labels: {a: c}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: '', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: CronJob, metadata: {name: a-name-that-is-longer-than-fifty-two-characters-is-too-long}, spec: {schedule: 'TZ=UTC * * * * *', timeZone: Local, concurrencyPolicy: Odd, startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -1, failedJobsHistoryLimit: -1, jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: x}]}}}}}}
      """
    And I create:
      """
      {apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: '60 * * * *', timeZone: Mars/Olympus, jobTemplate: {spec: {selector: {matchLabels: {a: b}}, manualSelector: true, template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}
      """
    And I create:
      """
      {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {minReplicas: 0, maxReplicas: 0, scaleTargetRef: {kind: '', name: 'A B'}, metrics: [{type: Odd}, {type: Resource}, {type: Resource, resource: {name: cpu, target: {type: Utilization, averageValue: 1, averageUtilization: 0}}}]}}
      """
    And I create:
      """
      {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {minReplicas: 5, maxReplicas: 2, scaleTargetRef: {kind: Deployment, name: a}, behavior: {scaleUp: {stabilizationWindowSeconds: 9999, selectPolicy: Odd, policies: []}, scaleDown: {policies: [{type: Odd, value: 0, periodSeconds: 0}]}}, metrics: [{type: Pods, pods: {metric: {name: ''}, target: {type: Value, value: 1}}}, {type: External, external: {metric: {name: x}, target: {type: Value}}}]}}
      """
    And I create:
      """
      {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {minAvailable: 1, maxUnavailable: 1}}
      """
    And I create:
      """
      {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {minAvailable: -1, unhealthyPodEvictionPolicy: Odd, selector: {matchLabels: {'a b': c}}}}
      """
    And I create:
      """
      {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {maxUnavailable: 101%}}
      """
    And I create:
      """
      {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: shore-odd}, value: 2000000000, preemptionPolicy: Odd}
      """

  Scenario: Everything else that is refused
    When I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: 1a}, spec: {ports: []}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: Odd, sessionAffinity: Odd, ports: [{port: 0}, {port: 80, targetPort: 0, protocol: HTTP}, {port: 80, name: A}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, name: a}, {port: 80, name: b}, {port: 81, name: a}, {port: 82}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: ClusterIP, externalTrafficPolicy: Local, loadBalancerClass: a/b, allocateLoadBalancerNodePorts: true, loadBalancerSourceRanges: [x], healthCheckNodePort: 5, ports: [{port: 80, nodePort: 30000}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: NodePort, ports: [{port: 80, nodePort: 80}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: NodePort, clusterIP: None, ports: [{port: 80}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: ExternalName, clusterIP: 10.96.0.9}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: ExternalName, externalName: 'A B'}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: 1.2.3.4, ports: [{port: 80}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: x, externalIPs: [127.0.0.1, y], trafficDistribution: Odd, internalTrafficPolicy: Odd, ports: [{port: 80}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ipFamilies: [IPv6], ipFamilyPolicy: SingleStack, ports: [{port: 80}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {'a b': c}, sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}, ports: [{port: 80, appProtocol: 'a b'}]}}
      """
    And I create:
      """
      {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}, addressType: IPv4, endpoints: [{addresses: []}, {addresses: ['::1']}, {addresses: [127.0.0.1], hostname: 'A B'}, {addresses: [1.2.3.4, 1.2.3.4]}], ports: [{name: a, port: 0}, {name: a, port: 1, protocol: X}]}
      """
    And I create:
      """
      {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {}}
      """
    And I create:
      """
      {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {ingressClassName: 'A B', defaultBackend: {service: {name: '', port: {}}}, tls: [{hosts: ['A B']}], rules: [{host: 1.2.3.4, http: {paths: []}}, {host: '*.*.com', http: {paths: [{path: x, pathType: Prefix, backend: {}}, {path: /a//b, pathType: Exact, backend: {service: {name: s, port: {name: a, number: 1}}}}, {path: /, backend: {service: {name: s, port: {number: 0}}}}, {path: /, pathType: Odd, backend: {service: {name: s, port: {number: 1}}, resource: {kind: a, name: b}}}]}}]}}
      """
    And I create:
      """
      {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {policyTypes: [Odd], podSelector: {matchExpressions: [{key: a, operator: In}]}, ingress: [{from: [{}, {ipBlock: {cidr: x}}, {ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}, podSelector: {}}], ports: [{port: 0}, {port: a_b}, {port: 80, endPort: 70}, {endPort: 5}, {port: x, endPort: 5}, {protocol: Odd}]}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: PersistentVolume, metadata: {name: shore-bad}, spec: {accessModes: [], capacity: {}, hostPath: {path: ../x}, nfs: {server: a, path: b}}}
      """
    And I create:
      """
      {apiVersion: v1, kind: PersistentVolume, metadata: {name: shore-bad}, spec: {accessModes: [Odd], capacity: {storage: 0, cpu: 1}, persistentVolumeReclaimPolicy: Odd, volumeMode: Odd, storageClassName: 'A B', local: {path: /x}}}
      """
    And I create:
      """
      {apiVersion: v1, kind: PersistentVolume, metadata: {name: shore-bad}, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}}}
      """
    And I create:
      """
      {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {}}
      """
    And I create:
      """
      {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {accessModes: [ReadWriteOnce, ReadWriteOncePod], volumeMode: Odd, storageClassName: 'A B', selector: {matchLabels: {'a b': c}}, resources: {requests: {storage: -1}, limits: {storage: 5}}, dataSource: {kind: '', name: ''}}}
      """
    And I create:
      """
      {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: shore-bad}, provisioner: 'a b', reclaimPolicy: Odd, volumeBindingMode: Odd, parameters: {'': x}, allowedTopologies: [{matchLabelExpressions: [{key: 'a b', values: []}, {key: a, values: [b, b]}]}]}
      """
    And I create:
      """
      {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: shore-bad}}
      """
    And I create:
      """
      {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {'a b': c, ..: d, e: f}, binaryData: {e: AA==}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/tls, data: {tls.crt: AA==}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/dockerconfigjson, stringData: {.dockerconfigjson: 'x'}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/basic-auth}
      """
    And I create:
      """
      {apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/ssh-auth}
      """
    And I create:
      """
      {apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/service-account-token}
      """
    And I create:
      """
      {apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: 'not base64'}}
      """
    And I create:
      """
      {apiVersion: v1, kind: LimitRange, metadata: {name: a}, spec: {limits: [{type: Container, max: {cpu: 1}, min: {cpu: 2}, default: {cpu: 3}, defaultRequest: {cpu: 4}}, {type: Pod, default: {cpu: 1}, maxLimitRequestRatio: {cpu: 500m}}, {type: PersistentVolumeClaim}, {type: Odd, max: {odd: 1}}, {type: Container}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {pods: -1, odd: 1, requests.cpu: x}}}
      """
    And I create:
      """
      {apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {pods: 1.5, services: 1, odd: 1, count/x: 1}, scopes: [BestEffort, NotBestEffort, Odd], scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In}, {scopeName: Terminating, operator: In, values: [a]}, {scopeName: Odd, operator: Odd}]}}}
      """
    And I create:
      """
      {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: 'a/b'}, rules: [{}, {verbs: [get]}, {verbs: [get], apiGroups: ['']}, {verbs: [get], nonResourceURLs: [/x]}, {verbs: [], apiGroups: [''], resources: [pods]}]}
      """
    And I create:
      """
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: shore-bad}, rules: [{verbs: [get], nonResourceURLs: [/x], resources: [pods], apiGroups: ['']}], aggregationRule: {clusterRoleSelectors: []}}
      """
    And I create:
      """
      {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}, roleRef: {kind: Odd, name: '', apiGroup: x}, subjects: [{kind: User, name: ''}, {kind: Odd, name: a}, {kind: ServiceAccount, name: 'A B'}, {kind: Group, name: g, namespace: n, apiGroup: ''}]}
      """
    And I create:
      """
      {apiVersion: v1, kind: Namespace, metadata: {name: A_B, labels: {'a b': c}}, spec: {finalizers: [x]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Node, metadata: {name: shore-bad}, spec: {podCIDR: x, taints: [{key: a, effect: Odd}, {key: a, effect: NoSchedule}, {key: a, effect: NoSchedule}, {key: '', effect: NoExecute}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: ServiceAccount, metadata: {name: a, ownerReferences: [{}, {apiVersion: v1, kind: Pod, name: a, uid: b, controller: true}, {apiVersion: v1, kind: Pod, name: c, uid: d, controller: true}]}}
      """
    And I create:
      """
      {apiVersion: v1, kind: Event, metadata: {name: a}, involvedObject: {namespace: other}}
      """
    And I create:
      """
      {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a}, spec: {leaseDurationSeconds: 0, leaseTransitions: -1, holderIdentity: '', preferredHolder: x}}
      """
    And I create:
      """
      {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: wrong.example.com}, spec: {group: example.com, scope: Odd, names: {kind: thing, plural: things}, versions: [{name: v1, served: true, storage: false}, {name: V2, served: true, storage: false}]}}
      """
    And I create:
      """
      {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: shore-bad}, spec: {failurePolicy: Odd, matchConstraints: {resourceRules: []}, validations: [{expression: 'object.spec.nope >'}, {expression: '1 + 1'}, {expression: ''}], variables: [{name: 'a b', expression: x}]}}
      """
    And I create:
      """
      {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: shore-bad}, webhooks: [{name: short, sideEffects: Some, admissionReviewVersions: [v9], timeoutSeconds: 60, failurePolicy: Odd, clientConfig: {}, rules: [{operations: [], apiGroups: [], apiVersions: [], resources: [pods/*, '*/x/y']}]}]}
      """
    And I create:
      """
      {apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: shore-bad}, spec: {request: AA==, signerName: x, usages: [], expirationSeconds: 5}}
      """
    And I create:
      """
      {apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: shore-bad}, handler: 'A B', overhead: {podFixed: {cpu: -1}}, scheduling: {tolerations: [{operator: Odd}], nodeSelector: {'a b': c}}}
      """
    And I create:
      """
      {apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: a}, spec: {devices: {requests: [{name: 'A B'}, {name: a, exactly: {deviceClassName: '', count: 0, allocationMode: Odd}}]}}}
      """
