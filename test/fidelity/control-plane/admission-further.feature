Feature: What a policy's types know

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Quantities are no fields to the type checker, yet they are to the policy
    When I apply:
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: further-types}
      spec:
        matchConstraints:
          resourceRules:
          - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods, services, configmaps]}
          - {apiGroups: [policy], apiVersions: [v1], operations: [CREATE], resources: [poddisruptionbudgets]}
          - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [controllerrevisions]}
        validations:
        - {expression: "!has(object.spec.containers) || object.spec.containers.all(c, has(c.resources) && has(c.resources.limits))", message: "limits, please"}
        - {expression: "!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.emptyDir) || has(v.emptyDir.sizeLimit))"}
        - {expression: "!has(object.spec.ports) || object.spec.ports.all(p, p.targetPort != 0)"}
        - {expression: "!has(object.spec.maxUnavailable) || object.spec.maxUnavailable == 1"}
        - {expression: "!has(object.data) || !has(object.data.spec)"}
        - {expression: "!has(object.metadata.managedFields) || !has(object.metadata.managedFields[0].fieldsV1.x)"}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: further-types}
      spec: {policyName: further-types, validationActions: [Warn], matchResources: {namespaceSelector: {matchLabels: {typed: "yes"}}}}
      """
    And 3 seconds pass
    And I run "kubectl get validatingadmissionpolicy further-types -o yaml"
    And I run "kubectl create namespace further-typed"
    And I run "kubectl label namespace further-typed typed=yes"
    And 2 seconds pass
    And I run "kubectl run one --image=example.com/further1/one:1 -n further-typed"
    And I run "kubectl create service clusterip one --tcp=80:0 -n further-typed"
