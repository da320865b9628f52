@ingress
Feature: An Ingress is a wish until a controller acts on it
  nginx gives each request to an endpoint of the Service that its host and path name. Who is not there is answered for by nginx.

  Background:
    Given a cluster with 2 nodes
    And ingress-nginx is installed
    And deployment catalog with 2 replicas of image "bookstore/catalog:1"
    And service catalog on port 80 for app=catalog
    And the manifest "manifests/shop.yaml" is applied
    And service catalog eventually has 2 endpoints
    And 10s pass

  Scenario: Requests come to every pod behind the Service
    Given clients send 10 requests per second to "http://shop.example.com/cart" as "shoppers"
    When I scale deployment catalog to 4
    Then traffic "shoppers" is eventually served by 4 pods
    And traffic "shoppers" loses no request

  Scenario: The address of the controller appears within a minute
    When 1 minute passes
    Then ingress shop has field "{.status.loadBalancer.ingress[0].ip}"

  Scenario: A Service that does not exist is answered with 503 until somebody makes it
    Given clients send 10 requests per second to "http://shop.example.com/orders/7" as "buyers"
    And traffic "buyers" eventually loses at least 1 request because "answered 503: there is no service orders"
    When I run "kubectl create deployment orders --image=bookstore/orders:1"
    And I run "kubectl expose deployment orders --port=80"
    Then traffic "buyers" is eventually served by 1 pod

  Scenario: A host that no rule names is answered with 404
    Given clients send 10 requests per second to "http://store.example.com/" as "strangers"
    When 5s pass
    Then traffic "strangers" loses at least 50 requests because "answered 404: no rule has host store.example.com"

  Scenario: https needs a certificate
    Given clients send 10 requests per second to "https://shop.example.com/" as "shoppers"
    When I patch ingress shop:
      """yaml
      spec: { tls: [{ hosts: [shop.example.com], secretName: shop-cert }] }
      """
    Then traffic "shoppers" eventually loses at least 1 request because "Secret default/shop-cert is missing"

  Scenario: Two Ingresses cannot have the same host and path
    When I run "kubectl create ingress twin --class=nginx --rule=shop.example.com/*=catalog:80"
    Then the last command fails
    And the last command prints "is already defined in ingress default/shop"

  Scenario: nginx goes on without the control plane
    Given clients send 10 requests per second to "http://shop.example.com/" as "shoppers"
    When kube-apiserver goes down
    And I run "kubectl delete ingress shop"
    Then the last command fails
    And traffic "shoppers" loses no request for 30s
    And traffic "shoppers" loses no request
    And traffic "shoppers" is served by 2 pods

  Scenario: Without a pod of the controller nobody listens
    Given clients send 10 requests per second to "http://shop.example.com/" as "shoppers"
    When I run "kubectl scale deployment ingress-nginx-controller -n ingress-nginx --replicas=0"
    Then traffic "shoppers" eventually loses at least 10 requests within 1m

  Scenario: A canary takes whom it is told to
    Given clients send 50 requests per second to "http://shop.example.com/cart" as "shoppers"
    And clients send 10 requests per second to "http://shop.example.com/cart" with header "Next: always" as "testers"
    And deployment next with 1 replica of image "bookstore/catalog:2"
    And service next on port 80 for app=next
    And service next eventually has 1 endpoint
    When I apply "manifests/canary.yaml"
    Then traffic "testers" is eventually served by 3 pods
    And traffic "shoppers" is eventually served by 3 pods
    And traffic "shoppers" loses no request

  Scenario: A list of addresses is compared with what nginx sees: behind a node port, a node
    Given clients send 10 requests per second to "http://shop.example.com/cart" as "office"
    And 5s pass
    And traffic "office" loses no request
    When I run "kubectl annotate ingress shop nginx.ingress.kubernetes.io/whitelist-source-range=203.0.113.0/24"
    Then traffic "office" eventually loses at least 1 request because "is none of 203.0.113.0/24"

  Scenario: Who takes longer than nginx waits is answered with 504
    Given clients send 1 request per second that take 90s to "http://shop.example.com/cart" as "reports"
    And traffic "reports" eventually loses at least 1 request because "nginx waits for 60s"
    When I run "kubectl annotate ingress shop nginx.ingress.kubernetes.io/proxy-read-timeout=120"
    Then traffic "reports" is eventually served by 2 pods

  Scenario: Who asks too often is turned away
    Given clients send 20 requests per second to "http://shop.example.com/cart" as "crawler"
    And 5s pass
    And traffic "crawler" loses no request
    When I run "kubectl annotate ingress shop nginx.ingress.kubernetes.io/limit-rps=2"
    Then traffic "crawler" eventually loses at least 10 requests because "answered 503: more than 2 requests per second from one address" within 1m

  Scenario: An upload is larger than nginx takes
    Given clients send 5 requests per second with a body of 8Mi to "http://shop.example.com/pictures" as "sellers"
    And traffic "sellers" eventually loses at least 1 request because "answered 413"
    When I run "kubectl annotate ingress shop nginx.ingress.kubernetes.io/proxy-body-size=10m"
    Then traffic "sellers" is eventually served by 2 pods

  Scenario: Who is asked first whether clients may is gone, and nobody is let in
    Given deployment guard with 1 replica of image "bookstore/guard:1"
    And service guard on port 80 for app=guard
    And I run "kubectl annotate ingress shop nginx.ingress.kubernetes.io/auth-url=http://guard.default.svc.cluster.local/check"
    And service guard eventually has 1 endpoint
    And 10s pass
    And clients send 10 requests per second to "http://shop.example.com/cart" as "shoppers"
    And 5s pass
    And traffic "shoppers" loses no request
    When I scale deployment guard to 0
    Then traffic "shoppers" eventually loses at least 10 requests because "answered 500: its auth-url does not answer" within 1m

  Scenario: While nobody is behind the shop, another Service says so
    Given deployment sorry with 1 replica of image "bookstore/sorry:1"
    And service sorry on port 80 for app=sorry
    And I run "kubectl annotate ingress shop nginx.ingress.kubernetes.io/default-backend=sorry"
    And service sorry eventually has 1 endpoint
    And clients send 10 requests per second to "http://shop.example.com/cart" as "shoppers"
    And traffic "shoppers" is eventually served by 2 pods
    When I scale deployment catalog to 0
    Then traffic "shoppers" is eventually served by 1 pod
