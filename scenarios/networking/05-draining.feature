@networking
Feature: Requests that take their time, and connections that stay
  Out of the rules does not mean cut off: what has been begun goes on until the pod ends. It ends when its preStop hook and its server are done.

  Background:
    Given a cluster with 3 nodes
    And the manifest "manifests/careful.yaml" is applied
    And deployment catalog eventually has 3 ready replicas

  Scenario: Uploads that take less than the hook waits are finished
    Given clients send 10 requests per second that take 3s to service catalog as "uploads"
    When I run "kubectl rollout restart deployment catalog"
    And 30s pass
    Then traffic "uploads" is served by 6 pods
    And traffic "uploads" loses no request

  Scenario: Uploads that take longer are cut off
    Given clients send 10 requests per second that take 20s to service catalog as "uploads"
    And 20s pass
    When I run "kubectl rollout restart deployment catalog"
    And 30s pass
    Then traffic "uploads" loses at least 100 requests because "before it had answered"
    And traffic "uploads" loses no request because "refuses connections"

  Scenario: A connection stays with a pod that has left the Service
    Given clients send 10 requests per second over 6 connections to service catalog as "pool"
    And clients send 10 requests per second to service catalog as "shoppers"
    When I patch service catalog:
      """yaml
      spec: { selector: { app: nobody } }
      """
    Then traffic "shoppers" eventually loses at least 10 requests within 10s
    And traffic "pool" loses no request
