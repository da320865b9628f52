Feature: A platform with rules of its own

  Background:
    Given the nodes:
      | name | labels    |
      | red  | team=red  |
      | blue | team=blue |

  Scenario: A pod without a team is refused
    When I run "kubectl run stray --image=web:1"
    Then the last command prints "is forbidden: every pod needs a team"

  Scenario: A pod goes to its team's nodes
    When I run "kubectl run web --image=web:1 --labels=team=blue"
    Then pod web is eventually scheduled on node blue

  Scenario: Nowhere is a reason
    When I run "kubectl run web --image=web:1 --labels=team=green"
    Then pod web has event FailedScheduling saying "2 node(s) belonged to another team" within 5s
    And pod web is never Running for 1m

  Scenario: A fault of one's own, and its way back
    Given node blue is Ready
    When finance takes node blue away
    Then node blue is eventually not Ready within 2m
    When finance gives node blue back
    Then node blue is eventually Ready within 2m
