Feature: Definitions, owners of fields, rights, and what holds on to what

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: A rule that is tightened does not disturb what was there
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.objwave1.example.com}
      spec:
        group: objwave1.example.com
        scope: Namespaced
        names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd], categories: [all, toys]}
        versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}}
            selectableFields: [{jsonPath: .spec.colour}]
            additionalPrinterColumns:
              - {name: Colour, type: string, jsonPath: .spec.colour, description: what it looks like}
              - {name: Replicas, type: integer, jsonPath: .spec.replicas, priority: 1}
              - {name: Since, type: date, jsonPath: .metadata.creationTimestamp}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      colour: {type: string, default: red}
                      replicas: {type: integer, minimum: 0}
                      port: {x-kubernetes-int-or-string: true}
                      extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      parts:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items: {type: object, required: [name], properties: {name: {type: string, maxLength: 5}, size: {type: integer, default: 1}}}
                  status: {type: object, properties: {replicas: {type: integer}, selector: {type: string}}}
      """
    And I run "kubectl wait crd widgets.objwave1.example.com --for=condition=Established --timeout=20s"
    And I apply:
      """
      apiVersion: objwave1.example.com/v1
      kind: Widget
      metadata: {name: one}
      spec: {replicas: 2, port: http, unknown: 1, extra: {deep: {er: 1}}, parts: [{name: a}, {name: b, size: 2}]}
      ---
      apiVersion: objwave1.example.com/v1
      kind: Widget
      metadata: {name: two}
      spec: {colour: blue, port: 80}
      """
    And I create:
      """
      apiVersion: objwave1.example.com/v1
      kind: Widget
      metadata: {name: three}
      spec: {colour: 5, replicas: -1, port: 1.5, parts: [{name: toolong}, {size: 3}, {name: a}, {name: a}]}
      """
    And I run:
      """
      kubectl get widgets -o wide
      kubectl get wd --field-selector spec.colour=blue
      kubectl get wd --field-selector spec.replicas=2
      kubectl get toys
      kubectl get wd one -o jsonpath='{.spec}'
      kubectl scale wd one --replicas=5
      kubectl scale wd two --replicas=1
      kubectl patch wd one --type=merge -p '{"status":{"replicas":3}}'
      kubectl patch wd one --type=merge --subresource=status -p '{"status":{"replicas":3},"spec":{"colour":"green"}}'
      kubectl get wd one -o jsonpath='{.spec.colour} {.status} {.metadata.generation}'
      kubectl patch wd one -p '{"spec":{"colour":"x"}}'
      kubectl explain widget.spec.parts
      kubectl patch crd widgets.objwave1.example.com --type=json -p '[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/colour/enum","value":["red","green"]},{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/replicas/maximum","value":4},{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations","value":[{"rule":"!has(self.replicas) || self.replicas < 3","message":"fewer than three","fieldPath":".replicas","reason":"FieldValueForbidden"},{"rule":"self.colour == oldSelf.colour","messageExpression":"\"stays \" + oldSelf.colour"}]}]'
      """
    And 3 seconds pass
    And I run:
      """
      kubectl label wd one a=b
      kubectl patch wd one --type=merge -p '{"spec":{"replicas":6}}'
      kubectl patch wd one --type=merge -p '{"spec":{"replicas":3}}'
      kubectl patch wd two --type=merge -p '{"spec":{"port":81}}'
      kubectl patch wd two --type=merge -p '{"spec":{"colour":"green"}}'
      kubectl patch wd two --type=merge -p '{"spec":{"colour":"yellow"}}'
      kubectl delete crd widgets.objwave1.example.com
      kubectl get wd
      """

  @shared-cluster
  Scenario: Two versions without conversion, one of them deprecated, then the storage moves
    When I apply:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: gears.objwave2.example.com}
      spec:
        group: objwave2.example.com
        scope: Cluster
        names: {plural: gears, kind: Gear}
        versions:
          - {name: v1beta1, served: true, storage: true, deprecated: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {teeth: {type: integer}}}}}}}
          - {name: v1, served: true, storage: false, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {teeth: {type: integer}, radius: {type: integer, nullable: true}}}}}}}
      """
    And I run "kubectl wait crd gears.objwave2.example.com --for=condition=Established --timeout=20s"
    And I apply:
      """
      apiVersion: objwave2.example.com/v1
      kind: Gear
      metadata: {name: g}
      spec: {teeth: 12, radius: 4}
      """
    And I run:
      """
      kubectl get gears.v1beta1.objwave2.example.com g -o jsonpath='{.apiVersion} {.spec}'
      kubectl get gears g -o jsonpath='{.apiVersion} {.spec}'
      kubectl patch crd gears.objwave2.example.com --type=json -p '[{"op":"replace","path":"/spec/versions/0/storage","value":false},{"op":"replace","path":"/spec/versions/1/storage","value":true}]'
      kubectl get crd gears.objwave2.example.com -o jsonpath='{.status.storedVersions} {.status.acceptedNames}'
      kubectl patch crd gears.objwave2.example.com --type=json -p '[{"op":"remove","path":"/spec/versions/0"}]'
      kubectl label gear g migrated=yes
      kubectl patch crd gears.objwave2.example.com --subresource=status --type=merge -p '{"status":{"storedVersions":["v1"]}}'
      kubectl patch crd gears.objwave2.example.com --type=json -p '[{"op":"remove","path":"/spec/versions/0"}]'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get gears.v1beta1.objwave2.example.com g
      kubectl get gear g -o jsonpath='{.apiVersion} {.spec}'
      kubectl patch crd gears.objwave2.example.com --type=merge -p '{"spec":{"scope":"Namespaced"}}'
      kubectl patch crd gears.objwave2.example.com --type=merge -p '{"spec":{"names":{"kind":"Cog","plural":"cogs"}}}'
      """
    And I create:
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: wheels.objwave2.example.com}
      spec:
        group: objwave2.example.com
        scope: Cluster
        names: {plural: wheels, kind: Gear, shortNames: [gears]}
        versions:
          - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
      """
    And 2 seconds pass
    And I run "kubectl get crd wheels.objwave2.example.com -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{\"; \"}{end}'"
    And I run "kubectl patch gear g --type=merge -p '{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}'"
    And I run "kubectl delete crd gears.objwave2.example.com wheels.objwave2.example.com --wait=false"
    And 2 seconds pass
    And I run "kubectl get crd gears.objwave2.example.com -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{\"; \"}{end}'"
    And I run "kubectl patch gear g --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    And 7 seconds pass
    And I run "kubectl get crd"

  @shared-cluster
  Scenario: Fields change hands
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, labels: {team: a}}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "example.com/objtwave3/web:1", env: [{name: A, value: "1"}], ports: [{containerPort: 80}]}]}
      """
    Then deployment web eventually has 1 ready replica
    When I run:
      """
      kubectl get deployment web --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource};{end}'
      kubectl scale deployment web --replicas=2
      kubectl set image deployment web web=example.com/objtwave3/web:2 --field-manager=ci
      kubectl apply --server-side --field-manager=gitops -f objects-wave-web.yaml
      kubectl apply --server-side --field-manager=gitops --force-conflicts -f objects-wave-web.yaml
      kubectl get deployment web --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource};{end}'
      kubectl apply --server-side --field-manager=other -f objects-wave-labels.yaml
      kubectl get deployment web --show-managed-fields -o jsonpath='{.metadata.managedFields[?(@.manager=="other")].fieldsV1}'
      kubectl apply --server-side -f objects-wave-web.yaml
      kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[*].env} {.metadata.labels} {.spec.replicas}'
      kubectl apply -f objects-wave-web.yaml
      kubectl get deployment web -o jsonpath='{.metadata.annotations}'
      kubectl apply view-last-applied deployment web
      kubectl label deployment web team=c --overwrite
      kubectl apply --server-side --field-manager=gitops -f objects-wave-web.yaml
      kubectl apply --server-side --field-manager=gitops --dry-run=server -f objects-wave-labels.yaml
      kubectl delete deployment web
      """

  @shared-cluster
  Scenario: Roles that gather others, that are bound and widened by those who may not
    When I apply:
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: objwave4-all}
      aggregationRule: {clusterRoleSelectors: [{matchLabels: {objwave4: "yes"}}]}
      rules: []
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: objwave4-pods, labels: {objwave4: "yes"}}
      rules: [{apiGroups: [""], resources: [pods, pods/log], verbs: [get, list]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: objwave4-maps, labels: {objwave4: "yes"}}
      rules: [{apiGroups: [""], resources: [configmaps], resourceNames: [settings], verbs: [get, update]}, {nonResourceURLs: [/metrics, /logs/*], verbs: [get]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: rolemaker}
      rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [create, update, patch, get, list]}]
      """
    And 1 second passes
    And I run:
      """
      kubectl describe clusterrole objwave4-all
      kubectl create rolebinding maker --role=rolemaker --user=ana
      kubectl create rolebinding reader --clusterrole=objwave4-all --group=dev --serviceaccount=objects-wave-4:default
      kubectl create role x --verb=get --resource=pods --as=ana
      kubectl create role x --verb=get --resource=roles.rbac.authorization.k8s.io --as=ana
      kubectl create rolebinding y --clusterrole=objwave4-pods --user=ana --as=ana
      kubectl create rolebinding y --clusterrole=cluster-admin --user=ana --as=ana
      kubectl create rolebinding z --role=nothing --user=ana --as=ana
      kubectl create clusterrole objwave4-bind --verb=bind --resource=clusterroles.rbac.authorization.k8s.io --resource-name=objwave4-pods
      kubectl create rolebinding binder --clusterrole=objwave4-bind --user=ana
      kubectl create rolebinding y --clusterrole=objwave4-pods --user=bob --as=ana
      kubectl patch role rolemaker --type=json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}}]' --as=ana
      kubectl patch rolebinding y --type=merge -p '{"roleRef":{"name":"view"}}'
      kubectl auth can-i get pods --as=eve --as-group=dev
      kubectl auth can-i get configmaps/settings --as=eve --as-group=dev
      kubectl auth can-i get configmaps --as=eve --as-group=dev
      kubectl auth can-i get /metrics --as=eve --as-group=dev
      kubectl auth can-i --list --as=eve --as-group=dev
      kubectl auth can-i list pods --as=system:serviceaccount:objects-wave-4:default
      kubectl auth can-i list pods -A --as=system:serviceaccount:objects-wave-4:default
      kubectl auth whoami --as=eve --as-group=dev --as-uid=7
      kubectl get pods --as=ana --as-group=dev --as-uid=1
      kubectl auth whoami
      kubectl label clusterrole objwave4-pods objwave4-
      """
    And 1 second passes
    And I run:
      """
      kubectl get clusterrole objwave4-all -o jsonpath='{.rules}'
      kubectl patch clusterrole objwave4-all --type=merge -p '{"rules":[{"apiGroups":[""],"resources":["nodes"],"verbs":["list"]}]}'
      """
    And 1 second passes
    And I run:
      """
      kubectl get clusterrole objwave4-all -o jsonpath='{.rules}'
      kubectl auth reconcile -f objects-wave-role.yaml
      kubectl auth reconcile -f objects-wave-role.yaml --remove-extra-permissions
      kubectl delete clusterrole objwave4-all objwave4-pods objwave4-maps objwave4-bind
      """

  @shared-cluster
  Scenario: Impersonation by somebody who may, tokens and what they are bound to
    When I run:
      """
      kubectl create serviceaccount robot
      kubectl create clusterrole objwave5-as --verb=impersonate --resource=users --resource-name=bob
      kubectl create clusterrolebinding objwave5-as --clusterrole=objwave5-as --user=ana
      kubectl create token robot --duration=5m
      kubectl create token robot --duration=10m --audience=https://example.com
      kubectl create token nobody
      kubectl create token robot --bound-object-kind=Pod
      kubectl create token robot --bound-object-kind=Pod --bound-object-name=missing
      kubectl create token robot --bound-object-kind=ConfigMap --bound-object-name=x
      kubectl create token robot --bound-object-kind=Secret --bound-object-name=x
      kubectl create token robot --as=ana
      kubectl auth can-i impersonate users/bob --as=ana
      kubectl auth can-i create serviceaccounts --subresource=token --as=ana
      kubectl create secret generic sa-token --type=kubernetes.io/service-account-token
      kubectl delete clusterrolebinding objwave5-as
      kubectl delete clusterrole objwave5-as
      """
    And I apply:
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: ghost-token, annotations: {kubernetes.io/service-account.name: ghost}}
      type: kubernetes.io/service-account-token
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: projected}
      spec:
        serviceAccountName: robot
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 1
        containers: [{name: app, image: "example.com/objtwave5/app:1", volumeMounts: [{name: t, mountPath: /var/run/t}]}]
        volumes:
          - name: t
            projected:
              defaultMode: 0440
              sources:
                - serviceAccountToken: {path: token, audience: vault, expirationSeconds: 600}
                - downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
                - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get secrets
      kubectl get pod projected -o jsonpath='{.spec.volumes}'
      kubectl create token robot --bound-object-kind=Pod --bound-object-name=projected
      kubectl describe serviceaccount robot
      kubectl delete serviceaccount robot
      """
    And 2 seconds pass
    And I run "kubectl get secrets,sa"
    And I run "kubectl run next --image=example.com/objtwave5/app:1 --overrides='{\"spec\":{\"serviceAccountName\":\"robot\"}}'"
    And I run "kubectl describe pod projected"
