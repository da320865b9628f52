Feature: Names, slices and where traffic should go

  Background:
    Given a cluster with 2 nodes
    And the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | b    |

  @shared-cluster
  Scenario: Endpoints by hand are mirrored, until the service chooses by itself
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: legacy}
      spec: {ports: [{name: pg, port: 5432}, {name: metrics, port: 9100, targetPort: 9187}]}
      ---
      apiVersion: v1
      kind: Endpoints
      metadata: {name: legacy, labels: {team: dba}, annotations: {note: byhand}}
      subsets:
        - addresses: [{ip: 192.0.2.10}, {ip: 192.0.2.11, hostname: second, nodeName: worker-1}]
          notReadyAddresses: [{ip: 192.0.2.12}]
          ports: [{name: pg, port: 5432}]
        - addresses: [{ip: 192.0.2.20}]
          ports: [{name: metrics, port: 9187}]
      """
    And 2 seconds pass
    And I run "kubectl get endpointslices"
    And I run "kubectl get endpointslices -o jsonpath='{range .items[*]}{.metadata.labels} {.metadata.annotations} {.endpoints} {.ports}{\"; \"}{end}'"
    And I run "kubectl patch endpoints legacy --type=merge -p '{\"subsets\":[{\"addresses\":[{\"ip\":\"192.0.2.30\"}],\"ports\":[{\"name\":\"pg\",\"port\":5433}]}]}'"
    And 2 seconds pass
    And I run "kubectl get endpointslices"
    And I run "kubectl label endpoints legacy endpointslice.kubernetes.io/skip-mirror=true"
    And 2 seconds pass
    And I run "kubectl get endpointslices"
    And I run "kubectl label endpoints legacy endpointslice.kubernetes.io/skip-mirror-"
    And 2 seconds pass
    And I run "kubectl patch service legacy -p '{\"spec\":{\"selector\":{\"app\":\"pg\"}}}'"
    And 2 seconds pass
    And I run "kubectl get endpointslices,endpoints"
    And I run "kubectl delete service legacy"
    And 1 second passes
    And I run "kubectl get endpointslices,endpoints"

  @shared-cluster
  Scenario: A slice of one's own beside the one of the controller
    When I run "kubectl create service clusterip own --tcp=80:8080"
    And I apply:
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: own-byhand, labels: {kubernetes.io/service-name: own}}
      addressType: IPv4
      endpoints: [{addresses: [192.0.2.40], conditions: {ready: false}}, {addresses: [192.0.2.41], zone: a, deprecatedTopology: {x: y}}]
      ports: [{name: "80-8080", port: 8080}]
      """
    And I create:
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: wrong}
      addressType: IPv4
      endpoints: [{addresses: []}, {addresses: ["::1", 127.0.0.1]}, {addresses: [192.0.2.1], hostname: Bad_Name, hints: {forZones: [{name: a}, {name: a}]}}]
      ports: [{name: A, port: 0}, {name: x, protocol: ICMP}, {name: x}]
      """
    And I create:
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: names}
      addressType: FQDN
      endpoints: [{addresses: [db.example.com]}]
      ports: []
      """
    And 1 second passes
    And I run:
      """
      kubectl get endpointslices
      kubectl get endpoints own
      kubectl patch endpointslice own-byhand -p '{"addressType":"IPv6"}'
      kubectl describe service own
      kubectl describe endpointslice own-byhand
      kubectl delete service own
      """
    And 2 seconds pass
    And I run "kubectl get endpointslices"

  @shared-cluster
  Scenario: Hints for zones and nodes come and go with the wish for them
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: near}
      spec:
        replicas: 2
        selector: {matchLabels: {app: near}}
        template:
          metadata: {labels: {app: near}}
          spec:
            terminationGracePeriodSeconds: 1
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: near}}}]
            containers: [{name: app, image: "example.com/svcwave3/near:1", ports: [{containerPort: 80}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: near}
      spec: {selector: {app: near}, trafficDistribution: PreferClose, ports: [{port: 80}]}
      """
    Then deployment near eventually has 2 ready replicas
    When 2 seconds pass
    And I run "kubectl get endpointslices -o jsonpath='{range .items[0].endpoints[*]}{.zone} {.hints}{\"; \"}{end}'"
    And I run "kubectl patch service near -p '{\"spec\":{\"trafficDistribution\":\"PreferSameNode\"}}'"
    And 2 seconds pass
    And I run "kubectl get endpointslices -o jsonpath='{range .items[0].endpoints[*]}{.hints.forZones[*].name} {.hints.forNodes}{\"; \"}{end}'"
    And I run "kubectl patch service near -p '{\"spec\":{\"trafficDistribution\":\"PreferSameZone\"}}'"
    And 2 seconds pass
    And I run "kubectl get endpointslices -o jsonpath='{range .items[0].endpoints[*]}{.hints}{\"; \"}{end}'"
    And I run "kubectl annotate service near service.kubernetes.io/topology-mode=Auto"
    And 2 seconds pass
    And I run "kubectl get endpointslices -o jsonpath='{range .items[0].endpoints[*]}{.hints}{\"; \"}{end}'"
    And I run:
      """
      kubectl patch service near -p '{"spec":{"trafficDistribution":"Anywhere"}}'
      kubectl patch service near -p '{"spec":{"trafficDistribution":null}}'
      kubectl annotate service near service.kubernetes.io/topology-mode-
      """
    And 2 seconds pass
    And I run "kubectl get endpointslices -o jsonpath='{range .items[0].endpoints[*]}{.hints}{\"; \"}{end}'"
    And I run "kubectl get events --field-selector involvedObject.kind=Service -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message"

  @shared-cluster
  Scenario: A named port that means two numbers, pods not ready that are published later
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: mixed}
      spec: {clusterIP: None, selector: {app: mixed}, ports: [{name: http, port: 80, targetPort: web}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: one, labels: {app: mixed}}
      spec: {hostname: one, subdomain: mixed, terminationGracePeriodSeconds: 1, nodeName: worker-1, containers: [{name: app, image: "example.com/svcwave4/a:1", ports: [{name: web, containerPort: 8081}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: two, labels: {app: mixed}, annotations: {behaviour.kscenario.dev/app: "exec: [{code: 1}]"}}
      spec: {hostname: two, subdomain: other, terminationGracePeriodSeconds: 1, nodeName: worker-2, containers: [{name: app, image: "example.com/svcwave4/a:1", ports: [{name: web, containerPort: 8082}], readinessProbe: {exec: {command: [c]}, periodSeconds: 1}}]}
      """
    Then pod one eventually Ready
    And pod two eventually Running
    When 2 seconds pass
    And I run:
      """
      kubectl get endpointslices -o jsonpath='{range .items[*]}{.ports[*].port}: {.endpoints[*].hostname} {.endpoints[*].conditions}{"; "}{end}'
      kubectl get endpoints mixed -o jsonpath='{.subsets}'
      kubectl patch service mixed -p '{"spec":{"publishNotReadyAddresses":true}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get endpointslices -o jsonpath='{range .items[*]}{.ports[*].port}: {.endpoints[*].hostname} {.endpoints[*].conditions}{"; "}{end}'
      kubectl get endpoints mixed -o jsonpath='{.subsets}'
      kubectl describe service mixed
      kubectl patch service mixed -p '{"spec":{"clusterIP":"10.96.0.77"}}'
      kubectl patch service mixed -p '{"spec":{"type":"NodePort"}}'
      kubectl patch service mixed -p '{"spec":{"ports":[{"name":"http","port":80,"targetPort":"nowhere"}]}}'
      """
    And 2 seconds pass
    And I run "kubectl get endpointslices -o jsonpath='{range .items[*]}{.ports} {.endpoints[*].hostname}{\"; \"}{end}'"
    And I run "kubectl get endpoints mixed"

  @shared-cluster
  Scenario: Services turn into others
    When I run:
      """
      kubectl create service loadbalancer lb --tcp=80:8080
      kubectl get service lb
      kubectl patch service lb -p '{"spec":{"loadBalancerClass":"example.com/lb"}}'
      kubectl patch service lb -p '{"spec":{"externalTrafficPolicy":"Local"}}'
      kubectl get service lb -o jsonpath='{.spec.externalTrafficPolicy} {.spec.internalTrafficPolicy} {.spec.allocateLoadBalancerNodePorts}'
      kubectl patch service lb -p '{"spec":{"allocateLoadBalancerNodePorts":false}}'
      kubectl patch service lb -p '{"spec":{"loadBalancerSourceRanges":["10.0.0.0/8","x"]}}'
      kubectl patch service lb -p '{"spec":{"type":"ClusterIP"}}'
      kubectl get service lb -o jsonpath='{.spec}'
      kubectl patch service lb -p '{"spec":{"externalTrafficPolicy":"Local"}}'
      kubectl patch service lb -p '{"spec":{"sessionAffinity":"ClientIP"}}'
      kubectl get service lb -o jsonpath='{.spec.sessionAffinityConfig}'
      kubectl patch service lb -p '{"spec":{"sessionAffinityConfig":{"clientIP":{"timeoutSeconds":90000}}}}'
      kubectl patch service lb -p '{"spec":{"ipFamilyPolicy":"RequireDualStack"}}'
      kubectl patch service lb -p '{"spec":{"ipFamilyPolicy":"PreferDualStack"}}'
      kubectl patch service lb -p '{"spec":{"ipFamilies":["IPv6"]}}'
      kubectl patch service lb -p '{"spec":{"externalIPs":["203.0.113.7","127.0.0.1"]}}'
      kubectl patch service lb -p '{"spec":{"externalIPs":["203.0.113.7"],"internalTrafficPolicy":"Local"}}'
      kubectl get service lb -o wide
      kubectl patch service lb -p '{"spec":{"ports":[{"port":80,"nodePort":31000}]}}'
      kubectl patch service lb -p '{"spec":{"ports":[{"port":81}]}}'
      kubectl create service externalname ext --external-name=Example.COM
      kubectl create service externalname ext --external-name=www.example.com
      kubectl patch service ext -p '{"spec":{"externalName":"1.2.3.4"}}'
      kubectl get service ext
      kubectl patch service ext --type=merge -p '{"spec":{"type":"ClusterIP","externalName":null}}'
      kubectl patch service ext --type=merge -p '{"spec":{"type":"ClusterIP","externalName":null,"ports":[{"port":80}]}}'
      kubectl get service ext
      kubectl create service nodeport np --tcp=80 --node-port=30099
      kubectl create service nodeport np2 --tcp=80 --node-port=30099
      kubectl create service nodeport np3 --tcp=80 --node-port=99
      kubectl expose service np --name=np4 --port=80 --protocol=UDP --type=NodePort --session-affinity=ClientIP
      kubectl create service clusterip cip --clusterip=10.96.0.1 --tcp=80
      kubectl create service clusterip cip --clusterip=8.8.8.8 --tcp=80
      kubectl create service clusterip cip --clusterip=None
      kubectl create service clusterip Bad --tcp=80
      kubectl get services
      kubectl delete services --all
      """
