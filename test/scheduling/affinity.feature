Feature: Nodes and neighbours that a pod wants

  Background:
    Given the nodes:
      | name     | cpu | memory | zone | labels          | taints                     |
      | worker-1 | 2   | 4Gi    | a    | disk=ssd,size=4 |                            |
      | worker-2 | 2   | 4Gi    | a    | disk=hdd,size=8 |                            |
      | worker-3 | 2   | 4Gi    | b    | disk=hdd,size=16 | dedicated=gpu:NoSchedule  |
      | worker-4 | 2   | 4Gi    | b    | disk=ssd        | slow=yes:PreferNoSchedule  |

  @shared-cluster
  Scenario: Every operator of a node selector
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: in}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: In, values: ["8", "9"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: not-in}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: NotIn, values: [hdd]}, {key: size, operator: Exists}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: absent}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: DoesNotExist}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: greater}
      spec:
        tolerations: [{operator: Exists}]
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: Gt, values: ["8"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: less}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: Lt, values: ["5"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: nothing}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: Gt, values: ["100"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod in eventually scheduled on node worker-2
    And pod not-in eventually scheduled on node worker-1
    And pod absent eventually scheduled on node worker-4
    And pod greater eventually scheduled on node worker-3
    And pod less eventually scheduled on node worker-1
    And pod nothing eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A node by its name
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: named}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [worker-2]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: tainted}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [worker-3]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: ghost}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [worker-9]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: but-not}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: NotIn, values: [worker-1]}], matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: torn}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [worker-1]}, {key: metadata.name, operator: In, values: [worker-2]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod named eventually scheduled on node worker-2
    And pod but-not eventually scheduled on node worker-4
    And pod tainted eventually has condition PodScheduled=False with reason Unschedulable
    And pod ghost eventually has condition PodScheduled=False with reason Unschedulable
    And pod torn eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: A selector and an affinity both have to match
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: both}
      spec:
        nodeSelector: {disk: ssd}
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: In, values: ["8"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod both eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl label node worker-4 size=8"
    Then pod both eventually scheduled on node worker-4
    When I run "kubectl label node worker-4 size-"

  @shared-cluster
  Scenario: Preferences add up
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: picky}
      spec:
        tolerations: [{key: slow, operator: Exists}]
        affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 40, preference: {matchExpressions: [{key: disk, operator: In, values: [ssd]}]}}, {weight: 50, preference: {matchExpressions: [{key: size, operator: In, values: ["8"]}]}}, {weight: 20, preference: {matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [b]}]}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod picky eventually scheduled on node worker-4

  @shared-cluster
  Scenario: With its kind, in a zone
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: db, labels: {app: db}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod db eventually scheduled on node worker-2
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: near}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: zone}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: db}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: lonely}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: none}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: first, labels: {app: first}}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: first}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod near eventually scheduled on node worker-2
    And pod zone eventually has condition PodScheduled=True
    And pod first eventually has condition PodScheduled=True
    And pod lonely eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: friend, labels: {app: none}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod lonely eventually Ready

  @shared-cluster
  Scenario: Those that are there do not want it
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: hermit}
      spec:
        nodeSelector: {disk: ssd, size: "4"}
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: web}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod hermit eventually scheduled on node worker-1
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: other-web, labels: {app: web}}
      spec:
        nodeSelector: {topology.kubernetes.io/zone: a}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web eventually scheduled on node worker-4
    And pod other-web eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"
    And I run "kubectl delete pod hermit"
    And 5 seconds pass
    Then pod other-web Pending

  @shared-cluster
  Scenario: One of each on a node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec:
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, labels: {app: web}}
      spec:
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-3, labels: {app: web}}
      spec:
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-1 eventually has condition PodScheduled=True
    And pod web-2 eventually has condition PodScheduled=True
    And pod web-3 eventually has condition PodScheduled=True
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-4, labels: {app: web}}
      spec:
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web-4 eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Neighbours of other namespaces
    When I run:
      """
      kubectl create namespace red
      kubectl create namespace blue
      kubectl label namespace red team=red
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: red, labels: {app: db}}
      spec:
        nodeName: worker-2
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: blue, labels: {app: db}}
      spec:
        nodeName: worker-4
        containers: [{name: app, image: "example.com/app:1"}]
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: own}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: by-label}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}, namespaceSelector: {matchLabels: {team: red}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: by-name}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}, namespaces: [blue]}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: not-any}
      spec:
        nodeSelector: {disk: ssd}
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: db}}, namespaceSelector: {}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod by-label eventually scheduled on node worker-2
    And pod by-name eventually scheduled on node worker-4
    And pod own eventually has condition PodScheduled=False with reason Unschedulable
    And pod not-any eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message"

  @shared-cluster
  Scenario: Only those of the same version, or of another
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: v1, labels: {app: web, version: v1}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: v2, labels: {app: web, version: v2}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod v1 eventually Ready
    And pod v2 eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: with-v2, labels: {app: web, version: v2}}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [version]}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: with-other, labels: {app: x, version: v2}}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}, mismatchLabelKeys: [version]}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod with-v2 eventually scheduled on node worker-2
    And pod with-other eventually scheduled on node worker-1
    When I run "kubectl get pod with-v2 -o yaml"

  @shared-cluster
  Scenario: Neighbours that it would like
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: cache, labels: {app: cache}}
      spec:
        nodeSelector: {size: "8"}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: noise, labels: {app: noise}}
      spec:
        nodeSelector: {size: "4"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod cache eventually Ready
    And pod noise eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: near}
      spec:
        tolerations: [{key: slow, operator: Exists}]
        affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: cache}}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: far}
      spec:
        tolerations: [{key: slow, operator: Exists}]
        affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: {topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: noise}}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod near eventually scheduled on node worker-2
    And pod far eventually scheduled on node worker-4
