@nodes
Feature: Machines that come and go, and clocks that are wrong
  A reboot is short: its node is back before anybody is evicted, and its pods start again where they were. Clocks matter less than one might fear: who
  watches over nodes counts by its own.

  Background:
    Given the nodes:
      | name     | cpu | memory |
      | worker-1 | 2   | 4Gi    |
      | worker-2 | 2   | 4Gi    |
      | worker-3 | 8   | 32Gi   |
    And the manifest "manifests/shop.yaml" is applied
    And deployment shop eventually has 4 ready replicas

  Scenario: A node that reboots again and again keeps its pods, and they start again each time
    Given a pod on node worker-1 in namespace default as "pod"
    When node worker-1 reboots 3 times, every 3m
    And 8 minutes pass
    Then $pod has restarted 3 times
    And $pod is Running
    And node worker-1 has event Rebooted

  Scenario: All workers reboot at once, and come back as they were
    When node worker-1 reboots
    And node worker-2 reboots
    And node worker-3 reboots
    Then deployment shop is eventually not Available within 1 minute
    And pods labelled app=shop eventually have restarted 1 time within 3 minutes
    And deployment shop eventually has 4 ready replicas within 1 minute

  Scenario: Only the large node takes what is large
    When I run "kubectl create deployment hungry --image=shop/report:1 --replicas=2"
    And I run "kubectl set resources deployment hungry --requests=cpu=3,memory=8Gi"
    Then pods labelled app=hungry are eventually scheduled on node worker-3

  Scenario: Who is late by the clock of the control plane is not late, but a CronJob is early
    When the clock of cp-1 is 55m ahead
    And I run "kubectl create cronjob report --image=shop/report:1 --schedule='0 * * * *'"
    Then nodes are Ready for 4 minutes
    And at least 1 job is present within 2 minutes
