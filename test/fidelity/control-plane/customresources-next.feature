Feature: Custom resources in several versions, deletion, daemons

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Two versions, cluster scope, status apart, a rule about what was
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: planets.space.example.com}
      spec:
        group: space.example.com
        scope: Cluster
        names: {plural: planets, singular: planet, kind: Planet, shortNames: [pl], categories: [sky]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          schema: &schema
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                spec:
                  type: object
                  properties:
                    mass: {type: integer, minimum: 1}
                    rings: {type: array, maxItems: 2, items: {type: string, enum: [ice, dust]}}
                    size: {type: string, default: medium, enum: [small, medium, large]}
                    extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    when: {type: string, format: date-time}
                  x-kubernetes-validations: [{rule: "self.mass >= oldSelf.mass", message: "mass never shrinks"}]
                status: {type: object, properties: {phase: {type: string}}}
          additionalPrinterColumns:
          - {name: Size, type: string, jsonPath: .spec.size}
          - {name: Phase, type: string, jsonPath: .status.phase}
          - {name: Mass, type: integer, jsonPath: .spec.mass, priority: 1}
        - name: v1beta1
          served: true
          storage: false
          deprecated: true
          schema:
            openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """
    Then customresourcedefinition planets.space.example.com eventually has condition Established=True
    When 2 seconds pass
    And I apply:
      """
      apiVersion: space.example.com/v1
      kind: Planet
      metadata: {name: saturn, finalizers: [example.com/orbit]}
      spec: {mass: 95, rings: [ice, dust], extra: {a: {b: 1}}}
      status: {phase: Forming}
      """
    And I run:
      """
      kubectl get planets
      kubectl get pl saturn -o yaml
      kubectl get planets -o wide
      kubectl get sky
      kubectl get planets.v1beta1.space.example.com
      kubectl patch planet saturn --type=merge -p '{"spec":{"mass":90}}'
      kubectl patch planet saturn --type=merge -p '{"spec":{"mass":99},"status":{"phase":"Ready"}}'
      kubectl patch planet saturn --subresource=status --type=merge -p '{"status":{"phase":"Ready"},"spec":{"mass":200}}'
      kubectl get planet saturn -o jsonpath='{.spec.mass} {.status} {.metadata.generation}'
      kubectl patch planet saturn -p '{"spec":{"mass":100}}'
      kubectl patch planet saturn --type=merge -p '{"spec":{"rings":["ice","gas","dust"],"size":"huge","when":"noon"}}'
      kubectl label planet saturn kind=gas
      kubectl scale planet saturn --replicas=2
      kubectl delete planet saturn --wait=false
      kubectl get planet saturn -o jsonpath='{.metadata.finalizers}'
      kubectl explain planet.spec
      kubectl explain planet.spec.rings
      kubectl describe crd planets.space.example.com
      """
    And I run "kubectl delete crd planets.space.example.com --wait=false"
    And 1 second passes
    And I run "kubectl get crd planets.space.example.com -o jsonpath='{.status.conditions[*].type}'"
    And I run "kubectl patch planet saturn --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    Then customresourcedefinition planets.space.example.com eventually gone
    When I run "kubectl get planets"

  @shared-cluster
  Scenario: A definition that is wrong
    When I create:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: wrong.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: gadgets, kind: Gadget}
        versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
      """
    And I create:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: gadgets.example.com}
      spec:
        group: example.com
        scope: Global
        names: {plural: gadgets, kind: Gadget}
        versions:
        - {name: v1, served: true, storage: false, schema: {openAPIV3Schema: {type: object, properties: {spec: {properties: {a: {type: word}}}}}}}
        - {name: v2, served: true, storage: false}
      """
    And I create:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: gadgets.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: gadgets, kind: Gadget}
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties: {spec: {type: object, properties: {a: {type: integer, default: "x"}}, x-kubernetes-validations: [{rule: "self.b > 1"}]}}
      """

  @shared-cluster
  Scenario: Owners, finalizers and the three ways to delete
    When I run "kubectl create deployment shop --image=example.com/shop:1 --replicas=2"
    Then deployment shop eventually has 2 ready replicas
    When I run:
      """
      kubectl delete rs -l app=shop --cascade=orphan
      """
    Then deployment shop eventually has 2 ready replicas
    When 2 seconds pass
    And I run "kubectl get rs,pods"
    And I run "kubectl delete deployment shop --cascade=background --wait=false"
    Then pods labelled app=shop eventually gone
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: slow, finalizers: [example.com/hold]}
      spec: {terminationGracePeriodSeconds: 3, containers: [{name: app, image: "example.com/app:1"}]}
      """
    Then pod slow eventually Ready
    When I run "kubectl delete pod slow --wait=false"
    And I run "kubectl delete pod slow --grace-period=1 --wait=false"
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod slow --grace-period=0 --force --wait=false"
    And I run "kubectl get pod slow -o jsonpath='{.metadata.deletionGracePeriodSeconds} {.status.phase}'"
    And I run "kubectl patch pod slow --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]'"
    Then pod slow eventually gone

  @shared-cluster
  Scenario: Daemons that surge, wait for a hand, and must not go everywhere
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/agent:1"}]}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: byhand}
      spec:
        updateStrategy: {type: OnDelete}
        selector: {matchLabels: {app: byhand}}
        template:
          metadata: {labels: {app: byhand}}
          spec: {nodeSelector: {kubernetes.io/hostname: worker-1}, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/byhand:1"}]}
      """
    Then daemonset agent eventually has 2 ready replicas
    And daemonset byhand eventually has 1 ready replicas
    When I run "kubectl set image ds/agent app=example.com/agent:2"
    And I run "kubectl rollout status ds/agent --timeout=60s"
    And I run "kubectl set image ds/byhand app=example.com/byhand:2"
    And 2 seconds pass
    And I run "kubectl get ds"
    And I run "kubectl rollout status ds/byhand"
    And I run "kubectl delete pod -l app=byhand"
    Then daemonset byhand eventually has 1 updated replicas
    And daemonset byhand eventually has 1 ready replicas
    When I run "kubectl rollout restart ds/agent"
    And I run "kubectl rollout status ds/agent --timeout=60s"
    And I run "kubectl rollout history ds/agent"
    And I run "kubectl scale ds agent --replicas=1"
    And I run "kubectl delete ds agent --cascade=orphan"
    And I run "kubectl get pods -l app=agent"
