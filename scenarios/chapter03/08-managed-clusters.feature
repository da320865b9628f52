@chapter03
Feature: Managed clusters
  The provider runs the control plane; the nodes and everything on them are yours.

  Scenario: A Service of type LoadBalancer gets a real load balancer
    Given a managed cluster with 3 nodes
    When I run "kubectl create service loadbalancer storefront --tcp=80:3000"
    Then service storefront eventually has event EnsuredLoadBalancer
    And service storefront eventually has field .status.loadBalancer.ingress[0].ip

  Scenario: On a cluster without a cloud the same Service waits for ever
    Given a cluster with 3 nodes
    When I run "kubectl create service loadbalancer storefront --tcp=80:3000"
    Then service storefront is present
    And service storefront never has field .status.loadBalancer.ingress[0].ip

  @checklist:MC-01
  Scenario: The control plane is one opaque thing - no Node, no pod of it is yours
    Given a managed cluster with 3 nodes
    When I run "kubectl -n kube-system get pods -l tier=control-plane"
    Then the last command prints "No resources found in kube-system namespace."

  @checklist:MC-01
  Scenario: A provider's outage is a control-plane outage like any other
    Given a managed cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When the control plane goes down
    Then running pods unaffected while control plane down

  @checklist:MC-01
  Scenario: An instance that the cloud takes away takes its Node with it
    Given a managed cluster with 3 nodes
    And the manifest "manifests/catalog.yaml" is applied
    And deployment catalog has 3 ready replicas
    When the cloud instance of node worker-3 is terminated
    Then node worker-3 is eventually gone within 5m
    And deployment catalog eventually has 3 ready replicas within 5m

  Scenario: A claim becomes a disk of the cloud, attached to the node of its pod
    Given a managed cluster with 3 nodes
    And CSI driver "disk.csi.example.com"
    And storage class "cloud" of CSI driver "disk.csi.example.com"
    When I apply:
      """yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], storageClassName: cloud, resources: { requests: { storage: 1Gi } } }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: postgres }
      spec:
        containers: [{ name: app, image: postgres, volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }] }]
        volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
      """
    Then pvc data is eventually Bound
    And pvc data is eventually attached
    And pod postgres is eventually Running
