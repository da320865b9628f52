Feature: What a definition says of its objects

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: A definition with rules, defaults and fields to select by
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: ovens.kitchen.example.com}
      spec:
        group: kitchen.example.com
        scope: Namespaced
        names: {plural: ovens, singular: oven, kind: Oven, shortNames: [ov], categories: [all, kitchen]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          selectableFields: [{jsonPath: .spec.mode}]
          additionalPrinterColumns:
          - {name: Mode, type: string, jsonPath: .spec.mode}
          - {name: Heat, type: integer, jsonPath: .spec.heat, priority: 1}
          - {name: Since, type: date, jsonPath: .status.since}
          - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              description: An oven of the kitchen
              properties:
                spec:
                  type: object
                  required: [mode]
                  x-kubernetes-validations:
                  - {rule: "self.heat <= 300 || self.mode == 'grill'", message: "too hot", reason: FieldValueInvalid, fieldPath: .heat}
                  - {rule: "!has(oldSelf.serial) || has(self.serial)", message: serial stays}
                  properties:
                    mode: {type: string, enum: [bake, grill], description: How it heats}
                    heat: {type: integer, default: 180, minimum: 50, maximum: 500}
                    serial: {type: string, maxLength: 8, x-kubernetes-validations: [{rule: "self == oldSelf", message: serial is immutable, reason: FieldValueForbidden}]}
                    trays: {type: array, maxItems: 3, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object, required: [name], properties: {name: {type: string}, cake: {type: string, default: none}}}}
                    extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    when: {type: string, format: date-time}
                    port: {x-kubernetes-int-or-string: true}
                status: {type: object, properties: {since: {type: string, format: date-time}, ready: {type: boolean}}}
      """
    Then customresourcedefinition ovens.kitchen.example.com eventually has condition Established=True
    When 3 seconds pass
    And I apply:
      """
      apiVersion: kitchen.example.com/v1
      kind: Oven
      metadata: {name: big}
      spec: {mode: bake, serial: A1, trays: [{name: top}, {name: low, cake: plum}], extra: {any: {thing: [1, two]}}, port: http}
      status: {ready: true}
      """
    And I apply:
      """
      apiVersion: kitchen.example.com/v1
      kind: Oven
      metadata: {name: wrong}
      spec: {mode: fry, heat: 20, serial: "123456789", trays: [{name: a}, {name: a}, {}, {name: c}], when: today, port: [1], colour: red}
      """
    And I apply:
      """
      apiVersion: kitchen.example.com/v1
      kind: Oven
      metadata: {name: strict}
      spec: {mode: bake, colour: red, trays: [{name: x, size: 3}]}
      """
    And I run:
      """
      kubectl get ovens
      kubectl get ov -o wide
      kubectl get kitchen
      kubectl get oven big -o yaml
      kubectl patch oven big --type=merge -p '{"spec":{"serial":"B2"}}'
      kubectl patch oven big --type=merge -p '{"spec":{"serial":null}}'
      kubectl patch oven big --type=merge -p '{"spec":{"heat":301}}'
      kubectl patch oven big --type=merge -p '{"spec":{"heat":"hot"}}'
      kubectl patch oven big -p '{"spec":{"heat":200}}'
      kubectl patch oven big --subresource=status --type=merge -p '{"status":{"ready":true,"since":"2024-01-01T00:00:00Z"},"spec":{"heat":99}}'
      kubectl get oven big -o jsonpath='{.spec.heat} {.status} {.metadata.generation}'
      kubectl get ovens --field-selector spec.mode=grill
      kubectl get ovens --field-selector spec.heat=180
      kubectl describe oven big
      kubectl explain oven
      kubectl explain oven.spec --recursive
      kubectl explain oven.spec.mode
      kubectl explain oven.spec.nothing
      kubectl scale oven big --replicas=2
      kubectl get crd ovens.kitchen.example.com
      kubectl describe crd ovens.kitchen.example.com
      kubectl delete oven --all
      kubectl delete crd ovens.kitchen.example.com
      kubectl get ovens
      """
