Feature: A stage that is set in a sentence each
  What stands behind an application need not be a manifest: a sentence makes a workload of one container, and what it reads, asks
  for and acts as.

  Background:
    Given a cluster with 2 nodes

  Scenario: A StatefulSet has members with names, one after the other
    Given statefulset db with 2 replicas of image "postgres:17"
    Then pod db-1 is never Running until pod db-0 is Ready
    And statefulset db eventually has 2 ready replicas

  Scenario: A DaemonSet is on every node
    Given a daemonset agent of image "shop/agent:1"
    Then daemonset agent eventually has 2 ready pods
    And pods of daemonset agent run on 2 different nodes

  Scenario: A Job is done once all of it is
    Given a job report with 3 completions of image "shop/report:1"
    Then job report is eventually Complete within 1 minute
    And job report has 3 succeeded pods

  Scenario: A CronJob makes a Job each time
    Given a cronjob tick with schedule "*/5 * * * *" of image "shop/report:1"
    When 16 minutes pass
    Then there are 3 jobs of cronjob tick
    And every job of cronjob tick is Complete

  Scenario: What it reads and acts as
    Given a configmap settings with data:
      | key  | value |
      | mode | quiet |
    And a secret vault with data:
      | password | hunter2 |
    And a serviceaccount robot
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        serviceAccountName: robot
        containers:
          - name: app
            image: shop/web:1
            envFrom: [{ configMapRef: { name: settings } }, { secretRef: { name: vault } }]
      """
    Then pod web is eventually Ready
    When I run "kubectl exec web -- env"
    Then the last command prints "mode=quiet"
    And the last command prints "password=hunter2"
    And serviceaccount robot cannot list pods

  Scenario: A claim waits for who uses it, and has the size that it asks for
    Given a pvc data of 2Gi
    Then pvc data stays Pending for 1 minute
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        containers: [{ name: app, image: shop/web:1, volumeMounts: [{ name: data, mountPath: /data }] }]
        volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
      """
    Then pvc data is eventually Bound
    And pvc data has field .status.capacity.storage "2Gi"

  Scenario: Who finds no room is told of, who runs is not
    Given deployment web with 2 replicas of image shop/web:1
    And deployment web has 2 ready replicas
    Then no pod of deployment web has a warning event
    When I run "kubectl set resources deployment web --requests=cpu=100"
    Then a pod of deployment web eventually has a warning event saying "Insufficient cpu"
