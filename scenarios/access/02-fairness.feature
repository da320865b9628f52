@access
Feature: One who asks too much does not keep the others from asking
  API Priority and Fairness sorts requests into flows and priority levels. A level has so many seats, every flow in it has its turn, and who asks for more than
  that waits or is told 429. Administrators and the cluster itself have levels of their own.

  Background:
    Given a cluster with 1 node
    And user "ci-bot"
    And user "ana"
    And I run "kubectl create clusterrolebinding readers --clusterrole=view --user=ci-bot --user=ana"

  Scenario: Who floods the API servers is refused, everybody else is served
    When user "ci-bot" floods the API servers with 200000 requests per second that take 2s
    And 20s pass
    And as user "ci-bot" I run "kubectl get pods"
    Then the last command fails
    And the last command prints "Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later (get pods)"
    When as user "ana" I run "kubectl get pods"
    Then the last command succeeds
    When I run "kubectl create deployment web --image=bookstore/web:1"
    Then deployment web eventually has 1 ready replica within 30s

  Scenario: When the flood is over, the user is served again
    Given user "ci-bot" floods the API servers with 200000 requests per second that take 2s
    And 20s pass
    When user "ci-bot" no longer floods the API servers
    And as user "ci-bot" I run "kubectl get pods"
    Then the last command prints "No resources found in default namespace."

  Scenario: A level that lets nobody wait is no place to share with one who floods
    Given I apply manifest "manifests/guests.yaml"
    When user "ci-bot" floods the API servers with 20000 requests per second that take 1s
    And as user "ana" I run "kubectl get pods"
    Then the last command fails
    And the last command prints "TooManyRequests"
    When I run "kubectl patch flowschema guests --type json -p '[{\"op\":\"remove\",\"path\":\"/spec/rules/0/subjects/1\"}]'"
    And as user "ana" I run "kubectl get pods"
    Then the last command prints "No resources found in default namespace."
