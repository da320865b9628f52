@networking
Feature: A Service is rules on every node
  Nobody stands between a client and a pod: each node's kernel picks one of the addresses that kube-proxy wrote there last.

  Background:
    Given a cluster with 2 nodes
    And the manifest "manifests/shop.yaml" is applied
    And deployment catalog eventually has 3 ready replicas
    And deployment orders eventually has 1 ready replica
    And a pod of deployment orders eventually reaches service catalog

  Scenario: A pod reaches a Service once there is somebody behind it
    Given service till on port 80 for app=till
    And a pod of deployment orders does not reach service till
    When I run "kubectl run till --image=bookstore/till:1 --labels=app=till"
    Then a pod of deployment orders eventually reaches service till

  Scenario: Every ready pod takes its share
    Given clients send 30 requests per second to service catalog as "shoppers"
    And traffic "shoppers" is eventually served by 3 pods
    When I scale deployment catalog to 5
    Then traffic "shoppers" is eventually served by 5 pods
    And traffic "shoppers" loses no request

  Scenario: A Service whose selector fits no pod refuses connections
    When I patch service catalog:
      """yaml
      spec: { selector: { app: catalogue } }
      """
    Then service catalog eventually has no endpoints
    And a pod of deployment orders eventually does not reach service catalog

  Scenario: A pod that loses its label is no longer behind the Service, and still has its address
    Given a pod of deployment catalog as "odd"
    When I label $odd app=quarantine
    Then service catalog eventually has 2 endpoints
    And service catalog eventually has 3 endpoints
    And a pod of deployment orders reaches $odd

  Scenario: Rules outlive the API server: running pods serve, and a pod that dies is still sent requests
    Given clients send 30 requests per second to service catalog as "shoppers"
    And kube-apiserver goes down
    When node worker-2 goes down
    Then traffic "shoppers" eventually loses at least 10 requests within 30s

  Scenario: A node whose kube-proxy is gone keeps the rules that it has
    Given kube-proxy on worker-1 goes down
    And kube-proxy on worker-2 goes down
    When I run "kubectl expose deployment orders --port=80"
    Then service orders eventually has 1 endpoint
    And a pod of deployment orders does not reach service orders
    And a pod of deployment orders reaches service catalog
