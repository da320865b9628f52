Feature: Definitions, rules and hooks in their odder corners

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Defaults, pruning, unions and numbers of a custom kind
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: boxes.ruleneap1.example.com}
      spec:
        group: ruleneap1.example.com
        scope: Namespaced
        names: {plural: boxes, kind: Box, listKind: BoxList}
        preserveUnknownFields: false
        versions:
          - name: v1
            served: true
            storage: true
            additionalPrinterColumns:
              - {name: Size, type: number, jsonPath: .spec.size}
              - {name: Tags, type: string, jsonPath: ".spec.tags[*]"}
              - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
              - {name: When, type: date, jsonPath: .spec.when}
              - {name: Flag, type: boolean, jsonPath: .spec.flag}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    default: {size: 3}
                    properties:
                      size: {type: number, default: 1}
                      flag: {type: boolean, default: true}
                      when: {type: string, format: date-time}
                      tags: {type: array, items: {type: string}, default: [x]}
                      nested: {type: object, properties: {deep: {type: object, default: {}, properties: {er: {type: string, default: yes-er}}}}}
                      free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {known: {type: object, properties: {a: {type: string}}}}}
                      embedded: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                      map: {type: object, additionalProperties: {type: object, properties: {v: {type: integer, default: 7}}}}
                      nul: {type: string, nullable: true, default: d}
                      whole: {type: integer, format: int32}
                      atomic: {type: object, x-kubernetes-map-type: atomic, additionalProperties: {type: string}}
                      uniq: {type: array, x-kubernetes-list-type: set, items: {type: integer}}
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            subresources: {status: {}}
      """
    And I run "kubectl wait crd boxes.ruleneap1.example.com --for=condition=Established --timeout=20s"
    And I create:
      """
      apiVersion: ruleneap1.example.com/v1
      kind: Box
      metadata: {name: a}
      """
    And I create:
      """
      apiVersion: ruleneap1.example.com/v1
      kind: Box
      metadata: {name: b, unknown: x}
      spec: {size: 2.5, tags: [], nested: {}, free: {x: {y: 1}, known: {a: "1", b: 2}}, embedded: {apiVersion: v1, kind: Pod, metadata: {name: e, odd: 1}, spec: {z: 1}}, map: {k: {}, l: {v: 1, w: 2}}, nul: null, whole: 3000000000, atomic: {q: w}, uniq: [1, 2]}
      status: {phase: X}
      """
    And I create:
      """
      apiVersion: ruleneap1.example.com/v1
      kind: Box
      metadata: {name: b}
      spec: {size: 2.5, tags: [], nested: {}, free: {x: {y: 1}, known: {a: "1", b: 2}}, embedded: {apiVersion: v1, kind: Pod, metadata: {name: e}, spec: {z: 1}}, map: {k: {}, l: {v: 1}}, nul: null, whole: 5, atomic: {q: w}, uniq: [1, 2], when: "2020-01-01T00:00:00Z"}
      status: {phase: X}
      """
    And I create:
      """
      apiVersion: ruleneap1.example.com/v1
      kind: Box
      metadata: {name: c}
      spec: {embedded: {kind: Pod}, uniq: [1, 1], whole: 1.5, size: text, flag: "true", tags: {a: b}}
      """
    And I run:
      """
      kubectl get box a -o jsonpath='{.spec}'
      kubectl get box b -o jsonpath='{.spec} {.status}'
      kubectl get boxes
      kubectl patch box b --type=merge --subresource=status -p '{"status":{"conditions":[{"type":"Ready","status":"True"}],"any":{"thing":1}}}'
      kubectl get boxes
      kubectl patch box b --type=merge -p '{"spec":{"nul":"x","map":{"k":null,"m":{}}}}'
      kubectl get box b -o jsonpath='{.spec.map} {.spec.nul} {.metadata.generation}'
      kubectl apply --server-side --field-manager=one -f rule-neap-box.yaml
      kubectl apply --server-side --field-manager=two -f rule-neap-box2.yaml
      kubectl get box d -o jsonpath='{.spec}'
      kubectl get box d --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.fieldsV1}{"; "}{end}'
      kubectl patch box a -p '{"spec":{"size":1}}'
      kubectl get boxes -o custom-columns=N:.metadata.name,S:.spec.size,T:.spec.tags
      kubectl get boxes --field-selector metadata.name=a
      kubectl get boxes --field-selector spec.size=1
      kubectl describe box b
      kubectl explain box.spec
      kubectl explain box.spec.nested --recursive
      kubectl delete box --all
      kubectl delete crd boxes.ruleneap1.example.com
      """

  @shared-cluster
  Scenario: Rules that look at keys, at old values, at optional ones and too often
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: cards.ruleneap2.example.com}
      spec:
        group: ruleneap2.example.com
        scope: Namespaced
        names: {plural: cards, kind: Card}
        versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                x-kubernetes-validations: [{rule: "self.metadata.name.startsWith('card-')", message: "names begin with card-"}]
                properties:
                  spec:
                    type: object
                    x-kubernetes-validations:
                      - {rule: "!has(self.end) || self.end >= self.start", fieldPath: ".end", messageExpression: "string(self.end) + ' is before ' + string(self.start)", reason: FieldValueInvalid}
                      - {rule: "oldSelf.hasValue() ? oldSelf.value().start <= self.start : true", optionalOldSelf: true, message: "start never goes back"}
                      - {rule: "self.items.all(i, self.limits.exists(k, k == i.name))", message: "every item has a limit"}
                    required: [start]
                    properties:
                      start: {type: integer}
                      end: {type: integer}
                      items: {type: array, maxItems: 5, default: [], x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object, required: [name], properties: {name: {type: string, maxLength: 10}, count: {type: integer, x-kubernetes-validations: [{rule: "self >= oldSelf", message: "counts only grow"}]}}}}
                      limits: {type: object, default: {}, maxProperties: 5, additionalProperties: {type: integer}}
                      secret: {type: string, maxLength: 20, x-kubernetes-validations: [{rule: "self.matches('^[a-z]+$') && self.size() > 2 && !(self in ['abc', 'xyz'])", message: "weak"}]}
      """
    And I run "kubectl wait crd cards.ruleneap2.example.com --for=condition=Established --timeout=20s"
    And I create:
      """
      apiVersion: ruleneap2.example.com/v1
      kind: Card
      metadata: {name: wrong}
      spec: {start: 5, end: 3, items: [{name: a, count: 1}], secret: abc}
      """
    And I create:
      """
      apiVersion: ruleneap2.example.com/v1
      kind: Card
      metadata: {name: card-1}
      spec: {start: 5, end: 7, items: [{name: a, count: 2}], limits: {a: 1}, secret: abcd}
      """
    And I run:
      """
      kubectl patch card card-1 --type=merge -p '{"spec":{"start":4}}'
      kubectl patch card card-1 --type=merge -p '{"spec":{"start":6,"items":[{"name":"a","count":1}]}}'
      kubectl patch card card-1 --type=merge -p '{"spec":{"items":[{"name":"b","count":1}],"limits":{"b":1}}}'
      kubectl patch card card-1 --type=merge -p '{"spec":{"end":1,"secret":"x1"}}'
      kubectl patch card card-1 --type=merge -p '{"spec":{"start":null}}'
      kubectl patch card card-1 --type=json -p '[{"op":"add","path":"/spec/items/-","value":{"name":"b"}}]'
      kubectl get card card-1 -o jsonpath='{.spec}'
      kubectl delete crd cards.ruleneap2.example.com
      """

  @shared-cluster
  Scenario: Policies about scale, exec, status, deletion of collections, and connects
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: ruleneap3.example.com}
      spec:
        matchConstraints:
          resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CONNECT], resources: [pods/exec, pods/attach]}
            - {apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments/scale, deployments/status]}
            - {apiGroups: [""], apiVersions: [v1], operations: [DELETE], resources: [configmaps]}
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods, pods/eviction, pods/binding]}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: rule-neap-3}}
        matchConditions: [{name: people, expression: "!request.userInfo.username.startsWith('system:serviceaccount:kube-system') && !request.userInfo.username.startsWith('system:kube-')"}]
        validations:
          - {expression: "request.operation != 'CONNECT'", messageExpression: "'no ' + request.subResource + ' of ' + request.name"}
          - {expression: "request.subResource != 'scale' || object.spec.replicas < 3", messageExpression: "'scale of ' + string(object.spec.replicas)"}
          - {expression: "request.subResource != 'status'", message: "statuses are not for people"}
          - {expression: "request.operation != 'DELETE' || !has(oldObject.metadata.labels) || !('hold' in oldObject.metadata.labels)", messageExpression: "oldObject.metadata.name + ' is held'"}
          - {expression: "request.subResource != 'eviction'", message: "nobody is evicted"}
          - {expression: "request.subResource != '' || request.operation != 'CREATE' || object.spec.containers.all(c, c.image.contains('/'))", message: "no bare images", reason: Forbidden}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: ruleneap3.example.com}
      spec: {policyName: ruleneap3.example.com, validationActions: [Deny]}
      """
    And 2 seconds pass
    And I run "kubectl create deployment web --image=example.com/ruleneap3/web:1 --replicas=1"
    Then deployment web eventually has 1 ready replica
    When I run:
      """
      kubectl scale deployment web --replicas=3
      kubectl scale deployment web --replicas=2
      kubectl patch deployment web -p '{"spec":{"replicas":5}}'
      kubectl patch deployment web --subresource=status --type=merge -p '{"status":{"replicas":9}}'
      kubectl create configmap a
      kubectl create configmap b
      kubectl label configmap b hold=1
      kubectl delete configmap a b
      kubectl delete configmap -l hold=1
      kubectl run bare --image=nginx
      kubectl run ok --image=example.com/ruleneap3/ok:1
      kubectl drain worker-1 --force --timeout=6s --pod-selector=run=ok
      kubectl uncordon worker-1
      kubectl create deployment bare --image=nginx
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get events --field-selector reason=FailedCreate -o custom-columns=MESSAGE:.message
      kubectl get deployment bare -o jsonpath='{.status.conditions[?(@.type=="ReplicaFailure")].message}'
      kubectl delete validatingadmissionpolicy,validatingadmissionpolicybinding ruleneap3.example.com
      """
