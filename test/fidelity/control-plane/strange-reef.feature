Feature: Combinations that a course comes to late

  @shared-cluster
  Scenario: A mutating webhook is not there, and its policy says what then
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingWebhookConfiguration
      metadata: {name: reef-mutate}
      webhooks:
      - name: strict.reef.example.com
        admissionReviewVersions: [v1]
        sideEffects: None
        timeoutSeconds: 2
        failurePolicy: Fail
        objectSelector: {matchLabels: {hook: strict}}
        rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
        clientConfig: {service: {name: none, namespace: default, port: 8443, path: /mutate}, caBundle: ""}
      - name: lax.reef.example.com
        admissionReviewVersions: [v1]
        sideEffects: NoneOnDryRun
        failurePolicy: Ignore
        reinvocationPolicy: IfNeeded
        matchConditions: [{name: not-kube, expression: "request.userInfo.username != 'system:admin'"}]
        namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}
        rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps, pods/*], scope: Namespaced}]
        clientConfig: {service: {name: none, namespace: default}}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl run free --image=example.com/free:1
      kubectl run strict --image=example.com/strict:1 --labels=hook=strict
      kubectl create configmap lax --from-literal=a=1
      kubectl create deployment strict --image=example.com/strict:1
      kubectl patch deployment strict -p '{"spec":{"template":{"metadata":{"labels":{"hook":"strict"}}}}}'
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get rs -l app=strict -o custom-columns=DESIRED:.spec.replicas,CONDITION:.status.conditions[*].type,MESSAGE:.status.conditions[*].message --sort-by=.status.replicas
      kubectl get events --field-selector reason=FailedCreate -o custom-columns=MESSAGE:.message
      kubectl get deployment strict
      kubectl describe mutatingwebhookconfiguration reef-mutate
      kubectl get mutatingwebhookconfigurations
      kubectl delete mutatingwebhookconfiguration reef-mutate
      """
    When I run "kubectl rollout status deployment strict --timeout=90s"
    Then deployment strict eventually has 1 updated replicas

  @shared-cluster
  Scenario: A custom kind with a scale, a status and a quota
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: boats.reef.example.com}
      spec:
        group: reef.example.com
        scope: Namespaced
        names: {plural: boats, singular: boat, kind: Boat, shortNames: [bt], categories: [all, fleet]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources:
            status: {}
            scale: {specReplicasPath: .spec.crew, statusReplicasPath: .status.crew, labelSelectorPath: .status.selector}
          additionalPrinterColumns:
          - {name: Crew, type: integer, jsonPath: .spec.crew}
          - {name: State, type: string, jsonPath: .status.state, description: how it is}
          - {name: Length, type: number, jsonPath: .spec.length, priority: 1}
          - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
          selectableFields: [{jsonPath: .spec.port}]
          schema:
            openAPIV3Schema:
              type: object
              description: Boat is a thing that floats.
              required: [spec]
              properties:
                spec:
                  type: object
                  required: [port]
                  x-kubernetes-validations:
                  - {rule: "self.crew <= 10 || self.port == 'Hamburg'", message: the crew is too large, fieldPath: .crew, reason: FieldValueForbidden}
                  - {rule: "!has(oldSelf.port) || self.port == oldSelf.port", message: the port may not change}
                  properties:
                    port: {type: string, minLength: 3, maxLength: 10, pattern: "^[A-Z][a-z]+$"}
                    crew: {type: integer, minimum: 0, default: 2}
                    length: {type: number, exclusiveMinimum: true, minimum: 1}
                    flag: {type: string, enum: [red, green]}
                    cargo: {type: array, maxItems: 2, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object, required: [name], properties: {name: {type: string}, weight: {x-kubernetes-int-or-string: true}}}}
                    notes: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    since: {type: string, format: date-time, nullable: true}
                status: {type: object, properties: {state: {type: string}, crew: {type: integer}, selector: {type: string}}}
      """
    Then crd boats.reef.example.com eventually has condition Established=True
    When 1 seconds pass
    And I apply:
      """
      apiVersion: reef.example.com/v1
      kind: Boat
      metadata: {name: anna}
      spec: {port: Kiel, length: 3.5, cargo: [{name: fish, weight: 5}, {name: ice, weight: "3t"}], notes: {any: [thing]}, unknown: gone}
      """
    And I apply:
      """
      apiVersion: reef.example.com/v1
      kind: Boat
      metadata: {name: bad}
      spec: {port: kiel, crew: -1, length: 1, flag: blue, cargo: [{name: a}, {name: a}, {weight: 1}], since: yesterday}
      """
    And I apply:
      """
      apiVersion: reef.example.com/v1
      kind: Boat
      metadata: {name: full}
      spec: {port: Kiel, crew: 11}
      """
    And I apply:
      """
      apiVersion: reef.example.com/v1
      kind: Boat
      metadata: {name: bert}
      spec: {port: Emden}
      """
    And I run:
      """
      kubectl create quota boats --hard=count/boats.reef.example.com=2
      kubectl get bt
      kubectl get boats -o wide
      kubectl get fleet
      kubectl get boat anna -o jsonpath='{.spec} {.metadata.generation}'
      kubectl get boats --field-selector spec.port=Emden
      kubectl get boats --field-selector spec.crew=2
      kubectl scale boat anna --replicas=4
      kubectl scale boat anna --replicas=12
      kubectl patch boat anna --type=merge -p '{"spec":{"port":"Bremen"}}'
      kubectl patch boat anna -p '{"spec":{"crew":5}}'
      kubectl patch boat anna --type=merge -p '{"status":{"state":"lost"}}'
      kubectl patch boat anna --type=merge --subresource=status -p '{"status":{"state":"sailing","crew":4},"spec":{"crew":9}}'
      kubectl patch boat anna --type=json -p '[{"op":"add","path":"/spec/cargo/-","value":{"name":"salt"}}]'
      kubectl get boat anna
      kubectl get boat anna -o jsonpath='{.spec.crew} {.metadata.generation}'
      kubectl describe boat anna
      kubectl explain boat
      kubectl explain boat.spec --recursive
      kubectl explain boat.spec.port
      kubectl autoscale boat anna --max=3
      kubectl label bt --all fleet=north
      kubectl wait --for=jsonpath='{.status.state}'=sailing boat/anna --timeout=2s
      kubectl api-resources --api-group=reef.example.com
      kubectl get crd boats.reef.example.com
      kubectl describe crd boats.reef.example.com
      """
    And I run "kubectl delete crd boats.reef.example.com"
    And I run "kubectl get boats"
    Then the last command fails

  @shared-cluster
  Scenario: A deployment meets a limit range, a quota, a budget and a drain at once
    Given a cluster with 2 nodes
    When I run:
      """
      kubectl create quota q --hard=pods=4,requests.cpu=2
      kubectl create deployment web --image=example.com/web:1 --replicas=3
      """
    And 3 seconds pass
    And I run:
      """
      kubectl get deployment web
      kubectl get events --field-selector reason=FailedCreate -o custom-columns=MESSAGE:.message
      kubectl describe deployment web
      """
    And I apply:
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: r}
      spec: {limits: [{type: Container, defaultRequest: {cpu: 500m}}]}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
      """
    Then deployment web eventually has 3 ready replicas within 2m
    When I run:
      """
      kubectl get pdb web
      kubectl set image deployment/web web=example.com/web:2
      kubectl rollout status deployment/web --timeout=60s
      kubectl describe quota q
      kubectl scale deployment web --replicas=6
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get deployment web
      kubectl get rs -l app=web -o jsonpath='{.items[*].status.conditions[*].reason}'
      kubectl patch quota q -p '{"spec":{"hard":{"pods":"10","requests.cpu":"5"}}}'
      kubectl scale deployment web --replicas=5
      """
    Then deployment web eventually has 5 ready replicas within 2m
    When I run "kubectl describe pdb web"

  @shared-cluster
  Scenario: A pod with everything that a security chapter asks for
    Given a cluster with 1 node
    And namespace guarded
    When I run:
      """
      kubectl label ns guarded pod-security.kubernetes.io/enforce=baseline pod-security.kubernetes.io/warn=restricted pod-security.kubernetes.io/audit=restricted
      kubectl run plain --image=example.com/plain:1
      kubectl run priv --image=example.com/priv:1 --privileged
      kubectl create deployment host --image=example.com/host:1
      kubectl patch deployment host -p '{"spec":{"template":{"spec":{"hostNetwork":true,"hostPID":true}}}}'
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: tight}
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000, seccompProfile: {type: RuntimeDefault}, sysctls: [{name: net.ipv4.ip_local_port_range, value: "1024 65535"}]}
        automountServiceAccountToken: false
        enableServiceLinks: false
        hostAliases: [{ip: 192.0.2.50, hostnames: [a.example.com]}]
        dnsPolicy: None
        dnsConfig: {nameservers: [192.0.2.53], searches: [x.example.com], options: [{name: ndots, value: "2"}]}
        containers:
        - name: app
          image: example.com/tight:1
          stdin: true
          tty: true
          workingDir: /w
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
        volumes: [{name: tmp, emptyDir: {sizeLimit: 1Mi}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: loose}
      spec:
        hostIPC: true
        shareProcessNamespace: true
        securityContext: {sysctls: [{name: kernel.sem, value: "1"}], seLinuxOptions: {type: spc_t}}
        containers:
        - name: app
          image: example.com/loose:1
          ports: [{containerPort: 80, hostPort: 8080}]
          securityContext: {capabilities: {add: [SYS_ADMIN]}, procMount: Unmasked, runAsUser: 0, seccompProfile: {type: Unconfined}}
        volumes: [{name: h, hostPath: {path: /etc}}]
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get pods
      kubectl get pod tight -o jsonpath='{.spec.securityContext} {.spec.containers[0].securityContext}'
      kubectl describe pod tight
      kubectl get events --field-selector reason=FailedCreate -o custom-columns=MESSAGE:.message
      kubectl label --overwrite ns guarded pod-security.kubernetes.io/enforce=restricted
      kubectl label ns guarded pod-security.kubernetes.io/enforce-
      kubectl debug tight --image=example.com/tools:1 --profile=netadmin
      kubectl patch pod tight -p '{"spec":{"securityContext":{"runAsUser":2}}}'
      """
