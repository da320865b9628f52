Feature: Why a pod waits, and what wakes it

  Background:
    Given the nodes:
      | name     | cpu | memory | labels                 | zone |
      | worker-1 | 4   | 8Gi    | disk=ssd,generation=3  | a    |
      | worker-2 | 4   | 8Gi    | disk=hdd,generation=5  | a    |
      | worker-3 | 4   | 8Gi    | disk=hdd,rack=r1       | b    |

  @shared-cluster
  Scenario: Numbers, names and absences in node affinity
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: newer}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: generation, operator: Gt, values: ["4"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: older}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: generation, operator: Lt, values: ["3"]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: without}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: generation, operator: DoesNotExist}, {key: disk, operator: In, values: [hdd]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: by-name}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [worker-2]}]}]}}}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "5"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: not-by-name}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: NotIn, values: [worker-1]}], matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: two-terms}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [worker-9]}]}, {matchFields: [{key: metadata.name, operator: In, values: [worker-8]}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: both}
      spec:
        nodeSelector: {disk: ssd}
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: rack, operator: Exists}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod newer eventually scheduled on node worker-2
    And pod without eventually scheduled on node worker-3
    And pod both eventually has condition PodScheduled=False with reason Unschedulable
    When 2 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I run "kubectl label node worker-1 rack=r2"
    Then pod both eventually scheduled on node worker-1
    When I run "kubectl label node worker-3 generation=2"
    Then pod older eventually scheduled on node worker-3
    When 3 seconds pass
    And I run "kubectl get events -o custom-columns=NAME:.involvedObject.name,REASON:.reason,COUNT:.count,MESSAGE:.message --sort-by=.involvedObject.name"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: bad-numbers}
      spec:
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: generation, operator: Gt, values: [four]}, {key: generation, operator: Lt, values: ["1", "2"]}, {key: disk, operator: Exists, values: [ssd]}], matchFields: [{key: metadata.namespace, operator: In, values: [x]}, {key: metadata.name, operator: In, values: [a, b]}, {key: metadata.name, operator: Exists}]}]}}}
        containers: [{name: app, image: "example.com/app:1"}]
      """

  @shared-cluster
  Scenario: Spreading with a least number of domains, over tainted nodes, and by revision
    Given I run "kubectl taint node worker-3 dedicated=db:NoSchedule"
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: least}
      spec:
        replicas: 4
        selector: {matchLabels: {app: least}}
        template:
          metadata: {labels: {app: least}}
          spec:
            terminationGracePeriodSeconds: 0
            topologySpreadConstraints: [{maxSkew: 1, minDomains: 3, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: least}}, nodeTaintsPolicy: Honor}]
            containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: ignoring}
      spec:
        replicas: 4
        selector: {matchLabels: {app: ignoring}}
        template:
          metadata: {labels: {app: ignoring}}
          spec:
            terminationGracePeriodSeconds: 0
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: ignoring}}}]
            containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: honouring}
      spec:
        replicas: 4
        selector: {matchLabels: {app: honouring}}
        template:
          metadata: {labels: {app: honouring}}
          spec:
            terminationGracePeriodSeconds: 0
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: honouring}}, nodeTaintsPolicy: Honor, nodeAffinityPolicy: Ignore, matchLabelKeys: [pod-template-hash]}]
            containers: [{name: app, image: "example.com/app:1"}]
      """
    Then deployment least eventually has 1 ready replica
    And deployment honouring eventually has 4 ready replicas
    And deployment ignoring eventually has 1 ready replica
    When 3 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=MESSAGE:.message --sort-by=.message"
    And I run "kubectl taint node worker-3 dedicated-"
    Then deployment ignoring eventually has 4 ready replicas
    When 4 seconds pass
    And I run "kubectl get deployments"
    And I run "kubectl patch deployment honouring -p '{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"v\":\"2\"}}}}}'"
    Then deployment honouring eventually has 4 updated replicas
    When 3 seconds pass
    And I run "kubectl get pods -l app=honouring -o custom-columns=PHASE:.status.phase,KEYS:.spec.topologySpreadConstraints[0].matchLabelKeys,SELECTOR:.spec.topologySpreadConstraints[0].labelSelector.matchLabels.app"

  @shared-cluster
  Scenario: Affinity to pods of other namespaces, and of the same revision
    When I run:
      """
      kubectl create namespace team-a
      kubectl create namespace team-b
      kubectl label namespace team-a team=yes
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: anchor, namespace: team-a, labels: {role: anchor}}
      spec:
        nodeName: worker-3
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: follower}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {role: anchor}}, namespaceSelector: {matchLabels: {team: "yes"}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: listed}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {role: anchor}}, namespaces: [team-b]}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: own-namespace}
      spec:
        affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {role: anchor}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: away}
      spec:
        nodeSelector: {rack: r1}
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {role: anchor}}, namespaceSelector: {}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: apart}
      spec:
        replicas: 3
        selector: {matchLabels: {app: apart}}
        strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        template:
          metadata: {labels: {app: apart}}
          spec:
            terminationGracePeriodSeconds: 0
            affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: apart}}, matchLabelKeys: [pod-template-hash]}]}}
            containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod follower eventually scheduled on node worker-3
    And deployment apart eventually has 3 ready replicas
    When 2 seconds pass
    And I run "kubectl get events --field-selector reason=FailedScheduling -o custom-columns=NAME:.involvedObject.name,MESSAGE:.message --sort-by=.involvedObject.name"
    And I run "kubectl label namespace team-b team=yes"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: anchor, namespace: team-b, labels: {role: anchor}}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod listed eventually has condition PodScheduled=True
    When I run "kubectl delete pod anchor -n team-a --force"
    Then pod away eventually scheduled on node worker-3
    When I run "kubectl set image deployment/apart app=example.com/app:2"
    Then deployment apart eventually has 3 updated replicas
    And deployment apart eventually has 3 replicas
    When 2 seconds pass
    And I run "kubectl get events -o custom-columns=NAME:.involvedObject.name,REASON:.reason,COUNT:.count,MESSAGE:.message --sort-by=.involvedObject.name --field-selector reason=FailedScheduling"
    And I run "kubectl get pods -l app=apart -o jsonpath='{.items[0].spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys}'"

  @shared-cluster
  Scenario: Preemption chooses whom a budget does not protect
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: high}
      value: 1000
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: polite}
      value: 1000
      preemptionPolicy: Never
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: keep}
      spec: {minAvailable: 2, selector: {matchLabels: {app: kept}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: kept}
      spec:
        replicas: 2
        selector: {matchLabels: {app: kept}}
        template:
          metadata: {labels: {app: kept}}
          spec:
            terminationGracePeriodSeconds: 5
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: kept}}}]
            nodeSelector: {topology.kubernetes.io/zone: a}
            containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: loose}
      spec:
        terminationGracePeriodSeconds: 5
        nodeName: worker-3
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]
      """
    Then deployment kept eventually has 2 ready replicas
    And pod loose eventually Running
    When 2 seconds pass
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: waits}
      spec:
        priorityClassName: polite
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "2"}}}]
      """
    Then pod waits eventually has condition PodScheduled=False with reason Unschedulable
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: pushes}
      spec:
        priorityClassName: high
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "2"}}}]
      """
    Then pod pushes eventually scheduled on node worker-3
    When I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message --field-selector reason!=Scheduled"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: pushes-again}
      spec:
        priorityClassName: high
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]
      """
    Then pod pushes-again eventually has condition PodScheduled=True
    When 3 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get events -o custom-columns=REASON:.reason,MESSAGE:.message --field-selector reason=Preempted"
    And I run "kubectl get pdb keep"

  @shared-cluster
  Scenario: What preemption cannot help with
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: urgent}
      value: 5000
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: small}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 4
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}], resources: {requests: {cpu: "1"}}}]
      """
    Then pod small eventually Running
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: too-large}
      spec:
        priorityClassName: urgent
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "9"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: nobody-to-push}
      spec:
        priorityClassName: urgent
        nodeSelector: {disk: hdd}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {memory: 9Gi, cpu: "3"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: port-pusher}
      spec:
        priorityClassName: urgent
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      """
    Then pod port-pusher eventually scheduled on node worker-1
    When 2 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message --field-selector reason!=Scheduled"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: same-priority}
      spec:
        priorityClassName: urgent
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 80, hostPort: 8080}]}]
      """
    Then pod same-priority eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get pod same-priority -o jsonpath='{.status.conditions[0].message}'"
    And I run "kubectl get pod too-large -o jsonpath='{.status.conditions[0].message}'"

  @shared-cluster
  Scenario: Two gates, and what may change behind them
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: gated}
      spec:
        schedulingGates: [{name: example.com/quota}, {name: example.com/check}]
        nodeSelector: {disk: hdd}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod gated eventually SchedulingGated
    When I run:
      """
      kubectl patch pod gated --type=json -p '[{"op":"add","path":"/spec/nodeSelector/rack","value":"r1"}]'
      kubectl patch pod gated --type=json -p '[{"op":"remove","path":"/spec/nodeSelector/disk"}]'
      kubectl patch pod gated --type=json -p '[{"op":"add","path":"/spec/schedulingGates/-","value":{"name":"example.com/more"}}]'
      kubectl patch pod gated --type=json -p '[{"op":"remove","path":"/spec/schedulingGates/0"}]'
      kubectl patch pod gated -p '{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"disk","operator":"Exists"}]}]}}}}}'
      kubectl patch pod gated -p '{"spec":{"tolerations":[{"key":"x","operator":"Exists"}]}}'
      kubectl get pod gated -o jsonpath='{.status.conditions}'
      """
    And 2 seconds pass
    And I run "kubectl get pod gated"
    And I run "kubectl patch pod gated --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/schedulingGates/0\"}]'"
    Then pod gated eventually scheduled on node worker-3
    When I run:
      """
      kubectl patch pod gated --type=json -p '[{"op":"add","path":"/spec/schedulingGates","value":[{"name":"example.com/late"}]}]'
      kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,MESSAGE:.message
      """
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: gated-and-placed}
      spec:
        nodeName: worker-1
        schedulingGates: [{name: example.com/a}, {name: example.com/a}, {name: "no good"}]
        containers: [{name: app, image: "example.com/app:1"}]
      """

  @shared-cluster
  Scenario: Host ports by address and protocol
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: holder}
      spec:
        nodeSelector: {disk: ssd}
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 53, hostPort: 5353, protocol: UDP}, {containerPort: 80, hostPort: 9090, hostIP: 127.0.0.1}]}]
      """
    Then pod holder eventually has condition PodScheduled=True
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: other-protocol}
      spec:
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 53, hostPort: 5353, protocol: TCP}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: other-address}
      spec:
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 81, hostPort: 9090, hostIP: 127.0.0.2}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: any-address}
      spec:
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 82, hostPort: 9090}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: same-udp}
      spec:
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 54, hostPort: 5353, protocol: UDP}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: init-port}
      spec:
        nodeSelector: {disk: ssd}
        initContainers: [{name: side, image: "example.com/side:1", restartPolicy: Always, ports: [{containerPort: 55, hostPort: 5353, protocol: UDP}]}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod other-protocol eventually has condition PodScheduled=True
    And pod other-address eventually has condition PodScheduled=True
    And pod any-address eventually has condition PodScheduled=False with reason Unschedulable
    And pod init-port eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get pod any-address -o jsonpath='{.status.conditions[0].message}'"
    And I run "kubectl delete pod other-protocol --force"
    And 3 seconds pass
    And I run "kubectl delete pod holder --force"
    Then pod same-udp eventually has condition PodScheduled=True
    When 3 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,COUNT:.count,MESSAGE:.message --field-selector reason=FailedScheduling"

  @shared-cluster
  Scenario: Extended resources come and grow, and a runtime class costs something
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: wants-gpu}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {limits: {example.com/gpu: "2"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: wants-fraction}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {example.com/gpu: "1500m"}, limits: {example.com/gpu: "1500m"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: requests-only}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {example.com/gpu: "1"}}}]
      """
    Then pod wants-gpu eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl patch node worker-2 --subresource=status --type=json -p '[{\"op\":\"add\",\"path\":\"/status/capacity/example.com~1gpu\",\"value\":\"1\"},{\"op\":\"add\",\"path\":\"/status/allocatable/example.com~1gpu\",\"value\":\"1\"}]'"
    And 3 seconds pass
    And I run "kubectl get pod wants-gpu -o jsonpath='{.status.conditions[0].message}'"
    And I apply:
      """
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: heavy}
      handler: heavy
      overhead: {podFixed: {cpu: 1500m, memory: 64Mi}}
      scheduling: {nodeSelector: {disk: hdd}, tolerations: [{key: heavy, operator: Exists}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: overhead-too-much}
      spec:
        runtimeClassName: heavy
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: overhead-conflict}
      spec:
        runtimeClassName: heavy
        nodeSelector: {disk: ssd}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: overhead-own}
      spec:
        runtimeClassName: heavy
        overhead: {cpu: 100m}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod overhead-too-much eventually has condition PodScheduled=False with reason Unschedulable
    When I run "kubectl get pod overhead-too-much -o jsonpath='{.spec.overhead} {.spec.nodeSelector} {.status.conditions[0].message}'"
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,COUNT:.count,MESSAGE:.message --field-selector reason=FailedScheduling"

  @shared-cluster
  Scenario: Every reason at once
    Given I run:
      """
      kubectl cordon worker-1
      kubectl taint node worker-2 dedicated=db:NoExecute
      """
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: blocker, labels: {app: blocker}}
      spec:
        nodeName: worker-3
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 1, hostPort: 7000}], resources: {requests: {cpu: "3", memory: 7Gi}}}]
      """
    Then pod blocker eventually Running
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: unlucky}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "2", memory: 2Gi, example.com/none: "1"}, limits: {example.com/none: "1"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: tolerant}
      spec:
        tolerations: [{key: node.kubernetes.io/unschedulable, operator: Exists, effect: NoSchedule}]
        containers: [{name: app, image: "example.com/app:1", ports: [{containerPort: 1, hostPort: 7000}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: avoids}
      spec:
        tolerations: [{key: dedicated, operator: Equal, value: web}]
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: blocker}}}]}}
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: tolerates-all}
      spec:
        tolerations: [{operator: Exists}]
        nodeSelector: {disk: hdd}
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "2"}}}]
      """
    Then pod tolerant eventually scheduled on node worker-1
    And pod tolerates-all eventually scheduled on node worker-2
    And pod avoids eventually has condition PodScheduled=False with reason Unschedulable
    When 2 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,COUNT:.count,MESSAGE:.message --field-selector reason=FailedScheduling"
    And I run "kubectl uncordon worker-1"
    Then pod avoids eventually scheduled on node worker-1
    When 4 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,COUNT:.count,MESSAGE:.message --field-selector reason=FailedScheduling"

  @shared-cluster
  Scenario: Who is woken by what
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-1}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-2}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: filler-3}
      spec:
        nodeName: worker-3
        terminationGracePeriodSeconds: 0
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3500m}}}]
      """
    Then pod filler-1 eventually Running
    And pod filler-2 eventually Running
    And pod filler-3 eventually Running
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: needs-one}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "1"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: needs-three}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: needs-memory}
      spec:
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {memory: 9Gi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: needs-label}
      spec:
        nodeSelector: {special: "yes"}
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod needs-label eventually has condition PodScheduled=False with reason Unschedulable
    When 3 seconds pass
    And I run "kubectl patch pod filler-2 --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"2500m\"}}}]}}'"
    Then pod needs-one eventually scheduled on node worker-2
    When 3 seconds pass
    And I run "kubectl delete pod filler-3 --force"
    Then pod needs-three eventually scheduled on node worker-3
    When 2 seconds pass
    And I run "kubectl taint node worker-1 nothing=x:PreferNoSchedule"
    And I run "kubectl label node worker-1 unrelated=yes"
    And 2 seconds pass
    And I run "kubectl patch pod needs-label -p '{\"spec\":{\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}}'"
    And I run "kubectl label pod needs-label x=y"
    And 2 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=NAME:.involvedObject.name,REASON:.reason,COUNT:.count,MESSAGE:.message --field-selector reason=FailedScheduling"
    And I run "kubectl label node worker-1 special=yes"
    Then pod needs-label eventually scheduled on node worker-1

  @shared-cluster
  Scenario: A binding by hand, another scheduler, and a DaemonSet on full nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: manual}
      spec:
        schedulerName: nobody
        containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: 3500m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: manual-2}
      spec:
        schedulerName: nobody
        containers: [{name: app, image: "example.com/app:1"}]
      """
    And I create:
      """
      apiVersion: v1
      kind: Binding
      metadata: {name: manual}
      target: {apiVersion: v1, kind: Node, name: worker-1}
      """
    Then pod manual eventually Running
    When I create:
      """
      apiVersion: v1
      kind: Binding
      metadata: {name: manual}
      target: {apiVersion: v1, kind: Node, name: worker-2}
      """
    And I create:
      """
      apiVersion: v1
      kind: Binding
      metadata: {name: manual-2}
      target: {apiVersion: v1, kind: Service, name: ""}
      """
    And I create:
      """
      apiVersion: v1
      kind: Binding
      metadata: {name: missing}
      target: {apiVersion: v1, kind: Node, name: worker-2}
      """
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            terminationGracePeriodSeconds: 0
            containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "1"}}}]
      """
    Then daemonset agent eventually has 2 ready replicas
    When 3 seconds pass
    And I run "kubectl get events --sort-by=.involvedObject.name -o custom-columns=REASON:.reason,COUNT:.count,MESSAGE:.message --field-selector reason=FailedScheduling"
    And I run "kubectl get pods -o wide --sort-by=.metadata.name --field-selector spec.schedulerName=nobody"
    And I run "kubectl get ds agent"
    And I run "kubectl delete pod manual --force"
    Then daemonset agent eventually has 3 ready replicas

  @shared-cluster
  Scenario: Priorities and their classes
    When I run "kubectl create priorityclass lowest --value=-100 --description=last"
    And I run "kubectl create priorityclass usual --value=10 --global-default"
    And I run "kubectl create priorityclass usual-too --value=20 --global-default=true"
    And I run "kubectl create priorityclass enormous --value=1000000001"
    And I run "kubectl create priorityclass system-mine --value=10"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: plain}
      spec:
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: critical}
      spec:
        priorityClassName: system-cluster-critical
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: own-number}
      spec:
        priority: 7
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: own-policy}
      spec:
        preemptionPolicy: Never
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: right-number}
      spec:
        priority: -100
        priorityClassName: lowest
        containers: [{name: app, image: "example.com/app:1"}]
      """
    And I run:
      """
      kubectl get pods -o custom-columns=NAME:.metadata.name,PRIORITY:.spec.priority,CLASS:.spec.priorityClassName,POLICY:.spec.preemptionPolicy
      kubectl patch priorityclass usual -p '{"value":11}'
      kubectl patch priorityclass usual -p '{"description":"changed"}'
      kubectl patch priorityclass usual -p '{"globalDefault":false}'
      kubectl patch priorityclass usual -p '{"preemptionPolicy":"Never"}'
      kubectl get priorityclasses
      kubectl delete priorityclass system-node-critical
      kubectl delete priorityclass usual lowest
      kubectl describe pod plain
      """
