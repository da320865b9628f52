@shared-cluster
Feature: What may not be changed, and what follows when it may

  Scenario: Fields of every kind that are changed
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: d}
      spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: s}
      spec: {replicas: 0, serviceName: s, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}, volumeClaimTemplates: [{metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: ds}
      spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {nodeSelector: {none: such}, containers: [{name: c, image: x}]}}}
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: r}
      spec: {replicas: 0, selector: {matchLabels: {a: c}}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: c, image: x}]}}}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: j}
      spec: {suspend: true, completions: 2, completionMode: Indexed, template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: cj}
      spec: {suspend: true, schedule: "0 0 1 1 *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: svc}
      spec: {ports: [{name: p, port: 80}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: hl}
      spec: {clusterIP: None, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: cm}
      immutable: true
      data: {a: b}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: sec}
      type: example.com/a
      data: {a: AA==}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: pvc}
      spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: shore-pv5}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /a}, storageClassName: s}
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: shore-sc5}
      provisioner: a.b/c
      parameters: {x: y1}
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: shore-pc5}
      value: 5
      ---
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: shore-rc5}
      handler: h
      ---
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: shore-ic5}
      spec: {controller: a.b/c}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: rb}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: pdb}
      spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: es}
      addressType: IPv4
      endpoints: []
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: hpa}
      spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q}
      spec: {hard: {pods: "5"}, scopes: [BestEffort]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec: {nodeSelector: {none: such}, tolerations: [{key: a, operator: Exists}], containers: [{name: c, image: x, resources: {requests: {cpu: 100m}}}]}
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: shores.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {kind: Shore, plural: shores}
        versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, required: [size], properties: {size: {type: integer, minimum: 1, maximum: 5, "x-kubernetes-validations": [{rule: self >= oldSelf, message: may not shrink}]}, name: {type: string, pattern: "^[a-z]+$", maxLength: 4, "x-kubernetes-validations": [{rule: "self == oldSelf", message: is fixed}]}, tags: {type: array, maxItems: 2, uniqueItems: false, "x-kubernetes-list-type": set, items: {type: string}}}, "x-kubernetes-validations": [{rule: "!has(self.name) || self.name != 'bad' || self.size > 2", messageExpression: "'bad needs more than ' + string(self.size)", fieldPath: .size, reason: FieldValueForbidden}]}}}}, subresources: {scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}}, additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}, {name: Tags, type: string, jsonPath: ".spec.tags[*]", priority: 1}]}]
      """
    And 2 seconds pass
    And I run:
      """
      kubectl patch deploy d -p '{"spec":{"selector":{"matchLabels":{"c":"d"}}}}'
      kubectl patch deploy d -p '{"spec":{"template":{"metadata":{"labels":{"a":"z"}}}}}'
      kubectl patch deploy d -p '{"metadata":{"name":"e"}}'
      kubectl patch deploy d -p '{"metadata":{"namespace":"other"}}'
      kubectl patch deploy d -p '{"metadata":{"uid":"x"}}'
      kubectl patch deploy d -p '{"metadata":{"creationTimestamp":"2020-01-01T00:00:00Z"}}' -o jsonpath='{.metadata.generation}'
      kubectl patch deploy d -p '{"metadata":{"resourceVersion":"1"},"spec":{"paused":true}}'
      kubectl patch deploy d -p '{"metadata":{"generation":77}}' -o jsonpath='{.metadata.generation}'
      kubectl patch deploy d -p '{"status":{"replicas":5}}'
      kubectl patch deploy d --subresource=status -p '{"status":{"replicas":5},"spec":{"replicas":9}}' -o jsonpath='{.spec.replicas} {.status.replicas}'
      kubectl patch deploy d --subresource=scale --type=merge -p '{"spec":{"replicas":-1}}'
      kubectl patch deploy d --subresource=scale --type=merge -p '{"spec":{"replicas":0}}'
      kubectl patch deploy d -p '{"spec":{"nope":1}}'
      kubectl patch deploy d -p '{"spec":{"replicas":"two"}}'
      kubectl patch deploy d -p '{"spec":{"replicas":1.5}}'
      kubectl patch deploy d -p '{"spec":{"template":{"spec":{"containers":[{"image":"y"}]}}}}'
      kubectl patch deploy d -p '{"spec":{"template":{"spec":{"containers":[{"name":"c","$patch":"delete"}]}}}}'
      kubectl patch deploy d -p '{"spec":{"template":{"spec":{"containers":[{"name":"new"}]}}}}'
      kubectl patch deploy d -p '{"spec":{"strategy":{"type":"Recreate"}}}'
      kubectl patch deploy d -p '{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}'
      kubectl patch sts s -p '{"spec":{"serviceName":"t"}}'
      kubectl patch sts s -p '{"spec":{"podManagementPolicy":"Parallel"}}'
      kubectl patch sts s --type=json -p '[{"op":"replace","path":"/spec/volumeClaimTemplates/0/spec/resources/requests/storage","value":"2Gi"}]'
      kubectl patch sts s -p '{"spec":{"minReadySeconds":3,"revisionHistoryLimit":1,"ordinals":{"start":1}}}'
      kubectl patch sts s -p '{"spec":{"selector":{"matchLabels":{"a":"z"}}}}'
      kubectl patch ds ds -p '{"spec":{"selector":{"matchLabels":{"a":"z"}}}}'
      kubectl patch rs r -p '{"spec":{"selector":{"matchLabels":{"a":"z"}}}}'
      kubectl patch job j -p '{"spec":{"completions":3}}'
      kubectl patch job j -p '{"spec":{"completions":3,"parallelism":3}}'
      kubectl patch job j -p '{"spec":{"completionMode":"NonIndexed"}}'
      kubectl patch job j -p '{"spec":{"template":{"spec":{"nodeSelector":{"x":"z"}}}}}'
      kubectl patch job j -p '{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"z"}]}}}}'
      kubectl patch job j -p '{"spec":{"template":{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"1m"}}}]}}}}'
      kubectl patch job j -p '{"spec":{"backoffLimit":9,"activeDeadlineSeconds":9,"ttlSecondsAfterFinished":9}}'
      kubectl patch job j -p '{"spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}}}}'
      kubectl patch cj cj -p '{"spec":{"schedule":"x"}}'
      kubectl patch cj cj -p '{"spec":{"timeZone":"Nowhere"}}'
      kubectl patch svc svc -p '{"spec":{"clusterIP":"10.96.0.77"}}'
      kubectl patch svc svc -p '{"spec":{"clusterIP":"None"}}'
      kubectl patch svc svc -p '{"spec":{"type":"NodePort"}}'
      kubectl patch svc svc -p '{"spec":{"type":"ExternalName","externalName":"a.b"}}'
      kubectl get svc svc -o jsonpath='{.spec.type} {.spec.clusterIP} {.spec.ports}'
      kubectl patch svc svc -p '{"spec":{"type":"ClusterIP","externalName":null}}'
      kubectl patch svc svc -p '{"spec":{"ports":[{"port":81}]}}'
      kubectl patch svc svc -p '{"spec":{"ports":[{"port":81,"name":"q"}]}}' -o jsonpath='{.spec.ports}'
      kubectl patch svc svc --type=merge -p '{"spec":{"ports":[]}}'
      kubectl patch svc hl -p '{"spec":{"clusterIP":"10.96.0.78"}}'
      kubectl patch svc hl -p '{"spec":{"type":"NodePort"}}'
      kubectl patch svc hl --type=merge -p '{"spec":{"ports":null}}'
      kubectl patch svc svc -p '{"spec":{"ipFamilies":["IPv6"]}}'
      kubectl patch svc svc -p '{"spec":{"ipFamilyPolicy":"RequireDualStack"}}'
      kubectl patch cm cm -p '{"data":{"a":"c"}}'
      kubectl patch cm cm -p '{"immutable":false}'
      kubectl patch cm cm -p '{"metadata":{"labels":{"a":"b"}}}'
      kubectl patch secret sec -p '{"type":"Opaque"}'
      kubectl patch secret sec -p '{"immutable":true}'
      kubectl patch secret sec -p '{"data":{"a":null}}'
      kubectl patch secret sec -p '{"stringData":{"b":"c"}}'
      kubectl patch pvc pvc -p '{"spec":{"resources":{"requests":{"storage":"1Gi"}}}}'
      kubectl patch pvc pvc -p '{"spec":{"resources":{"requests":{"storage":"3Gi"}}}}'
      kubectl patch pvc pvc -p '{"spec":{"storageClassName":"other"}}'
      kubectl patch pvc pvc -p '{"spec":{"volumeName":"v"}}'
      kubectl patch pvc pvc -p '{"spec":{"volumeName":"w"}}'
      kubectl patch pvc pvc -p '{"spec":{"accessModes":["ReadWriteMany"]}}'
      kubectl patch pv shore-pv5 -p '{"spec":{"hostPath":{"path":"/b"}}}'
      kubectl patch pv shore-pv5 -p '{"spec":{"capacity":{"storage":"5Gi"},"persistentVolumeReclaimPolicy":"Delete","storageClassName":"t"}}'
      kubectl patch pv shore-pv5 -p '{"spec":{"volumeMode":"Block"}}'
      kubectl patch pv shore-pv5 -p '{"spec":{"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Exists"}]}]}}}}'
      kubectl patch sc shore-sc5 -p '{"parameters":{"x":"z1"}}'
      kubectl patch sc shore-sc5 -p '{"provisioner":"d.e/f"}'
      kubectl patch sc shore-sc5 -p '{"reclaimPolicy":"Retain"}'
      kubectl patch sc shore-sc5 -p '{"volumeBindingMode":"WaitForFirstConsumer"}'
      kubectl patch sc shore-sc5 -p '{"allowVolumeExpansion":true}'
      kubectl patch pc shore-pc5 -p '{"value":6}'
      kubectl patch pc shore-pc5 -p '{"preemptionPolicy":"Never"}'
      kubectl patch pc shore-pc5 -p '{"description":"x","globalDefault":true}'
      kubectl patch runtimeclass shore-rc5 -p '{"handler":"i"}'
      kubectl patch ingressclass shore-ic5 -p '{"spec":{"controller":"d.e/f"}}'
      kubectl patch rolebinding rb -p '{"roleRef":{"name":"s"}}'
      kubectl patch rolebinding rb -p '{"subjects":[{"kind":"User","name":"ana","apiGroup":"rbac.authorization.k8s.io"}]}'
      kubectl patch pdb pdb -p '{"spec":{"selector":{"matchLabels":{"a":"z"}}}}'
      kubectl patch pdb pdb -p '{"spec":{"maxUnavailable":1}}'
      kubectl patch pdb pdb -p '{"spec":{"minAvailable":null,"maxUnavailable":1}}'
      kubectl patch endpointslice es -p '{"addressType":"IPv6"}'
      kubectl patch hpa hpa -p '{"spec":{"minReplicas":4}}'
      kubectl patch quota q -p '{"spec":{"scopes":["NotBestEffort"]}}'
      kubectl patch quota q -p '{"spec":{"hard":{"cpu":"1"}}}'
      kubectl patch pod p -p '{"spec":{"nodeName":"worker-1"}}'
      kubectl patch pod p -p '{"spec":{"containers":[{"name":"c","image":"y"}]}}'
      kubectl patch pod p -p '{"spec":{"containers":[{"name":"c","env":[{"name":"A","value":"b"}]}]}}'
      kubectl patch pod p -p '{"spec":{"tolerations":[{"key":"b","operator":"Exists"}]}}'
      kubectl patch pod p --type=json -p '[{"op":"add","path":"/spec/tolerations/-","value":{"key":"c","operator":"Exists"}}]'
      kubectl patch pod p --type=json -p '[{"op":"remove","path":"/spec/tolerations/0"}]'
      kubectl patch pod p -p '{"spec":{"terminationGracePeriodSeconds":5}}'
      kubectl patch pod p -p '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"200m"}}}]}}'
      kubectl patch pod p --subresource=resize -p '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"200m"}}}]}}'
      kubectl patch pod p --subresource=resize -p '{"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"200m"}}}]}}'
      kubectl patch pod p --subresource=ephemeralcontainers -p '{"spec":{"ephemeralContainers":[{"name":"e","image":"y"}]}}'
      kubectl patch pod p --subresource=status -p '{"status":{"phase":"Odd"}}'
      kubectl patch pod p --subresource=binding -p '{}'
      kubectl patch ns unchangeable-shore-1 -p '{"spec":{"finalizers":["a.b/c"]}}'
      kubectl patch ns unchangeable-shore-1 --type=json -p '[{"op":"remove","path":"/metadata/labels/kubernetes.io~1metadata.name"}]'
      kubectl get ns unchangeable-shore-1 -o jsonpath='{.metadata.labels}'
      kubectl patch node worker-1 -p '{"spec":{"podCIDR":"10.9.0.0/24"}}'
      kubectl patch node worker-1 -p '{"spec":{"providerID":"x"}}'
      kubectl patch node worker-1 -p '{"status":{"capacity":{"example.com/gpu":"2"}}}'
      kubectl patch node worker-1 --subresource=status -p '{"status":{"capacity":{"example.com/gpu":"x"}}}'
      kubectl patch sa default -p '{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u"}]}}'
      kubectl patch sa default --type=merge -p '{"metadata":{"ownerReferences":null}}'
      """
    And I create:
      """
      {apiVersion: example.com/v1, kind: Shore, metadata: {name: one}, spec: {size: 2, name: ab, tags: [a]}}
      """
    And I run:
      """
      kubectl get shores -o wide
      kubectl patch shore one --type=merge -p '{"spec":{"size":1}}'
      kubectl patch shore one --type=merge -p '{"spec":{"size":9}}'
      kubectl patch shore one --type=merge -p '{"spec":{"size":"x"}}'
      kubectl patch shore one --type=merge -p '{"spec":{"size":null}}'
      kubectl patch shore one --type=merge -p '{"spec":{"name":"bad"}}'
      kubectl patch shore one --type=merge -p '{"spec":{"name":"TooLong"}}'
      kubectl patch shore one --type=merge -p '{"spec":{"tags":["a","a"]}}'
      kubectl patch shore one --type=merge -p '{"spec":{"tags":["a","b","c"]}}'
      kubectl patch shore one --type=merge -p '{"spec":{"tags":"a"}}'
      kubectl patch shore one --type=merge -p '{"spec":{"extra":1}}'
      kubectl patch shore one -p '{"spec":{"size":3}}'
      kubectl patch shore one --type=merge -p '{"status":{"size":3}}'
      kubectl patch shore one --subresource=status --type=merge -p '{"status":{"size":3}}'
      kubectl scale shore one --replicas=4
      kubectl scale shore one --replicas=9
      kubectl scale shore one --replicas=1
      kubectl get shore one -o jsonpath='{.spec}'
      kubectl patch crd shores.example.com --type=merge -p '{"spec":{"scope":"Cluster"}}'
      kubectl patch crd shores.example.com --type=merge -p '{"spec":{"names":{"kind":"Beach"}}}'
      kubectl patch crd shores.example.com --type=merge -p '{"spec":{"group":"other.com"}}'
      kubectl patch crd shores.example.com --type=json -p '[{"op":"replace","path":"/spec/versions/0/storage","value":false}]'
      kubectl patch crd shores.example.com --type=json -p '[{"op":"replace","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/type","value":"odd"}]'
      kubectl explain shore.spec.size
      kubectl describe shore one
      kubectl delete crd shores.example.com
      kubectl get shores
      kubectl delete pv shore-pv5
      kubectl delete sc shore-sc5
      kubectl delete pc shore-pc5
      kubectl delete runtimeclass shore-rc5
      kubectl delete ingressclass shore-ic5
      """
