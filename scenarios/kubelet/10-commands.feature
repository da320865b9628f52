@kubelet
Feature: What a container's command says
  Of an image that nothing is said of, a plain command tells what its container does: when it ends and how, what it prints, which files come and go.

  Background:
    Given a cluster

  Scenario: A file that is there for thirty seconds
    Given the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: healthy }
      spec:
        containers:
          - name: app
            image: busybox:1.36
            args: [/bin/sh, -c, touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600]
            livenessProbe: { exec: { command: [cat, /tmp/healthy] }, initialDelaySeconds: 5, periodSeconds: 5 }
      """
    Then pod healthy is eventually Running
    And pod healthy has not restarted for 30s
    And pod healthy eventually has event Unhealthy saying "cat: can't open '/tmp/healthy': No such file or directory"
    And pod healthy eventually has restarted 1 time

  Scenario: Ready once it has warmed up
    Given the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: warm }
      spec:
        containers:
          - name: app
            image: busybox:1.36
            command: [sh, -c]
            args:
              - |
                echo warming up
                sleep 20
                touch /tmp/ready
                echo ready
                sleep infinity
            readinessProbe: { exec: { command: [sh, -c, "test -f /tmp/ready"] }, periodSeconds: 2 }
      """
    Then pod warm is eventually Running
    And pod warm stays not Ready for 15s
    And pod warm is eventually Ready within 10s
    When I run "kubectl logs warm"
    Then the last command prints "warming up"
    And the last command prints "ready"

  Scenario: A command that fails is tried again, with longer and longer waits
    When I run "kubectl run broken --image=busybox -- sh -c 'echo no database; exit 1'"
    Then pod broken is eventually CrashLoopBackOff
    When I run "kubectl logs broken --previous"
    Then the last command prints "no database"

  Scenario: A pod that is done
    When I run "kubectl run once --image=busybox --restart=Never -- sleep 20"
    Then pod once is eventually Running
    And pod once is Running for 15s
    And pod once is eventually Succeeded within 10s

  Scenario: A Job whose command goes on is never complete
    When I run "kubectl create job watch --image=busybox -- tail -f /dev/null"
    Then job watch is never Complete for 10 minutes

  Scenario: What is said of an image counts more than the command
    Given image "busybox":
      | exit | { after: 5s, code: 0 } |
    When I run "kubectl run once --image=busybox --restart=Never -- false"
    Then pod once is eventually Succeeded

  Scenario: An init container that waits for a name
    Given the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: app }
      spec:
        initContainers:
          - name: wait-for-db
            image: busybox:1.28
            command:
              - sh
              - -c
              - until nslookup db.$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace).svc.cluster.local; do echo waiting for db; sleep 2; done
        containers:
          - { name: app, image: "bookstore/app:1" }
      """
    Then pod app is never Running for 10 minutes
    When I run "kubectl create service clusterip db --tcp=5432"
    Then pod app is eventually Running within 10s

  Scenario: A container that waits for a port, and ends half a minute later
    Given the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: migrate }
      spec:
        restartPolicy: Never
        containers:
          - name: migrate
            image: postgres:17
            command: [bash, -c, "until pg_isready -h db; do sleep 1; done; sleep 30"]
      """
    And 5 minutes pass
    When I run "kubectl create deployment db --image=postgres:17 --port=5432"
    And I run "kubectl expose deployment db"
    Then pod migrate is Running for 25s
    And pod migrate is eventually Succeeded within 20s

  Scenario: A file that somebody removes, and makes again
    Given the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        containers:
          - name: app
            image: busybox:1.36
            command: [sh, -c, touch /tmp/ready; sleep infinity]
            readinessProbe: { exec: { command: [cat, /tmp/ready] }, periodSeconds: 5 }
      """
    And pod web is eventually Ready
    When I run "kubectl exec web -- rm /tmp/ready"
    Then pod web is eventually not Ready within 20s
    When I run "kubectl exec web -- cat /tmp/ready"
    Then the last command fails and prints "cat: can't open '/tmp/ready': No such file or directory"
    When I run "kubectl exec web -- touch /tmp/ready"
    Then pod web is eventually Ready within 10s
    And pod web has restarted 0 times
    And file "/tmp/ready" in container app of pod web is present

  Scenario: Last words
    Given the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: last-words }
      spec:
        restartPolicy: Never
        containers:
          - { name: file, image: debian, command: [sh, -c, echo the lease is lost > /dev/termination-log; exit 1] }
          - name: log
            image: debian
            env: [{ name: HOST, value: db }, { name: PAUSE, value: "2" }]
            terminationMessagePolicy: FallbackToLogsOnError
            command: [sh, -c, 'sleep $PAUSE; echo "no way to $HOST"; exit 1']
      """
    Then pod last-words is eventually Failed
    When I run "kubectl get pod last-words -o 'jsonpath={.status.containerStatuses[*].state.terminated.message}'"
    Then the last command prints "the lease is lost"
    And the last command prints "no way to db"

  Scenario: A page that is there is not one that is well
    Given image "slow":
      | http | [{ path: /up, from: 0s, status: 503 }, { path: /up, from: 40s, status: 200 }] |
    And the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: patient }
      spec:
        restartPolicy: Never
        containers: [{ name: app, image: "curlimages/curl:8", command: [sh, -c, "until curl -sf http://slow/up; do sleep 5; done"] }]
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: hasty }
      spec:
        restartPolicy: Never
        containers: [{ name: app, image: "curlimages/curl:8", command: [sh, -c, "until curl -s http://slow/up; do sleep 5; done"] }]
      """
    When I run "kubectl run slow --image=slow --port=80 --expose"
    Then pod hasty is eventually Succeeded within 10s
    And pod patient is Running for 25s
    And pod patient is eventually Succeeded within 20s

  Scenario: A file that nobody makes
    Given the following manifest is applied:
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        containers:
          - name: app
            image: busybox:1.36
            command: [sleep, "3600"]
            readinessProbe: { exec: { command: [cat, /tmp/ready] }, periodSeconds: 5 }
      """
    Then pod web is never Ready for 5 minutes
    When I run "kubectl exec web -- touch /tmp/ready"
    Then pod web is eventually Ready within 10s
