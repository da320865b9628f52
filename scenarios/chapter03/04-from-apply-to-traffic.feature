@chapter03
Feature: From kubectl apply to a pod that serves
  The fourteen arrows of the chapter's sequence diagram.

  Background:
    Given a cluster with 3 nodes

  Scenario: The fourteen arrows
    Given image "bookstore/catalog:dev":
      | pull | 3s |
    And service catalog on port 80 for app=catalog
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog eventually Ready
    And service catalog eventually has 1 endpoint
    And the journey of pod catalog is:
      | from                    | to                | what                           |
      | kubectl                 | kube-apiserver    | create pod catalog             |
      | kube-apiserver          | kube-apiserver    | authentication                 |
      | kube-apiserver          | kube-apiserver    | authorization                  |
      | kube-apiserver          | kube-apiserver    | mutating admission             |
      | kube-apiserver          | kube-apiserver    | validation                     |
      | kube-apiserver          | kube-apiserver    | validating admission           |
      | kube-apiserver          | etcd              | put                            |
      | kube-apiserver          | kubectl           | answers 201 Created            |
      | kube-apiserver          | kube-scheduler    | notifies of pod catalog        |
      | kube-scheduler          | kube-scheduler    | filter                         |
      | kube-scheduler          | kube-scheduler    | score                          |
      | kube-scheduler          | kube-apiserver    | bind pod catalog               |
      | kube-apiserver          | etcd              | put                            |
      | kube-apiserver          | kubelet           | notifies of pod catalog        |
      | kubelet                 | container-runtime | create sandbox                 |
      | kubelet                 | container-runtime | pull bookstore/catalog:dev     |
      | kubelet                 | container-runtime | create container               |
      | kubelet                 | container-runtime | start container                |
      | kubelet                 | kube-apiserver    | status of pod catalog: Running |
      | kube-apiserver          | etcd              | put                            |
      | kube-controller-manager | kube-apiserver    | endpoints of service catalog   |
      | kube-proxy              | kube-proxy        | program service catalog        |

  Scenario: apply returns long before Running
    Given image "bookstore/catalog:dev":
      | pull | 20s |
    When I apply "manifests/catalog-pod.yaml"
    Then the last command prints "pod/catalog created"
    And pod catalog is Pending
    And pod catalog is not Running
    And pod catalog eventually Running within 30s

  Scenario: The request was accepted, stored and answered, and nothing ran yet
    When I apply "manifests/catalog-pod.yaml"
    Then the last command succeeds
    And pod catalog is present
    And pod catalog is not Running

  Scenario: ContainerCreating is the loop in flight, not an error
    Given image "bookstore/catalog:dev":
      | pull | 30s |
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog eventually ContainerCreating
    And pod catalog eventually has event Pulling
    And pod catalog has no event Failed
    And pod catalog eventually Running

  Scenario: Pending without a scheduler - stuck at scheduling
    Given kube-scheduler goes down
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog never Scheduled for 30s
    And the stuck stage of pod catalog is "scheduling"
    And the component at fault is kube-scheduler

  Scenario: ContainerCreating without a kubelet - stuck at starting
    Given the kubelet on worker-1 stops
    And the kubelet on worker-2 stops
    And the kubelet on worker-3 stops
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog eventually Scheduled
    And pod catalog never Running for 30s
    And the stuck stage of pod catalog is "starting"
    And the component at fault is kubelet

  Scenario: ImagePullBackOff - stuck at the image
    Given image "bookstore/catalog:dev":
      | missing | true |
    When I apply "manifests/catalog-pod.yaml"
    Then pod catalog eventually ImagePullBackOff
    And pod catalog has event Failed saying "Failed to pull image"
    And the stuck stage of pod catalog is "image"

  Scenario: Deployment without pods - stuck at the controllers
    Given kube-controller-manager goes down
    When I apply "manifests/catalog.yaml"
    Then deployment catalog is present
    And deployment catalog never has 1 replica for 30s
    And the stuck stage of deployment catalog is "controllers"
    And the component at fault is kube-controller-manager

  Scenario: A pod that nobody can place says why
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: giant }
      spec:
        containers: [{ name: app, image: "bookstore/catalog:dev", resources: { requests: { cpu: "64" } } }]
      """
    Then pod giant eventually has event FailedScheduling saying "Insufficient cpu"
    And pod giant is Pending
    And the stuck stage of pod giant is "scheduling"
