@networking
Feature: A new version under load
  What a pod needs for nobody to notice: it is asked whether it is ready, it waits before it ends, and another is there first.

  Background:
    Given a cluster with 3 nodes
    And image "bookstore/catalog:2":
      """yaml
      http:
        - { from: 0s, status: 0 }
        - { from: 4s, status: 200 }
      """

  Scenario: Readiness, preStop and surge: no request is lost
    Given the manifest "manifests/careful.yaml" is applied
    And deployment catalog eventually has 3 ready replicas
    And clients send 50 requests per second to service catalog as "shoppers"
    When I run "kubectl set image deployment catalog app=bookstore/catalog:2"
    And 40s pass
    Then deployment catalog has 3 updated replicas
    And traffic "shoppers" is served by 6 pods
    And traffic "shoppers" loses no request
    And traffic "shoppers" is served only by ready pods

  Scenario: Without preStop the pods end before the nodes' rules forget them
    Given the manifest "manifests/careful.yaml" is applied
    And I patch deployment catalog:
      """yaml
      spec: { template: { spec: { containers: [{ name: app, lifecycle: null }] } } }
      """
    And deployment catalog eventually has 3 updated replicas within 2m
    And deployment catalog eventually has 3 ready replicas within 2m
    And 2 seconds pass
    And clients send 50 requests per second to service catalog as "shoppers"
    When I run "kubectl rollout restart deployment catalog"
    Then traffic "shoppers" eventually loses at least 1 request within 2m
    And traffic "shoppers" loses at most 60 requests

  Scenario: Without a readiness probe the first requests come too early
    Given the manifest "manifests/careful.yaml" is applied
    And I patch deployment catalog:
      """yaml
      spec: { template: { spec: { containers: [{ name: app, readinessProbe: null }] } } }
      """
    And deployment catalog eventually has 3 updated replicas within 2m
    And deployment catalog eventually has 3 ready replicas within 2m
    And clients send 50 requests per second to service catalog as "shoppers"
    When I run "kubectl set image deployment catalog app=bookstore/catalog:2"
    Then traffic "shoppers" eventually loses at least 50 requests within 2m

  Scenario: One replica that ends before the next begins
    Given the manifest "manifests/careful.yaml" is applied
    And I patch deployment catalog:
      """yaml
      spec: { replicas: 1, strategy: { type: Recreate, rollingUpdate: null } }
      """
    And deployment catalog eventually has 1 replica within 2m
    And clients send 50 requests per second to service catalog as "shoppers"
    When I run "kubectl set image deployment catalog app=bookstore/catalog:2"
    Then traffic "shoppers" eventually loses at least 100 requests within 2m
