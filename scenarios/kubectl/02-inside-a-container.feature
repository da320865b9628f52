Feature: kubectl exec
  What a program in a container prints follows from what its node knows: its environment, its mounted files, the rules of kube-proxy, the cluster's DNS.

  Background:
    Given a cluster
    And the manifest "manifests/shell.yaml" is applied
    And deployment web with 2 replicas of image "example.com/web:1"
    And service web on port 80 for app=web
    Then pod shell eventually Ready

  Scenario: A file of a ConfigMap follows it within a minute, a variable never does
    When I run "kubectl patch configmap settings -p '{\"data\":{\"colour\":\"red\"}}'"
    And 90 seconds pass
    And I run "kubectl exec shell -- cat /etc/settings/colour"
    Then the last command prints exactly "red"
    When I run "kubectl exec shell -- printenv colour"
    Then the last command prints exactly "blue"

  Scenario: A Service answers by its name, until nobody stands behind it
    Given pod shell eventually reaches service web
    When I run "kubectl exec shell -- nslookup web"
    Then the last command prints "web.default.svc.cluster.local"
    When I run "kubectl exec shell -- wget -qO- -T 2 http://web"
    Then the last command prints "200 from web-"
    When I run "kubectl scale deployment web --replicas=0"
    And 5 seconds pass
    And I run "kubectl exec shell -- wget -qO- -T 2 http://web"
    Then the last command fails
    And the last command prints "Connection refused"

  Scenario: A shell runs one command after the other and writes into volumes
    When I run "kubectl exec shell -- sh -c 'echo -n $greeting > /data/said && cat /data/said'"
    Then the last command prints exactly "hello"
    And file "/data/said" in container box of pod shell has content "hello"
    When I run "kubectl exec shell -- sh -c 'echo $greeting > /etc/settings/said'"
    Then the last command fails
    And the last command prints "Read-only file system"

  Scenario: What cannot be entered says why
    When I run "kubectl exec shell -- curl http://web"
    Then the last command fails
    And the last command prints "executable file not found in $PATH"
    When I run "kubectl exec shell -c nobody -- true"
    Then the last command fails
    And the last command prints exactly "Error from server (BadRequest): container nobody is not valid for pod shell"
    When the kubelet on worker-1 stops
    And I run "kubectl exec shell -- true"
    Then the last command fails
    And the last command prints "connect: connection refused"

  Scenario: What a container printed before it ended is still there
    Given image "example.com/worker:1":
      """yaml
      prints: [{ line: connecting }, { after: 1s, line: "no such database" }]
      exit: { after: 2s, code: 1 }
      """
    When I run "kubectl run worker --image=example.com/worker:1"
    Then pod worker eventually CrashLoopBackOff
    When I run "kubectl logs worker --previous --tail=1"
    Then the last command prints exactly "no such database"
