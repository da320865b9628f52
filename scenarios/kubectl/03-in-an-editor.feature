Feature: kubectl edit
  An editor that needs nobody at a terminal stands in front of the command.

  Background:
    Given a cluster
    And deployment web with 2 replicas of image "example.com/web:1"

  Scenario: What the editor changes is patched
    When I run:
      """sh
      KUBE_EDITOR="sed -i 's/replicas: 2/replicas: 3/'" kubectl edit deployment web
      """
    Then the last command prints exactly "deployment.apps/web edited"
    And deployment web has field .spec.replicas 3
    And deployment web eventually has 3 ready replicas

  Scenario: A file that is not valid comes back, and nothing is saved
    When I run:
      """sh
      KUBE_EDITOR="sed -i 's/replicas: 2/replicas: -2/'" kubectl edit deployment web
      """
    Then the last command fails
    And the last command prints:
      """
      error: deployments.apps "web" is invalid
      A copy of your changes has been stored to
      error: Edit cancelled, no valid changes were saved.
      """
    And deployment web has field .spec.replicas 2

  Scenario: An editor that changes nothing cancels
    When I run "EDITOR=true kubectl edit deployment web"
    Then the last command succeeds
    And the last command prints exactly "Edit cancelled, no changes made."
