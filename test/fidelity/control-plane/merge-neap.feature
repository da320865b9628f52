Feature: Who owns what after many hands, and what lists become when they are merged

  Background:
    Given a cluster with 1 node

  @shared-cluster
  Scenario: Items of lists change hands by server-side apply
    When I run:
      """
      kubectl apply --server-side --field-manager=one -f merge-neap-one.yaml
      kubectl apply --server-side --field-manager=two -f merge-neap-two.yaml
      kubectl get deployment m -o jsonpath='{.spec.template.spec.containers[*].name} {.spec.template.spec.containers[0].env} {.spec.template.spec.containers[0].ports} {.spec.template.spec.tolerations}'
      kubectl apply --server-side --field-manager=two -f merge-neap-three.yaml
      kubectl get deployment m -o jsonpath='{.spec.template.spec.containers[*].name} {.spec.template.spec.containers[0].env} {.spec.template.spec.volumes}'
      kubectl apply --server-side --field-manager=one -f merge-neap-three.yaml --force-conflicts
      kubectl get deployment m -o jsonpath='{.spec.template.spec.containers[*].name} {.spec.template.spec.containers[0].env} {.spec.template.spec.containers[0].ports}'
      kubectl get deployment m --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation} {.fieldsV1}{"; "}{end}'
      kubectl label deployment m extra=1 --field-manager=three
      kubectl apply --server-side --field-manager=one -f merge-neap-empty.yaml
      kubectl get deployment m --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation}{"; "}{end}'
      kubectl apply --server-side --field-manager=one -f merge-neap-one.yaml --dry-run=server -o jsonpath='{.spec.template.spec.containers[*].name}'
      kubectl patch deployment m --type=merge -p '{"metadata":{"managedFields":[]}}'
      kubectl get deployment m --show-managed-fields -o jsonpath='{.metadata.managedFields}'
      kubectl patch deployment m --type=merge -p '{"metadata":{"managedFields":[{}]}}'
      kubectl get deployment m --show-managed-fields -o jsonpath='{.metadata.managedFields}'
      kubectl apply --server-side --field-manager=four -f merge-neap-two.yaml
      kubectl apply --server-side --field-manager='' -f merge-neap-two.yaml
      kubectl apply --server-side -f merge-neap-two.yaml --field-manager=a/very/odd/name
      kubectl apply --server-side -f merge-neap-wrong.yaml
      """
    And I run "kubectl get service m --show-managed-fields -o jsonpath='{.metadata.managedFields[*].fieldsV1}'"
    And I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: m}
      spec: {selector: {a: b}, ports: [{name: x, port: 80}, {name: y, port: 80, protocol: UDP}]}
      """
    And I run:
      """
      kubectl apply --server-side --field-manager=two -f merge-neap-service.yaml
      kubectl apply --server-side --field-manager=two --force-conflicts -f merge-neap-service.yaml
      kubectl get service m -o jsonpath='{.spec.ports}'
      kubectl patch service m --type=json -p '[{"op":"remove","path":"/spec/ports/0"}]' --field-manager=three
      kubectl get service m --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation} {.fieldsV1}{"; "}{end}'
      """

  @shared-cluster
  Scenario: Strategic merges with their directives
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, labels: {a: "1", b: "2"}, finalizers: [example.com/a, example.com/b]}
      spec:
        schedulingGates: [{name: example.com/wait}]
        tolerations: [{key: x, operator: Exists}, {key: y, operator: Exists, effect: NoSchedule}]
        nodeSelector: {one: "1"}
        containers: [{name: app, image: "example.com/neap2/app:1", env: [{name: A, value: "1"}, {name: B, value: "2"}], ports: [{containerPort: 80}, {containerPort: 81}]}]
      """
    And I run:
      """
      kubectl patch pod p -p '{"metadata":{"labels":{"a":null,"c":"3"}}}'
      kubectl patch pod p -p '{"metadata":{"labels":{"$patch":"replace","only":"me"}}}'
      kubectl get pod p -o jsonpath='{.metadata.labels}'
      kubectl patch pod p -p '{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.com/a"]}}'
      kubectl patch pod p -p '{"metadata":{"finalizers":["example.com/c"]}}'
      kubectl patch pod p -p '{"metadata":{"finalizers":["example.com/d"],"$setElementOrder/finalizers":["example.com/d","example.com/b","example.com/c"]}}'
      kubectl get pod p -o jsonpath='{.metadata.finalizers}'
      kubectl patch pod p -p '{"metadata":{"annotations":{"x":"1"}},"spec":{"$retainKeys":["containers"]}}'
      kubectl patch pod p -p '{"spec":{"containers":[{"name":"app","image":"example.com/neap2/app:2","$retainKeys":["name","image"]}]}}'
      kubectl patch pod p -p '{"spec":{"containers":[{"name":"app","env":[{"name":"A","$patch":"delete"}]}]}}'
      kubectl patch pod p -p '{"spec":{"containers":[{"image":"x"}]}}'
      kubectl patch pod p -p '{"spec":{"tolerations":[{"key":"z","operator":"Exists"}]}}'
      kubectl patch pod p -p '{"spec":{"$setElementOrder/containers":[{"name":"app"},{"name":"other"}]}}'
      kubectl patch pod p -p '{"spec":{"nodeSelector":{"two":"2"}}}'
      kubectl patch pod p -p '{"spec":{"schedulingGates":[{"name":"example.com/wait","$patch":"delete"}]}}'
      kubectl patch pod p -p '{"spec":{"containers":[{"$patch":"bogus","name":"app"}]}}'
      kubectl patch pod p -p '{"metadata":{"labels":["a"]}}'
      kubectl patch pod p -p '{"spec":{"containers":{"name":"app"}}}'
      kubectl patch pod p -p '[]'
      kubectl patch pod p -p 'null'
      kubectl patch pod p -p '"text"'
      kubectl get pod p -o jsonpath='{.spec.containers[0].image} {.spec.containers[0].env} {.spec.tolerations} {.spec.nodeSelector} {.metadata.finalizers}'
      kubectl patch pod p --type=merge -p '{"metadata":{"finalizers":null}}'
      kubectl patch pod p --type=json -p '[{"op":"add","path":"/metadata/labels/a~1b","value":"c"}]'
      kubectl patch pod p --type=json -p '[{"op":"replace","path":"/metadata/labels/none","value":"c"}]'
      kubectl patch pod p --type=json -p '[{"op":"add","path":"/metadata/none/x","value":"c"}]'
      kubectl patch pod p --type=json -p '[{"op":"test","path":"/metadata/name","value":"q"},{"op":"remove","path":"/metadata/labels"}]'
      kubectl patch pod p --type=yaml -p '{}'
      kubectl patch pod p --type=merge -p '{"apiVersion":"apps/v1"}'
      kubectl patch pod p --type=merge -p '{"kind":"Service"}'
      """

  @shared-cluster
  Scenario: How amounts and times read once they are stored
    When I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: amounts}
      spec:
        schedulingGates: [{name: example.com/wait}]
        containers:
          - {name: a, image: "example.com/neap3/a:1", resources: {requests: {cpu: 1000m, memory: 1.5Gi, ephemeral-storage: 1e3}, limits: {cpu: "2.50", memory: 2048Mi, ephemeral-storage: 1000k}}}
          - {name: b, image: "example.com/neap3/a:1", resources: {limits: {cpu: 0.1, memory: 123456789, hugepages-2Mi: 4Mi}}}
          - {name: c, image: "example.com/neap3/a:1", resources: {requests: {cpu: 1e-3, memory: 1000Ki}}}
        volumes: [{name: v, emptyDir: {sizeLimit: 0.5Gi}}, {name: w, emptyDir: {sizeLimit: 1073741824}}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: odd}
      spec:
        schedulingGates: [{name: example.com/wait}]
        containers: [{name: a, image: "example.com/neap3/a:1", resources: {requests: {cpu: 0.5m, memory: 0.1}, limits: {cpu: 1n, memory: 100m}}}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wrong}
      spec:
        containers: [{name: a, image: "example.com/neap3/a:1", resources: {requests: {cpu: 1x, memory: 1 Gi}}}]
      """
    And I create:
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q}
      spec: {hard: {cpu: 1500m, memory: 1536Mi, requests.storage: 10.5Gi, pods: "1e1", count/configmaps: 5k}}
      ---
      apiVersion: coordination.k8s.io/v1
      kind: Lease
      metadata: {name: l}
      spec: {acquireTime: "2026-01-01T00:00:00+02:00", renewTime: "2026-01-01T00:00:00.123456789Z"}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: neap3}
      spec: {capacity: {storage: 1024Mi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}
      """
    And 1 second passes
    And I run:
      """
      kubectl get pod amounts -o jsonpath='{.spec.containers[*].resources} {.spec.volumes[*].emptyDir.sizeLimit} {.status.qosClass}'
      kubectl get pod odd -o jsonpath='{.spec.containers[*].resources}'
      kubectl describe pod amounts
      kubectl get quota q
      kubectl describe quota q
      kubectl get lease l -o jsonpath='{.spec}'
      kubectl get pv neap3
      kubectl create -f merge-neap-time.yaml
      kubectl patch quota q -p '{"spec":{"hard":{"cpu":"many"}}}'
      kubectl patch quota q --type=merge -p '{"spec":{"hard":{"cpu":2}}}'
      kubectl get quota q -o jsonpath='{.spec.hard}'
      kubectl delete pv neap3
      """
