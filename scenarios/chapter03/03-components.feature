@chapter03
Feature: What each component owns, and what breaks and what does not while it is down

  Background:
    Given a cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas

  Rule: Control plane

    Scenario: kube-apiserver is the front door - down, nothing can be read or written, and pods keep running
      When kube-apiserver goes down
      And I run "kubectl get pods"
      Then the last command fails
      And the last command prints "was refused"
      And running pods unaffected while kube-apiserver is down

    Scenario: etcd holds all state - down, the API server stands there with nothing to tell
      When etcd goes down
      And I run "kubectl create namespace lost"
      Then the last command fails
      And namespace lost is absent
      And running pods unaffected while etcd is down

    Scenario: kube-scheduler picks a node - down, new pods stay Pending and old ones do not care
      When kube-scheduler goes down
      And I run "kubectl scale deployment catalog --replicas=4"
      Then a pod of deployment catalog eventually Pending
      And deployment catalog never has 4 ready replicas
      And 3 pods of deployment catalog are Running

    Scenario: kube-scheduler back again places what has waited
      Given kube-scheduler goes down
      And I run "kubectl scale deployment catalog --replicas=4"
      And deployment catalog has 4 replicas
      When kube-scheduler comes back
      Then deployment catalog eventually has 4 ready replicas

    Scenario: kube-controller-manager runs the loops - down, lost pods are not replaced
      When kube-controller-manager goes down
      And I run "kubectl delete pods -l app=catalog --wait=false"
      Then pods labelled app=catalog are eventually gone
      And pods labelled app=catalog stay gone for 5m

    Scenario: kube-controller-manager back again restores the count
      Given kube-controller-manager goes down
      And I delete a pod of deployment catalog as "victim"
      And $victim is gone
      When kube-controller-manager comes back
      Then 3 pods of deployment catalog eventually Ready

  Rule: Worker nodes

    Scenario: kubelet is the node agent - stopped, its containers run on and its node is given up
      When the kubelet on worker-1 stops
      Then node worker-1 has condition Ready=Unknown within 60s
      And running pods unaffected on the node for 2m

    Scenario: kubelet restarts crashed containers from its last known spec
      When container app in a pod of deployment catalog crashes
      Then a pod of deployment catalog eventually restarted 1 time

    Scenario: The container runtime pulls images - without the registry a new image never starts
      Given image registry "registry.example.com" is unreachable
      When I set image of deployment catalog to "registry.example.com/catalog:2"
      Then a pod of deployment catalog eventually ImagePullBackOff within 2m
      And deployment catalog has 3 ready replicas

    Scenario: kube-proxy programs Service routing - stopped, its node keeps the last rules
      Given clients send 10 requests per second to service catalog as "shoppers"
      When kube-proxy on worker-1 goes down
      Then traffic "shoppers" lose no request for 2m
      And kube-proxy on worker-1 is down

    Scenario: kube-proxy stopped on a node does not learn of new endpoints there
      When kube-proxy on worker-1 goes down
      And I run "kubectl scale deployment catalog --replicas=6"
      Then deployment catalog eventually has 6 ready replicas
      And service catalog eventually has 6 endpoints
      And kube-proxy on worker-1 is down

    Scenario: kube-proxy - one address for all pods that are ready, however many there are
      Given clients send 20 requests per second to service catalog as "shoppers"
      When I scale deployment catalog to 6
      Then traffic "shoppers" is eventually served by 6 pods
      And traffic "shoppers" is served only by ready pods
      And traffic "shoppers" loses no request

    Scenario: kube-proxy stopped on a node sends who asks there to pods that are gone
      Given I run "kubectl run asker --image=busybox --overrides='{\"spec\":{\"nodeName\":\"worker-1\"}}'"
      And pod asker reaches service catalog
      When kube-proxy on worker-1 goes down
      And I restart deployment catalog
      Then deployment catalog eventually has 3 updated replicas
      And pod asker eventually does not reach service catalog

    Scenario: The CNI gives each pod an address of its own
      When I apply "manifests/catalog-pod.yaml"
      Then pod catalog eventually has field .status.podIP
      And pod catalog eventually reaches service catalog

    Scenario: CoreDNS is an add-on that runs as pods and answers for Services
      Then pods of deployment coredns in namespace kube-system are Running
      And a pod of deployment catalog resolves "catalog.default.svc" to service catalog

    Scenario: A metrics pipeline is an add-on too, and tells what nodes use
      Given metrics-server is installed
      And 1 minute passes
      When I run "kubectl top nodes"
      Then the last command prints "worker-1"
