@networking
Feature: Node ports, addresses and the modes of kube-proxy
  The same Service, written by iptables, nftables or ipvs: what an address answers depends on who wrote the rules.

  Rule: iptables, which a cluster has unless told otherwise

    Background:
      Given a cluster with 2 nodes
      And the manifest "manifests/ported.yaml" is applied
      And deployment catalog eventually has 2 ready replicas
      And pod till eventually reaches address "worker-1:30080"
      And 5s pass

    Scenario: A node port answers on every node, and on a node's own 127.0.0.1
      Given node worker-1 reaches address "127.0.0.1:30080"
      When node worker-2 goes down
      Then node worker-1 does not reach address "worker-2:30080"

    Scenario: With a local policy a node port answers where a pod is
      Given I run "kubectl scale deployment catalog --replicas=0"
      And I run "kubectl run alone --image=bookstore/catalog:1 --labels=app=catalog --overrides='{\"spec\":{\"nodeName\":\"worker-2\"}}'"
      And service catalog eventually has 1 endpoint
      And 5s pass
      When I patch service catalog:
        """yaml
        spec: { externalTrafficPolicy: Local }
        """
      Then node worker-2 eventually does not reach address "worker-1:30080"
      And pod till reaches address "worker-2:30080"

    Scenario: An address of one's own brings clients to a Service
      When I patch service catalog:
        """yaml
        spec: { externalIPs: ["172.18.200.7"] }
        """
      Then pod till eventually reaches address "172.18.200.7:80"

  Rule: nftables and ipvs keep node ports off 127.0.0.1

    Scenario Outline: <mode> does not
      Given a cluster with 2 nodes
      And kube-proxy runs in "<mode>" mode
      And the manifest "manifests/ported.yaml" is applied
      And deployment catalog eventually has 2 ready replicas
      When I run "kubectl label service catalog shelf=new"
      Then service catalog eventually has label shelf=new
      And pod till eventually reaches address "worker-1:30080"
      And node worker-1 does not reach address "127.0.0.1:30080"

      Examples:
        | mode     |
        | nftables |
        | ipvs     |
