@shared-cluster
Feature: Services and families

  Scenario: families of a cluster that has one
    Given a cluster with 1 node
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: a }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilies: [IPv6] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: b }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilies: [IPv4, IPv6] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: c }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilyPolicy: RequireDualStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: d }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilyPolicy: PreferDualStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: e }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv6] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: f }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilyPolicy: SingleStack, ipFamilies: [IPv4, IPv6] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: g }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilyPolicy: Both }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: h }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilies: [IPv5] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: i }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilies: [IPv4, IPv4] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: j }
      spec: { ports: [{ port: 80 }], selector: { app: web }, clusterIP: "fd00::5" }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: k }
      spec: { ports: [{ port: 80 }], selector: { app: web }, clusterIPs: ["10.96.0.77", "fd00::5"] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: l }
      spec: { ports: [{ port: 80 }], selector: { app: web }, clusterIP: None, ipFamilies: [IPv6] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: m }
      spec: { ports: [{ port: 80 }], selector: { app: web }, clusterIP: None, ipFamilyPolicy: RequireDualStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: n }
      spec: { ports: [{ port: 80 }], clusterIP: None }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: o }
      spec: { ports: [{ port: 80 }], clusterIP: None, ipFamilies: [IPv6] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: p }
      spec: { ports: [{ port: 80 }], clusterIP: None, ipFamilyPolicy: SingleStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: q }
      spec: { ports: [{ port: 80 }], clusterIP: None, ipFamilyPolicy: SingleStack, ipFamilies: [IPv6] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: r }
      spec: { ports: [{ port: 80 }], selector: { app: web }, clusterIP: None, ipFamilyPolicy: PreferDualStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: s }
      spec: { type: ExternalName, externalName: x.example.com, ipFamilyPolicy: SingleStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: t }
      spec: { ports: [{ port: 80 }], clusterIP: None, ipFamilyPolicy: PreferDualStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: u }
      spec: { ports: [{ port: 80 }], clusterIP: None, ipFamilies: [IPv4] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: v }
      spec: { ports: [{ port: 80 }], clusterIP: None, ipFamilies: [IPv4, IPv6], ipFamilyPolicy: SingleStack }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: w }
      spec: { ports: [{ port: 80 }], clusterIP: None, ipFamilies: [IPv6, IPv4] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: x }
      spec: { ports: [{ port: 80 }], selector: { app: web }, clusterIPs: [None] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: y }
      spec: { ports: [{ port: 80 }], selector: { app: web }, clusterIP: None, clusterIPs: [None, "fd00::1"] }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: z }
      spec: { ports: [{ port: 80 }], selector: { app: web }, ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv4] }
      """
    When I run "kubectl get services -o custom-columns=N:.metadata.name,P:.spec.ipFamilyPolicy,F:.spec.ipFamilies,IPS:.spec.clusterIPs"

  Scenario: families that change
    Given a cluster with 1 node
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: a }
      spec: { ports: [{ port: 80 }], selector: { app: web } }
      """
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilyPolicy\":\"PreferDualStack\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilyPolicy\":\"RequireDualStack\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilies\":[\"IPv6\"]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilies\":[\"IPv4\",\"IPv6\"]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilies\":[\"IPv6\",\"IPv4\"]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilyPolicy\":\"SingleStack\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"clusterIPs\":[\"10.96.0.3\"]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"clusterIP\":\"10.96.0.3\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"clusterIP\":\"None\",\"clusterIPs\":[\"None\"]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"clusterIP\":\"\",\"clusterIPs\":[]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilies\":null}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"ipFamilyPolicy\":null}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"x.example.com\"}}'"
    When I run "kubectl get service a -o jsonpath={.spec}"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"type\":\"ClusterIP\"}}'"
    When I run "kubectl get service a -o jsonpath={.spec.ipFamilies}{.spec.ipFamilyPolicy}{.spec.externalName}"
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: h }
      spec: { ports: [{ port: 80 }], clusterIP: None }
      """
    When I run "kubectl patch service h --type=merge -p '{\"spec\":{\"selector\":{\"a\":\"b\"}}}'"
    When I run "kubectl get service h -o jsonpath={.spec.ipFamilies}{.spec.ipFamilyPolicy}"
    When I run "kubectl patch service h --type=merge -p '{\"spec\":{\"ipFamilyPolicy\":\"SingleStack\"}}'"
    When I run "kubectl get service h -o jsonpath={.spec.ipFamilies}{.spec.ipFamilyPolicy}"

  Scenario: classes of load balancers
    Given a cluster with 1 node
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: a }
      spec: { ports: [{ port: 80 }], selector: { app: web }, type: LoadBalancer }
      """
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"loadBalancerClass\":\"example.com/x\"}}'"
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: b }
      spec: { ports: [{ port: 80 }], selector: { app: web }, type: LoadBalancer, loadBalancerClass: example.com/x }
      """
    When I run "kubectl patch service b --type=merge -p '{\"spec\":{\"loadBalancerClass\":\"example.com/y\"}}'"
    When I run "kubectl patch service b --type=merge -p '{\"spec\":{\"loadBalancerClass\":null}}'"
    When I run "kubectl patch service b --type=merge -p '{\"spec\":{\"loadBalancerClass\":\"example.com/y\",\"type\":\"NodePort\"}}'"
    When I run "kubectl patch service b --type=merge -p '{\"spec\":{\"type\":\"NodePort\"}}'"
    When I run "kubectl get service b -o jsonpath={.spec.type}{.spec.loadBalancerClass}"
    When I run "kubectl patch service b --type=merge -p '{\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerClass\":\"example.com/z\"}}'"
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: c }
      spec: { ports: [{ port: 80 }], selector: { app: web }, loadBalancerClass: example.com/x }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: d }
      spec: { ports: [{ port: 80 }], selector: { app: web }, type: LoadBalancer, loadBalancerClass: "x y" }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: e }
      spec: { ports: [{ port: 80 }], selector: { app: web }, type: LoadBalancer, loadBalancerClass: "" }
      """
    When I apply:
      """yaml
      apiVersion: v1
      kind: Service
      metadata: { name: f }
      spec: { ports: [{ port: 80 }], selector: { app: web }, type: LoadBalancer, loadBalancerClass: internal }
      """
    When I run "kubectl patch service f --type=merge -p '{\"spec\":{\"loadBalancerSourceRanges\":[\"10.0.0.0/8\",\"x\"]}}'"
    When I run "kubectl patch service f --type=merge -p '{\"spec\":{\"loadBalancerSourceRanges\":[\"10.0.0.0/8\"]}}'"
    When I run "kubectl patch service f --type=merge -p '{\"spec\":{\"type\":\"ClusterIP\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"allocateLoadBalancerNodePorts\":false}}'"
    When I run "kubectl get service a -o jsonpath={.spec.allocateLoadBalancerNodePorts}"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"healthCheckNodePort\":31000}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"externalTrafficPolicy\":\"Cluster\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"externalTrafficPolicy\":\"Nowhere\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"internalTrafficPolicy\":\"Nowhere\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"internalTrafficPolicy\":null}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"trafficDistribution\":\"PreferSameNode\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"trafficDistribution\":\"Near\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"trafficDistribution\":\"PreferClose\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"sessionAffinity\":\"Cookie\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":0}}}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":10}}}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"sessionAffinity\":\"None\"}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"externalIPs\":[\"127.0.0.1\"]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"externalIPs\":[\"0.0.0.0\",\"224.0.0.1\",\"x\"]}}'"
    When I run "kubectl patch service a --type=merge -p '{\"spec\":{\"externalIPs\":[\"203.0.113.7\",\"203.0.113.7\"]}}'"
    When I run "kubectl get service a -o jsonpath={.spec.externalIPs}"
