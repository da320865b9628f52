Feature: Fields of late versions, questions in the raw, and policies that compute

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Fields of late versions in pods and workloads
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        hostnameOverride: given
        hostUsers: false
        schedulingGates: [{name: example.com/wait}]
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 128Mi}}
        tolerations: [{key: a, operator: Exists, effect: NoSchedule}]
        volumes: [{name: art, image: {reference: "example.com/newtswell1/art:1", pullPolicy: IfNotPresent}}, {name: eph, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}]
        initContainers: [{name: i, image: "example.com/newtswell1/a:1", restartPolicy: OnFailure}]
        containers:
          - {name: a, image: "example.com/newtswell1/a:1", restartPolicy: OnFailure, volumeMounts: [{name: art, mountPath: /art, recursiveReadOnly: IfPossible, readOnly: true}], securityContext: {procMount: Unmasked, appArmorProfile: {type: RuntimeDefault}}}
          - {name: b, image: "example.com/newtswell1/b:1", restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [1]}}], restartPolicy: Never}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: later}
      spec:
        os: {name: linux}
        hostUsers: false
        resources: {requests: {cpu: 100m}, limits: {memory: 128Mi}}
        schedulingGates: [{name: example.com/wait}]
        volumes: [{name: art, image: {reference: "example.com/newtswell1/art:1"}}]
        containers:
          - {name: a, image: "example.com/newtswell1/a:1", lifecycle: {stopSignal: SIGUSR1}, volumeMounts: [{name: art, mountPath: /art}]}
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: named}
      spec:
        hostnameOverride: given.example.com
        schedulingGates: [{name: example.com/wait}]
        containers: [{name: a, image: "example.com/newtswell1/a:1", env: [{name: F, valueFrom: {fileKeyRef: {volumeName: v, path: env, key: K, optional: true}}}]}]
        volumes: [{name: v, emptyDir: {}}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: twice, labels: {app: twice}}
      spec:
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [app], labelSelector: {matchLabels: {app: twice}}}]
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, matchLabelKeys: [app], labelSelector: {matchExpressions: [{key: app, operator: Exists}]}}]}}
        containers: [{name: a, image: "example.com/newtswell1/a:1"}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: tolerant}
      spec:
        schedulingGates: [{name: example.com/wait}]
        tolerations: [{key: level, operator: Gt, value: "5", effect: NoSchedule}]
        containers: [{name: a, image: "example.com/newtswell1/a:1"}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: cert}
      spec:
        schedulingGates: [{name: example.com/wait}]
        volumes: [{name: c, projected: {sources: [{podCertificate: {signerName: example.com/s, keyType: ED25519, credentialBundlePath: b}}, {clusterTrustBundle: {name: x, path: y}}]}}]
        containers: [{name: a, image: "example.com/newtswell1/a:1"}]
      """
    And I create:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: late}
      spec:
        replicas: 0
        podReplacementPolicy: TerminationComplete
        selector: {matchLabels: {app: late}}
        template: {metadata: {labels: {app: late}}, spec: {workloadRef: {name: w, podGroup: g}, containers: [{name: a, image: "example.com/newtswell1/a:1"}]}}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: late}
      spec:
        minReplicas: 1
        maxReplicas: 2
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: late}
        behavior: {scaleUp: {tolerance: "0.05"}, scaleDown: {tolerance: 50m}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: late}
      spec: {trafficDistribution: PreferSameNode, ports: [{port: 80}]}
      ---
      apiVersion: storage.k8s.io/v1
      kind: CSIDriver
      metadata: {name: newswell1.example.com}
      spec: {attachRequired: false, podInfoOnMount: true, fsGroupPolicy: File, nodeAllocatableUpdatePeriodSeconds: 60, seLinuxMount: true, serviceAccountTokenInSecrets: true, tokenRequests: [{audience: a, expirationSeconds: 600}]}
      """
    And I run:
      """
      kubectl get pod late later named tolerant cert -o name
      kubectl get pod later -o jsonpath='{.spec}'
      kubectl get pod named -o jsonpath='{.spec.hostnameOverride} {.spec.containers[0].env}'
      kubectl get pod later -o jsonpath='{.status.qosClass}'
      kubectl patch pod later --subresource=resize -p '{"spec":{"resources":{"requests":{"cpu":"150m"}}}}'
      kubectl patch pod later --subresource=resize -p '{"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"50m"}}}]}}'
      kubectl get deployment late -o jsonpath='{.spec}'
      kubectl get hpa late -o jsonpath='{.spec.behavior}'
      kubectl get csidriver newswell1.example.com -o jsonpath='{.spec}'
      kubectl get csidrivers
      kubectl describe pod later
      kubectl delete csidriver newswell1.example.com
      """

  @shared-cluster
  Scenario: Questions in the raw, and events asked for in many ways
    When I run "kubectl run web --image=example.com/newtswell2/web:1 -l app=web"
    Then pod web eventually Ready
    When I run:
      """
      kubectl get --raw /healthz
      kubectl get --raw /livez
      kubectl get --raw /readyz/ping
      kubectl get --raw /nothing
      kubectl get --raw /api/v1/namespaces/newer-swell-2/pods/none
      kubectl get --raw /api/v1/namespaces/newer-swell-2/pods/web/nothing
      kubectl get --raw /apis/apps/v1/namespaces/newer-swell-2/deployments?limit=0
      kubectl get --raw /apis/none/v1
      kubectl delete --raw /api/v1/namespaces/newer-swell-2/configmaps/none
      kubectl events --for pod/web
      kubectl events --types=Warning
      kubectl events --types=Odd
      kubectl events --for pod/none
      kubectl events -o name
      kubectl get events --field-selector involvedObject.name=web,reason=Started -o custom-columns=R:.reason,M:.message,C:.count
      kubectl get events --field-selector type!=Normal
      kubectl get events --field-selector nothing=x
      kubectl get pods --field-selector spec.nodeName=worker-1,status.phase=Running -o name
      kubectl get pods --field-selector spec.restartPolicy=Always,spec.schedulerName=default-scheduler,status.podIP!=1.1.1.1 -o name
      kubectl get pods --field-selector status.qosClass=x
      kubectl get pods --field-selector metadata.labels=x
      kubectl get secrets --field-selector type=Opaque
      kubectl get nodes --field-selector spec.unschedulable=true
      kubectl get namespaces --field-selector status.phase=Active,metadata.name=newer-swell-2 -o name
      kubectl get jobs --field-selector status.successful=1
      kubectl get rs --field-selector status.replicas=0
      kubectl get services --field-selector spec.type=ClusterIP,spec.clusterIP!=None
      kubectl get deployments --field-selector spec.replicas=1
      kubectl get all
      kubectl get pod,none
      kubectl get pod/web service
      kubectl get pods -A --field-selector metadata.namespace=newer-swell-2
      kubectl get pods --chunk-size=1 --show-kind --show-labels
      kubectl get pods -o=custom-columns-file=none.txt
      kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.ownerReferences}{.kind}'
      kubectl top pod
      kubectl top node
      kubectl version
      kubectl cluster-info
      kubectl api-versions
      kubectl options -x
      kubectl alpha
      kubectl nonsense
      """

  @shared-cluster
  Scenario: Policies that compute with quantities, addresses, sets and rights
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: newswell3.example.com}
      spec:
        matchConstraints:
          resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE, DELETE], resources: [configmaps]}]
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: newer-swell-3}}
          excludeResourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [configmaps], resourceNames: [kube-root-ca.crt]}]
        variables:
          - {name: data, expression: "object == null || !has(object.data) ? {} : object.data"}
          - {name: keys, expression: "variables.data.map(k, k)"}
        validations:
          - {expression: "request.operation != 'DELETE' || oldObject.metadata.name != 'keep'", message: "kept for ever"}
          - {expression: "!('size' in variables.data) || quantity(variables.data.size).isLessThan(quantity('1Gi'))", messageExpression: "'too large: ' + variables.data.size"}
          - {expression: "!('ip' in variables.data) || (isIP(variables.data.ip) && cidr('10.0.0.0/8').containsIP(variables.data.ip))", message: "not ours", reason: Unauthorized}
          - {expression: "!('url' in variables.data) || url(variables.data.url).getScheme() == 'https'", messageExpression: "'not https: ' + url(variables.data.url).getHost()", reason: RequestEntityTooLarge}
          - {expression: "variables.keys.all(k, k.matches('^[a-z]+$'))", messageExpression: "'odd keys: ' + variables.keys.filter(k, !k.matches('^[a-z]+$')).join(', ')"}
          - {expression: "oldObject == null || object == null || !has(oldObject.data) || sets.contains(variables.keys, oldObject.data.map(k, k))", message: "keys stay", reason: Invalid}
          - {expression: "!('who' in variables.data) || authorizer.group('').resource('secrets').namespace(request.namespace).check('get').allowed()", messageExpression: "request.userInfo.username + ' of ' + namespaceObject.metadata.name + ' may not'"}
          - {expression: "!('fmt' in variables.data) || variables.data.fmt == '%s-%d'.format(['a', 1])", messageExpression: "'%s is not %s'.format([variables.data.fmt, ['a', 'b'].join('-')])"}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: newswell3.example.com}
      spec: {policyName: newswell3.example.com, validationActions: [Deny]}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl create configmap a --from-literal=size=2Gi
      kubectl create configmap a --from-literal=size=lots
      kubectl create configmap a --from-literal=size=100Mi
      kubectl create configmap b --from-literal=ip=192.168.0.1
      kubectl create configmap b --from-literal=ip=10.1.2.3
      kubectl create configmap c --from-literal=url=http://example.com/x
      kubectl create configmap c --from-literal=Bad.Key=1 --from-literal=ok=1 --from-literal=B2=1
      kubectl patch configmap a --type=merge -p '{"data":{"size":null,"other":"1"}}'
      kubectl create configmap keep
      kubectl delete configmap keep
      kubectl delete configmap keep --dry-run=server
      kubectl create clusterrole newswell3 --verb=create --resource=configmaps
      kubectl create rolebinding maps --clusterrole=newswell3 --user=ana
      kubectl create configmap d --from-literal=who=me --as=ana
      kubectl create configmap d --from-literal=who=me
      kubectl create configmap e --from-literal=fmt=x
      kubectl create configmap e --from-literal=fmt=a-1
      kubectl get configmaps
      kubectl get validatingadmissionpolicy newswell3.example.com -o jsonpath='{.status}'
      kubectl describe validatingadmissionpolicybinding newswell3.example.com
      kubectl delete validatingadmissionpolicy,validatingadmissionpolicybinding newswell3.example.com
      kubectl delete clusterrole newswell3
      """

  @shared-cluster
  Scenario: A definition whose rules compute, and what may not be in one
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: plans.newswell4.example.com}
      spec:
        group: newswell4.example.com
        scope: Namespaced
        names: {plural: plans, kind: Plan}
        versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    required: [window]
                    x-kubernetes-validations:
                      - {rule: "self.min <= self.max", messageExpression: "'min %d above max %d'.format([self.min, self.max])"}
                      - {rule: "has(self.mode) || !has(oldSelf.mode)", message: "mode stays once given"}
                    properties:
                      min: {type: integer, default: 1}
                      max: {type: integer, default: 3}
                      mode: {type: string, enum: [fast, slow], x-kubernetes-validations: [{rule: "self == oldSelf", message: "mode is fixed"}]}
                      window: {type: string, format: duration, x-kubernetes-validations: [{rule: "duration(self) >= duration('1m')", message: "at least a minute"}]}
                      tags: {type: array, maxItems: 3, x-kubernetes-list-type: set, items: {type: string, pattern: "^[a-z]+$", maxLength: 5}}
                      when: {type: string, format: date-time}
                      mail: {type: string, format: email}
                      ip: {type: string, format: ipv4}
                      label: {type: string, maxLength: 300, x-kubernetes-validations: [{rule: "!format.dns1123Label().validate(self).hasValue() && !format.named('labelValue').value().validate(self).hasValue()", messageExpression: "'no label: ' + format.dns1123Label().validate(self).orValue(['fine'])[0]"}]}
                      until: {type: string, format: date-time, x-kubernetes-validations: [{rule: "timestamp(self) > timestamp('2026-01-01T00:00:00Z')", message: "too early"}]}
                      ratio: {type: number, minimum: 0, maximum: 1, exclusiveMaximum: true}
                      step: {type: integer, multipleOf: 5}
                      limits: {type: object, maxProperties: 2, additionalProperties: {type: string}}
                      either: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}
      """
    And I run "kubectl wait crd plans.newswell4.example.com --for=condition=Established --timeout=20s"
    And I create:
      """
      apiVersion: newswell4.example.com/v1
      kind: Plan
      metadata: {name: wrong}
      spec: {min: 5, max: 2, mode: odd, window: 10s, tags: [abc, abc, TOO, toolong], when: yesterday, mail: nobody, ip: 1.2.3, ratio: 1, step: 7, limits: {a: "1", b: "2", c: "3"}, either: {a: x, b: y}}
      """
    And I create:
      """
      apiVersion: newswell4.example.com/v1
      kind: Plan
      metadata: {name: wrong}
      spec: {min: 5, max: 2, window: 10s, label: Bad.Label, until: "2025-01-01T00:00:00Z"}
      """
    And I create:
      """
      apiVersion: newswell4.example.com/v1
      kind: Plan
      metadata: {name: right}
      spec: {mode: fast, window: 5m, tags: [b, a], limits: {x: "1"}, step: 10}
      """
    And I create:
      """
      apiVersion: newswell4.example.com/v1
      kind: Plan
      metadata: {name: bare}
      """
    And I run:
      """
      kubectl get plan right -o jsonpath='{.spec}'
      kubectl patch plan right --type=merge -p '{"spec":{"mode":"slow"}}'
      kubectl patch plan right --type=merge -p '{"spec":{"mode":null}}'
      kubectl patch plan right --type=merge -p '{"spec":{"max":0}}'
      kubectl patch plan right --type=merge -p '{"spec":{"window":"soon"}}'
      kubectl patch plan right --type=json -p '[{"op":"add","path":"/spec/tags/-","value":"a"}]'
      kubectl get plans
      kubectl explain plan.spec.either
      kubectl delete crd plans.newswell4.example.com
      """
    And I create:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: odds.newswell4.example.com}
      spec:
        group: newswell4.example.com
        scope: Everywhere
        names: {plural: odds, singular: Odd, kind: odd, shortNames: [O], categories: [A B]}
        conversion: {strategy: Magic}
        versions:
          - name: V1
            served: true
            storage: true
            subresources: {scale: {specReplicasPath: spec.replicas, statusReplicasPath: .spec.x, labelSelectorPath: .metadata.x}}
            selectableFields: [{jsonPath: .spec.list}, {jsonPath: .spec.none}]
            additionalPrinterColumns: [{name: A, type: text, jsonPath: spec.a}, {name: A, type: string, jsonPath: "{.spec.b}"}]
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  metadata: {type: object, properties: {labels: {type: object}}}
                  spec:
                    type: object
                    properties:
                      list: {type: array}
                      def: {type: integer, default: text}
                      keys: {type: array, x-kubernetes-list-type: map, items: {type: string}}
                      rule: {type: string, x-kubernetes-validations: [{rule: "self.size( > 1"}, {rule: "self + 1"}, {rule: "", message: x}, {rule: "self == 'a'", message: "two\nlines"}]}
                      costly: {type: string, x-kubernetes-validations: [{rule: "!format.dns1123Label().validate(self).hasValue()", messageExpression: "format.dns1123Label().validate(self).value().join('; ')"}]}
                      uniq: {type: array, uniqueItems: true, items: {type: string}}
          - {name: v2, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
      """
