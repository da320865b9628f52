Feature: Services as a course shows them

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: One application behind services of all types
    When I run:
      """
      kubectl create deployment web --image=example.com/web:1 --replicas=2 --port=8080
      kubectl expose deployment web --port=80 --target-port=8080
      kubectl expose deployment web --name=web-np --type=NodePort --port=80 --target-port=8080
      kubectl expose deployment web --name=web-lb --type=LoadBalancer --port=80 --target-port=8080 --load-balancer-ip=203.0.113.7
      kubectl expose deployment web --name=web-head --cluster-ip=None --port=80
      kubectl create service externalname db --external-name=db.example.com
      kubectl expose service web --name=web-again --port=8081 --session-affinity=ClientIP
      kubectl expose deployment none --port=80
      kubectl expose deployment web --port=80
      kubectl create service clusterip bare --tcp=5678:8080 --tcp=9000
      kubectl create service clusterip headless --clusterip=None
      """
    Then deployment web eventually has 2 ready replicas
    When I run:
      """
      kubectl get services
      kubectl get services -o wide
      kubectl get service web-again -o jsonpath='{.spec.sessionAffinity} {.spec.sessionAffinityConfig}'
      kubectl get endpoints web bare db headless
      kubectl get endpointslices -o custom-columns=FOR:.metadata.labels.kubernetes\.io/service-name,TYPE:.addressType,PORTS:.ports[*].port,READY:.endpoints[*].conditions.ready --sort-by=.metadata.labels.kubernetes\.io/service-name
      kubectl describe service web
      kubectl describe service web-head
      kubectl describe service db
      kubectl describe service bare
      kubectl set selector service bare app=web
      kubectl get service bare -o wide
      """
    And 2 seconds pass
    And I run:
      """
      kubectl describe endpoints bare
      kubectl describe endpointslices -l kubernetes.io/service-name=web
      kubectl get service/web deployment/web
      kubectl delete service web web-np none
      kubectl get service
      """

  @shared-cluster
  Scenario: A service turns from one type into another and back
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: shape}
      spec: {selector: {app: shape}, ports: [{name: http, port: 80, targetPort: web}, {name: admin, port: 81, targetPort: 8081, protocol: UDP}]}
      """
    And I run:
      """
      kubectl patch service shape -p '{"spec":{"type":"NodePort"}}'
      kubectl patch service shape -p '{"spec":{"externalTrafficPolicy":"Local"}}'
      kubectl patch service shape -p '{"spec":{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false}}'
      kubectl get service shape -o jsonpath='{.spec.externalTrafficPolicy} {.spec.type} {.spec.internalTrafficPolicy} {.spec.ipFamilyPolicy}'
      kubectl patch service shape -p '{"spec":{"type":"ClusterIP"}}'
      kubectl patch service shape --type=merge -p '{"spec":{"type":"ClusterIP","externalTrafficPolicy":null}}'
      kubectl get service shape -o jsonpath='{.spec.ports}'
      kubectl patch service shape -p '{"spec":{"type":"ExternalName","externalName":"x.example.com"}}'
      kubectl patch service shape -p '{"spec":{"clusterIP":"None"}}'
      kubectl patch service shape -p '{"spec":{"ports":[{"port":80,"nodePort":30080}]}}'
      kubectl patch service shape -p '{"spec":{"trafficDistribution":"PreferSameZone"}}'
      kubectl patch service shape -p '{"spec":{"trafficDistribution":"Nearby"}}'
      kubectl patch service shape --type=json -p '[{"op":"replace","path":"/spec/ports/1/name","value":"http"}]'
      kubectl patch service shape --type=json -p '[{"op":"remove","path":"/spec/ports/0/name"}]'
      kubectl patch service shape -p '{"spec":{"publishNotReadyAddresses":true,"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":99}}}}'
      kubectl describe service shape
      kubectl delete svc shape
      """

  @shared-cluster
  Scenario: Endpoints while pods become ready, fail and go
    When I apply:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: api}
      spec: {selector: {app: api}, ports: [{port: 80, targetPort: http}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api}
      spec:
        replicas: 2
        selector: {matchLabels: {app: api}}
        template:
          metadata:
            labels: {app: api}
            annotations: {behaviour.kscenario.dev/app: "{http: [{path: /ready, from: 0s, status: 503}, {path: /ready, from: 3s, status: 200}], term: {after: 4s}}"}
          spec:
            containers:
            - {name: app, image: "example.com/api:1", ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1}}
      """
    And 1 seconds pass
    And I run:
      """
      kubectl get endpoints api
      kubectl get pods -l app=api
      """
    Then deployment api eventually has 2 ready replicas
    When I run:
      """
      kubectl get endpointslices -l kubernetes.io/service-name=api -o jsonpath='{.items[0].endpoints[*].conditions}'
      kubectl scale deployment api --replicas=1
      kubectl get endpointslices -l kubernetes.io/service-name=api -o jsonpath='{.items[0].endpoints[*].conditions.terminating}'
      """
    And 6 seconds pass
    And I run:
      """
      kubectl label pods -l app=api app=aside --overwrite
      """
    Then deployment api eventually has 1 ready replicas
    When I run:
      """
      kubectl get endpointslices -l kubernetes.io/service-name=api -o jsonpath='{.items[0].endpoints[*].targetRef.kind}'
      kubectl patch service api -p '{"spec":{"ports":[{"port":80,"targetPort":"nothing"}]}}'
      """
    And 2 seconds pass
    And I run:
      """
      kubectl get endpoints api
      kubectl get endpointslices -l kubernetes.io/service-name=api -o jsonpath='{.items[*].ports} {.items[*].endpoints}'
      kubectl describe service api
      kubectl delete pods -l app=aside
      """

  @shared-cluster
  Scenario: Ingresses, network policies and budgets are described
    When I run:
      """
      kubectl create ingress shop --class=nginx --rule="shop.example.com/cart*=cart:80" --rule="shop.example.com/=front:http" --annotation=a/b=c
      kubectl create ingress tls --rule="t.example.com/*=front:80,tls=secret" --default-backend=front:80
      kubectl create ingress bad --rule="nothing"
      kubectl create service clusterip cart --tcp=80
      kubectl get ingress
      kubectl describe ingress shop
      kubectl describe ingress tls
      kubectl create poddisruptionbudget some --selector=app=cart --min-available=50%
      kubectl create pdb both --selector=app=cart --min-available=1 --max-unavailable=1
      kubectl create pdb none --selector=app=cart
      """
    And I apply:
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: tight}
      spec:
        podSelector: {matchLabels: {app: cart}}
        policyTypes: [Ingress, Egress]
        ingress:
        - from:
          - {podSelector: {matchLabels: {app: front}}, namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a, b]}]}}
          - {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}
          ports: [{port: 80}, {port: 8000, endPort: 9000, protocol: UDP}]
        egress: [{}]
      """
    And I run:
      """
      kubectl get netpol
      kubectl describe netpol tight
      kubectl get pdb
      kubectl describe pdb some
      kubectl get ingressclasses
      """
