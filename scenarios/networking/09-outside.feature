@networking
Feature: What is outside, and Services that only have a name
  A Service without rules of its own leads where its name leads. What lies outside of the cluster is what the scenario says of it.

  Background:
    Given a cluster with 2 nodes
    And host "payments.example.com" is outside of the cluster with address "198.51.100.7"
    And the manifest "manifests/shop.yaml" is applied
    And deployment catalog eventually has 3 ready replicas
    And deployment orders eventually has 1 ready replica
    And a pod of deployment orders eventually reaches service catalog

  Scenario: An ExternalName is another name
    Given service payments on port 443
    And a pod of deployment orders does not reach service payments
    When I patch service payments:
      """yaml
      spec: { type: ExternalName, externalName: payments.example.com, selector: null, clusterIP: null, clusterIPs: null }
      """
    Then a pod of deployment orders eventually reaches service payments
    And a pod of deployment orders resolves "payments" to service payments

  Scenario: A policy that keeps pods inside
    Given a pod of deployment orders reaches address "198.51.100.7:443"
    When I apply:
      """yaml
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: inside }
      spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }
      """
    Then a pod of deployment orders eventually does not reach address "198.51.100.7:443"
    And a pod of deployment orders reaches service catalog

  Scenario: A headless Service leads to the pods at the port that was asked for, whatever its targetPort says
    Given I run "kubectl create service clusterip till --clusterip=None --tcp=80:8080"
    And I run "kubectl run till --image=bookstore/till:1 --labels=app=till --port=8080"
    And a pod of deployment orders eventually does not reach service till
    When I run "kubectl patch service till --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/ports/0/port\",\"value\":8080}]'"
    Then a pod of deployment orders eventually reaches service till

  Scenario: A targetPort that nobody listens on
    Given image "bookstore/till:1":
      | http | [{ from: 0s, status: 200 }] |
    And I run "kubectl run till --image=bookstore/till:1 --labels=app=till --port=8080"
    And service till on port 80 to port 8080 for app=till
    And a pod of deployment orders eventually reaches service till
    When I run "kubectl patch service till --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/ports/0/targetPort\",\"value\":80}]'"
    Then a pod of deployment orders eventually does not reach service till
    And service till has 1 endpoint
