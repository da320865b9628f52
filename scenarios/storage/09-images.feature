@storage
Feature: A volume may be an image
  Weights of a model or the pages of a site travel as an image of their own: a kubelet pulls it and mounts it, read-only, beside the container that reads it.

  Background:
    Given a cluster with 1 node

  Scenario: The pod waits for the image of its volume as for those of its containers
    Given image "shop/weights:2" does not exist
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: answers }
      spec:
        containers:
        - { name: app, image: "shop/answers:1", volumeMounts: [ { name: weights, mountPath: /models } ] }
        - { name: proxy, image: "shop/proxy:1" }
        volumes: [ { name: weights, image: { reference: "shop/weights:2" } } ]
      """
    Then pod answers is eventually ErrImagePull
    And container proxy in pod answers is eventually Running
    And pod answers has event Failed saying "docker.io/shop/weights:2: not found"

  Scenario: What never pulls needs an image that another pod has brought
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: answers }
      spec:
        containers: [ { name: app, image: "shop/answers:1", volumeMounts: [ { name: weights, mountPath: /models } ] } ]
        volumes: [ { name: weights, image: { reference: "shop/weights:1", pullPolicy: Never } } ]
      """
    Then pod answers is eventually ErrImageNeverPull
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: loader }
      spec:
        containers: [ { name: app, image: "shop/loader:1" } ]
        volumes: [ { name: weights, image: { reference: "shop/weights:1" } } ]
      """
    Then pod answers is eventually Running
    When I run "kubectl exec answers -- sh -c 'echo 1 > /models/x'"
    Then the last command prints "Read-only file system"
