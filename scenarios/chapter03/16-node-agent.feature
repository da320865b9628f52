@chapter03
Feature: The kubelet probes containers, and starts again what has ended

  Background:
    Given a cluster with 2 nodes
    And service shop on port 80 for app=shop

  Rule: Probes

    Scenario: Liveness - after three failures in a row, and not after two, the container is started again
      Given image "bookstore/shop:1":
        """yaml
        http: [{ path: /healthz, from: 0s, status: 200 }, { path: /healthz, from: 15s, status: 500 }]
        """
      When I apply:
        """yaml
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, labels: { app: shop } }
        spec: { containers: [{ name: app, image: "bookstore/shop:1", livenessProbe: { periodSeconds: 10, httpGet: { path: /healthz, port: 80 } } }] }
        """
      Then pod shop has not restarted for 40s
      And pod shop eventually restarted 1 time within 5s
      And pod shop eventually has event Killing saying "failed liveness probe, will be restarted"

    Scenario: Readiness - who is not ready gets no traffic, and is not started again
      Given image "bookstore/shop:1":
        """yaml
        http: [{ path: /readyz, from: 0s, status: 200 }, { path: /readyz, from: 20s, status: 503 }]
        """
      When I apply:
        """yaml
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, labels: { app: shop } }
        spec: { containers: [{ name: app, image: "bookstore/shop:1", readinessProbe: { periodSeconds: 5, httpGet: { path: /readyz, port: 80 } } }] }
        """
      Then service shop eventually has 1 endpoint
      And service shop eventually has no endpoints
      And service shop has 1 not-ready endpoint
      And pod shop is Running but not Ready
      And pod shop never restarted for 5m

    Scenario: Startup - a slow start is no failure of liveness
      Given image "bookstore/shop:1":
        """yaml
        http: [{ path: /healthz, from: 0s, status: 0 }, { path: /healthz, from: 50s, status: 200 }]
        """
      When I apply:
        """yaml
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, labels: { app: shop } }
        spec:
          containers:
            - name: app
              image: "bookstore/shop:1"
              startupProbe: { periodSeconds: 10, failureThreshold: 10, httpGet: { path: /healthz, port: 80 } }
              livenessProbe: { periodSeconds: 5, failureThreshold: 1, httpGet: { path: /healthz, port: 80 } }
        """
      Then pod shop is eventually Ready within 90s
      And pod shop has not restarted

  Rule: Restarts

    Scenario: Each restart waits longer than the one before
      Given image "bookstore/shop:1":
        | exit | { after: 1s, code: 1 } |
      When I run "kubectl run shop --image=bookstore/shop:1"
      Then pod shop eventually CrashLoopBackOff
      And pod shop restarted at most 4 times for 2m
      And pod shop eventually restarted 5 times within 3m

    Scenario: OnFailure - what ends well has done its work, what fails is started again
      Given image "bookstore/shop:1":
        | exit | { after: 1s, code: 1, times: 1 } |
      When I run "kubectl run migrate --image=bookstore/shop:1 --restart=OnFailure"
      And I run "kubectl run count --image=busybox --restart=OnFailure --overrides='{\"metadata\":{\"annotations\":{\"behaviour.kscenario.dev/count\":\"exit: { after: 1s, code: 0 }\"}}}'"
      Then pod migrate eventually restarted 1 time
      And pod count is eventually Completed
      And pod count never restarted for 2m
