Feature: Two scenarios to report

  Scenario: A pod runs
    When I run "kubectl run web --image=web:1"
    Then pod web eventually Running

  Scenario: A pod waits for its image
    Given image "web:2":
      | pull | 20s |
    When I run "kubectl run web --image=web:2"
    Then pod web eventually Running within 30s
