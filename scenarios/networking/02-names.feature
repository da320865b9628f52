@networking
Feature: Names
  CoreDNS answers from what its watches told it; a pod finds it by a Service like any other.

  Background:
    Given a cluster with 2 nodes
    And the manifest "manifests/shop.yaml" is applied
    And deployment orders eventually has 1 ready replica
    And a pod of deployment orders eventually reaches service catalog

  Scenario: A Service has a name as soon as it is there, and no longer than that
    Given a pod of deployment orders does not resolve "till"
    When I run "kubectl create service clusterip till --tcp=80"
    Then a pod of deployment orders eventually resolves "till" to service till
    And a pod of deployment orders eventually resolves "till.default.svc.cluster.local" to service till

  Scenario: The short name is one of the own namespace
    Given I run "kubectl create namespace warehouse"
    When I run "kubectl create service clusterip stock --tcp=80 -n warehouse"
    Then a pod of deployment orders eventually resolves "stock.warehouse"
    And a pod of deployment orders does not resolve "stock"

  Scenario: Without CoreDNS names fail; what is connected by address goes on
    When I run "kubectl scale deployment coredns -n kube-system --replicas=0"
    Then a pod of deployment orders eventually does not resolve "catalog"
    And a pod of deployment orders reaches service catalog

  Scenario: Names outlive the API server
    Given a pod of deployment orders eventually resolves "catalog" to service catalog
    When kube-apiserver goes down
    Then a pod of deployment orders resolves "catalog" to service catalog while kube-apiserver down

  Scenario: A second zone, once CoreDNS has read it
    Given a pod of deployment orders eventually resolves "catalog.default.svc.cluster.local"
    And a pod of deployment orders does not resolve "catalog.default.svc.shop.local"
    When I run "kubectl patch configmap coredns -n kube-system --type=json -p '[{\"op\":\"replace\",\"path\":\"/data/Corefile\",\"value\":\".:53 {\\n  kubernetes shop.local cluster.local {\\n    pods insecure\\n  }\\n  forward . /etc/resolv.conf\\n  reload\\n}\\n\"}]'"
    Then a pod of deployment orders eventually resolves "catalog.default.svc.shop.local" to service catalog within 2m

  Rule: A Corefile with a mistake

    Scenario: Who has read a good one goes on by that; who starts anew crashes
      Given a pod of deployment orders eventually resolves "catalog" to service catalog
      When I run "kubectl patch configmap coredns -n kube-system --type=json -p '[{\"op\":\"replace\",\"path\":\"/data/Corefile\",\"value\":\".:53 {\\n  kubernets cluster.local\\n  forward . /etc/resolv.conf\\n  reload\\n}\\n\"}]'"
      And I run "kubectl rollout restart deployment coredns -n kube-system"
      Then a pod of deployment coredns in namespace kube-system is eventually CrashLoopBackOff within 2m
      And a pod of deployment orders resolves "catalog" to service catalog for 3m

    Scenario: Every suffix of the search list is a question
      Given host "pay.example.com" is outside of the cluster
      And a pod of deployment orders asks for 4 names to resolve "pay.example.com"
      When I patch deployment orders:
        """yaml
        spec: { template: { spec: { dnsConfig: { options: [{ name: ndots, value: "2" }] } } } }
        """
      Then every pod of deployment orders eventually asks for 1 name to resolve "pay.example.com"
