@extending
Feature: API groups of other servers
  An APIService hands a group of the API to a server in the cluster. While that is away the group is there, and nothing in it.

  Background:
    Given a cluster
    And the manifest "manifests/api-service.yaml" is applied
    And apiservice v1alpha1.things.example.com eventually has condition Available=False with reason ServiceNotFound

  Scenario: Its service is missing
    When I run "kubectl get apiservice v1alpha1.things.example.com"
    Then the last command prints "default/things   False (ServiceNotFound)"
    And apiservice v1alpha1.things.example.com has field .status.conditions[0].message "service/things in \"default\" is not present"

  Scenario: Its service has no endpoints
    When I run "kubectl create service clusterip things --tcp=443:8443"
    Then apiservice v1alpha1.things.example.com eventually has condition Available=False with reason MissingEndpoints
    And apiservice v1alpha1.things.example.com has field .status.conditions[0].message "endpointslices for service/things in \"default\" have no addresses with port name \"443-8443\""

  Scenario: Who asks for the group is told to come back later
    When I run "kubectl get --raw /apis/things.example.com/v1alpha1"
    Then the last command prints "Error from server (ServiceUnavailable): the server is currently unable to handle the request"

  Scenario: No namespace can be deleted any more
    Given namespace bookstore
    When I run "kubectl delete namespace bookstore --wait=false"
    And 1 minute passes
    Then namespace bookstore is Terminating
    And namespace bookstore has condition NamespaceDeletionDiscoveryFailure=True with reason DiscoveryFailed

  Scenario: Without the APIService it goes
    Given namespace bookstore
    And I run "kubectl delete namespace bookstore --wait=false"
    And 1 minute passes
    When I run "kubectl delete apiservice v1alpha1.things.example.com"
    Then namespace bookstore is eventually gone within 2m
