Feature: Services without selectors, by name, for sets, and storage made by hand

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Endpoints made by hand, and a service that has no selector
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: legacy}
      spec: {ports: [{name: db, port: 5432}]}
      ---
      apiVersion: v1
      kind: Endpoints
      metadata: {name: legacy}
      subsets: [{addresses: [{ip: 192.0.2.10}, {ip: 192.0.2.11}], ports: [{name: db, port: 5432}]}]
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get endpointslices -l kubernetes.io/service-name=legacy -o jsonpath='{.items[0].metadata.labels} {.items[0].endpoints[*].addresses}'
      kubectl describe service legacy
      kubectl get endpoints legacy
      """
    And I apply:
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: own, labels: {kubernetes.io/service-name: legacy}}
      addressType: IPv4
      ports: [{name: db, port: 5433}]
      endpoints: [{addresses: [192.0.2.20], conditions: {ready: true}}]
      """
    And I create:
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: bad}
      addressType: IPv5
      ports: [{name: Big_Name, port: 99999, protocol: ICMP}]
      endpoints: [{addresses: []}, {addresses: [127.0.0.1]}]
      """
    And I run "kubectl get endpointslices"
    And I run "kubectl delete endpoints legacy"
    And 2 seconds pass
    And I run "kubectl get endpointslices"

  @shared-cluster
  Scenario: Named ports, two ports, addresses that are not ready
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        publishNotReadyAddresses: true
        sessionAffinity: ClientIP
        ports:
        - {name: http, port: 80, targetPort: http}
        - {name: metrics, port: 9100, targetPort: metrics}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: strict}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-a, labels: {app: web}}
      spec:
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "example.com/web:1", ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9102}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-b, labels: {app: web}}
      spec:
        terminationGracePeriodSeconds: 2
        readinessGates: [{conditionType: example.com/warm}]
        containers: [{name: app, image: "example.com/web:1", ports: [{name: http, containerPort: 8081}]}]
      """
    Then pod web-a eventually Ready
    And pod web-b eventually Running
    When 2 seconds pass
    And I run:
      """
      kubectl get pods
      kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{range .items[*]}{.ports[*].name}:{.endpoints[*].targetRef.name}:{.endpoints[*].conditions}{"\n"}{end}'
      kubectl get endpoints web strict
      kubectl describe service web
      kubectl patch pod web-b --subresource=status -p '{"status":{"conditions":[{"type":"example.com/warm","status":"True"}]}}'
      """
    Then pod web-b eventually Ready
    When 1 second passes
    And I run "kubectl get endpoints web strict"
    And I run "kubectl delete pod web-a"
    And I run "kubectl get endpointslices"

  @shared-cluster
  Scenario: What a service may not be
    When I run:
      """
      kubectl create service clusterip none --clusterip=None
      kubectl create service clusterip two --tcp=80 --tcp=443:8443
      kubectl create service clusterip bad --tcp=http
      kubectl create service externalname ext
      kubectl create service externalname ext --external-name=Bad_Host
      kubectl create service nodeport fixed --tcp=80 --node-port=31999
      kubectl create service nodeport low --tcp=80 --node-port=80
      kubectl create service loadbalancer lb --tcp=443:8443
      kubectl get services
      kubectl describe service lb
      kubectl get service two -o jsonpath='{.spec.ports} {.spec.selector} {.spec.internalTrafficPolicy}'
      kubectl patch service two --type=merge -p '{"spec":{"ports":[{"port":80},{"port":81}]}}'
      kubectl patch service two --type=merge -p '{"spec":{"ports":[{"name":"a","port":80},{"name":"b","port":80}]}}'
      kubectl patch service two -p '{"spec":{"type":"NodePort"}}'
      kubectl patch service two -p '{"spec":{"sessionAffinity":"Cookie"}}'
      kubectl patch service two -p '{"spec":{"type":"NodePort","externalTrafficPolicy":"Local"}}'
      kubectl delete service two none
      """
    And I create:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: 9lives}
      spec: {selector: {"a b": c}, ports: [{port: 0, targetPort: "A_b"}], clusterIP: 300.1.1.1}
      """
    And I create:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: headless}
      spec: {selector: {a: b}, clusterIP: None, type: NodePort, ports: [{port: 80}]}
      """

  @shared-cluster
  Scenario: Volumes made by hand are matched by class, size, mode and label
    When I apply:
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: hand-small, labels: {tier: gold}}
      spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: hand, persistentVolumeReclaimPolicy: Retain, hostPath: {path: /tmp/s}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: hand-large}
      spec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce, ReadOnlyMany], storageClassName: hand, persistentVolumeReclaimPolicy: Delete, hostPath: {path: /tmp/l}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: labelled}
      spec: {storageClassName: hand, accessModes: [ReadWriteOnce], selector: {matchLabels: {tier: gold}}, resources: {requests: {storage: 500Mi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: many}
      spec: {storageClassName: hand, accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: fits}
      spec: {storageClassName: hand, accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}
      """
    Then persistentvolumeclaim labelled eventually Bound
    And persistentvolumeclaim fits eventually Bound
    When 2 seconds pass
    And I run:
      """
      kubectl get pvc
      kubectl get pv
      kubectl describe pvc many
      kubectl describe pv hand-small
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: user}
      spec:
        terminationGracePeriodSeconds: 1
        volumes: [{name: d, persistentVolumeClaim: {claimName: labelled}}]
        containers: [{name: app, image: "example.com/app:1", volumeMounts: [{name: d, mountPath: /d}]}]
      """
    Then pod user eventually Ready
    When I run "kubectl delete pvc labelled --wait=false"
    And 2 seconds pass
    And I run "kubectl get pvc"
    And I run "kubectl describe pvc labelled"
    And I run "kubectl delete pod user"
    Then persistentvolumeclaim labelled eventually gone
    When 2 seconds pass
    And I run "kubectl get pv"
    And I run "kubectl delete pvc fits"
    And 2 seconds pass
    And I run "kubectl get pv"
    And I run "kubectl delete pv hand-small hand-large --wait=false"
