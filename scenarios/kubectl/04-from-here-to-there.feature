Feature: From one's own machine into pods
  What kubectl carries between one's own machine and a container goes through an API server and the kubelet of the node.

  Background:
    Given a cluster
    And the manifest "manifests/shell.yaml" is applied
    And deployment web with 1 replica of image "example.com/web:1"
    And service web on port 80 for app=web
    Then pod shell eventually Ready
    And deployment web eventually has 1 ready replica

  Scenario: A forwarded port leads to one pod of a Service, and to no other one
    When I run "kubectl port-forward service/web 8080:80"
    Then the last command prints:
      """
      Forwarding from 127.0.0.1:8080 -> 80
      Forwarding from [::1]:8080 -> 80
      """
    When I run "curl -s http://localhost:8080/"
    Then the last command prints "200 from web-"
    When I run "kubectl rollout restart deployment web"
    And 60 seconds pass
    And I run "curl http://localhost:8080/"
    Then the last command fails
    And the last command prints exactly "curl: (52) Empty reply from server"

  Scenario: A port of one's own machine is taken once
    When I run "kubectl port-forward deployment/web 8080:80"
    And I run "kubectl port-forward pod/shell 8080:80"
    Then the last command fails
    And the last command prints "unable to listen on any of the requested ports: [{8080 80}]"

  Scenario: A file is copied out of a container, and not into a folder that is read only
    When I run "kubectl cp shell:/etc/settings/colour colour"
    Then the last command prints "warning: skipping symlink"
    When I run "kubectl cp shell:/etc/colour colour"
    And I run "kubectl create configmap copied --from-file=colour"
    Then configmap copied has field .data.colour "blue"
    When I run "kubectl cp colour shell:/data/copy"
    Then file "/data/copy" in container box of pod shell has content "blue"
    When I run "kubectl cp colour shell:/etc/settings/colour"
    Then the last command fails
    And the last command prints "Read-only file system"

  Scenario: What a program tells until it ends
    Given image "example.com/task:1":
      """yaml
      prints: [{ line: counting }, { after: 3s, line: done }]
      exit: { after: 4s, code: 3 }
      """
    When I run "kubectl run task --image=example.com/task:1 --restart=Never --attach"
    Then the last command fails
    And the last command prints "done"
    And the last command prints "pod default/task terminated (Error)"

  Scenario: A mistyped command is refused in kubectl's words
    When I run "kubectl gte pods"
    Then the last command fails
    And the last command prints:
      """
      error: unknown command "gte" for "kubectl"
      Did you mean this?
      get
      """
    When I run "kubectl get pods --show-label"
    Then the last command fails
    And the last command prints "error: unknown flag: --show-label"
