@gateway
Feature: A Gateway listens, routes say where to
  The Gateway belongs to who runs the cluster, the HTTPRoutes to who runs the shop. What one may name of the other is told in their statuses.

  Background:
    Given a cluster with 2 nodes
    And the Gateway API is installed
    And deployment catalog with 2 replicas of image "bookstore/catalog:1"
    And service catalog on port 80 for app=catalog
    And the manifest "manifests/shop.yaml" is applied
    And gateway shop is eventually Programmed within 1m

  Scenario: Requests come to the pods behind the Service of the rule
    Given clients send 10 requests per second to "http://shop.example.com/cart" through gateway shop as "shoppers"
    When I scale deployment catalog to 4
    Then traffic "shoppers" is eventually served by 4 pods
    And traffic "shoppers" loses no request

  Scenario: A backend that does not exist is answered with 500, one without pods with 503
    Given clients send 10 requests per second to "http://shop.example.com/orders/7" through gateway shop as "buyers"
    And traffic "buyers" eventually loses at least 1 request because "answered 500: BackendNotFound"
    And httproute catalog has field "{.status.parents[0].conditions[?(@.type=='ResolvedRefs')].reason}" = "BackendNotFound"
    When I run "kubectl create service clusterip orders --tcp=80"
    Then traffic "buyers" eventually loses at least 1 request because "answered 503: service orders has no ready endpoints"
    And httproute catalog eventually has field "{.status.parents[0].conditions[?(@.type=='ResolvedRefs')].reason}" = "ResolvedRefs"

  Scenario: A weight moves a share of the requests
    Given clients send 100 requests per second to "http://shop.example.com/" through gateway shop as "shoppers"
    And deployment canary with 1 replica of image "bookstore/catalog:2"
    And service canary on port 80 for app=canary
    When I run "kubectl patch httproute catalog --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs\",\"value\":[{\"name\":\"catalog\",\"port\":80,\"weight\":9},{\"name\":\"canary\",\"port\":80,\"weight\":1}]}]'"
    Then traffic "shoppers" is eventually served by 3 pods
    And traffic "shoppers" loses no request

  Scenario: A header leads testers elsewhere
    Given deployment next with 1 replica of image "bookstore/catalog:2"
    And deployment next eventually has 1 ready replica
    And clients send 10 requests per second to "http://shop.example.com/cart" with header "Version: next" through gateway shop as "testers"
    And I run "kubectl expose deployment next --port=80"
    And traffic "testers" is eventually served by 2 pods
    When I apply "manifests/testers.yaml"
    Then traffic "testers" is eventually served by 3 pods

  Scenario: A Service of another namespace must be granted
    Given namespace stock
    And deployment stock with 1 replica of image "bookstore/stock:1"
    And service stock on port 80 for app=stock
    And I use namespace default
    And I run "kubectl patch httproute catalog --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs\",\"value\":[{\"name\":\"stock\",\"namespace\":\"stock\",\"port\":80}]}]'"
    And clients send 10 requests per second to "http://shop.example.com/" through gateway shop as "shoppers"
    And traffic "shoppers" eventually loses at least 1 request because "Backend ref to Service stock/stock not permitted by any ReferenceGrant"
    When I apply:
      """yaml
      apiVersion: gateway.networking.k8s.io/v1beta1
      kind: ReferenceGrant
      metadata: { name: shop, namespace: stock }
      spec:
        from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default }]
        to: [{ group: "", kind: Service }]
      """
    Then traffic "shoppers" is eventually served by 1 pod

  Scenario: A route for a host that no listener has is not accepted
    When I run "kubectl patch httproute catalog --type=merge -p '{\"spec\":{\"hostnames\":[\"shop.example.org\"]}}'"
    Then httproute catalog eventually has field "{.status.parents[0].conditions[?(@.type=='Accepted')].reason}" = "NoMatchingListenerHostname"

  Scenario: A gateway goes on without the control plane
    Given clients send 10 requests per second to "http://shop.example.com/" through gateway shop as "shoppers"
    When kube-apiserver goes down
    And I run "kubectl delete httproute catalog"
    Then the last command fails
    And traffic "shoppers" loses no request for 30s
    And traffic "shoppers" is served by 2 pods

  Scenario: Without its pods nobody listens
    Given clients send 10 requests per second to "http://shop.example.com/" through gateway shop as "shoppers"
    When I run "kubectl scale deployment shop-nginx --replicas=0"
    Then traffic "shoppers" eventually loses at least 10 requests within 1m
    And gateway shop eventually has field "{.status.conditions[?(@.type=='Programmed')].reason}" = "Pending"

  Scenario: A redirect leads to where another rule answers
    Given clients send 10 requests per second to "http://shop.example.com/old" through gateway shop as "regulars"
    And traffic "regulars" is eventually served by 2 pods
    When I run "kubectl patch httproute catalog --type=json -p '[{\"op\":\"add\",\"path\":\"/spec/rules/0\",\"value\":{\"matches\":[{\"path\":{\"value\":\"/old\"}}],\"filters\":[{\"type\":\"RequestRedirect\",\"requestRedirect\":{\"path\":{\"type\":\"ReplaceFullPath\",\"replaceFullPath\":\"/orders\"}}}]}}]'"
    Then traffic "regulars" eventually loses at least 1 request because "answered 500: BackendNotFound"
