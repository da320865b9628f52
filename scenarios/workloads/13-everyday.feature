@workloads
Feature: Everyday sentences
  What a course says of Deployments, Services, settings and rights, without a manifest and without a command line.

  Background:
    Given a cluster with 2 nodes
    And a configmap settings with COLOUR=blue
    And a secret db with key password and value "s3cret"
    And a deployment web with 2 replicas of image "shop/web:1"
    And deployment web has 2 ready replicas

  Rule: Settings

    Scenario: An environment variable begins a rollout
      When I set environment variable COLOUR=green on deployment web
      Then deployment web has environment variable COLOUR with value "green"
      And deployment web is eventually rolled out
      And pods of deployment web eventually have environment variable COLOUR
      And container app in a pod of deployment web has environment variable COLOUR = green
      And pods of deployment web have no environment variable DEBUG

    Scenario: A ConfigMap and a Secret that a pod mounts
      Given a pvc data of 1Gi
      When I apply:
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: reader }
        spec:
          containers:
            - name: app
              image: shop/reader:1
              volumeMounts: [{ name: settings, mountPath: /etc/settings }, { name: data, mountPath: /data }]
            - { name: sidecar, image: shop/sidecar:1 }
          volumes:
            - { name: settings, configMap: { name: settings } }
            - { name: data, persistentVolumeClaim: { claimName: data } }
        """
      Then pod reader mounts configmap settings at "/etc/settings"
      And pod reader mounts pvc data
      And pod reader does not mount secret db
      And container sidecar in pod reader does not mount configmap settings

    Scenario: A key gets another value
      When I set key COLOUR of configmap settings to "green"
      And I change key password of secret db to "new"
      Then configmap settings has field data.COLOUR "green"
      And secret db has key password with value "new"
      And config map settings contains key COLOUR

    Scenario: Labels, annotations and taints come and go
      When I add the label tier=front to deployment web
      And I add annotation owner=ops to deployment web
      And I taint node worker-1 dedicated=db:NoSchedule
      Then deployment web has label tier=front
      And deployment web has annotation owner=ops
      And node worker-1 has taint dedicated=db:NoSchedule
      When I remove the label tier from deployment web
      And I remove the annotation owner from deployment web
      And I remove the taint dedicated from node worker-1
      Then deployment web has no label tier
      And deployment web has no annotation owner
      And node worker-1 has no taint dedicated

  Rule: Rollouts and numbers

    Scenario: Images that are slow, or end
      Given image "shop/slow:1" takes 20s to start
      And image "shop/bad:1" exits with code 3 after 5 seconds
      When deployment slow of image "shop/slow:1"
      And deployment bad running image "shop/bad:1"
      Then no pod of deployment slow is ever Running for 15s
      And pods of deployment slow are eventually up and running
      And deployment slow has revision 1
      And container app in a pod of deployment bad has exit code 3

    Scenario: Out with an image, and back
      When I roll out image "shop/web:2" to deployment web
      And I undo the rollout of deployment web
      Then deployment web is eventually rolled out
      And deployment web uses image "shop/web:1"

    Scenario: A rollout that is paused
      When I pause the rollout of deployment web
      Then deployment web is paused
      When I resume the rollout of deployment web
      Then deployment web is not paused

    Scenario: Fields that are more or less
      When I scale deployment web to 4
      Then deployment web has field .spec.replicas more than 3
      And deployment web eventually has field status.readyReplicas at least 4
      And deployment web has field .spec.replicas at most 4
      And deployment web has field .spec.replicas less than 5

    Scenario: More load, more pods
      Given metrics-server is installed
      And I run "kubectl set resources deployment web --requests=cpu=100m"
      And deployment web is eventually rolled out
      When I autoscale deployment web between 2 and 6 replicas at 50% CPU
      And pods of deployment web use 100m CPU
      Then deployment web eventually has 4 replicas within 5m

    Scenario: An autoscaler that was there before
      Given metrics-server is installed
      And an hpa busy for deployment web with 3 to 6 replicas at 50% CPU
      Then deployment web eventually has 3 replicas within 2m

  Rule: Jobs

    Scenario: A CronJob is suspended, and its Job is made by hand
      Given a cronjob tick with schedule "*/5 * * * *" of image "shop/report:1"
      When I suspend cronjob tick
      Then cronjob tick is suspended
      And cronjob tick never has a job for 11m
      When I create a job now from cronjob tick
      Then job now is eventually Complete
      When I resume cronjob tick
      Then cronjob tick eventually has 2 jobs within 6m

  Rule: Services and who may reach whom

    Scenario: Services of every type
      When I expose deployment web on port 80
      And I expose deployment web on port 80 as service shop
      Then service web eventually has 2 endpoints
      And service shop eventually has 2 endpoints
      Given a NodePort service outside on port 80 for app=web
      And a service also of type NodePort on port 80 for app=web
      And a headless service each for app=web
      Then service outside has type NodePort
      And service also has type NodePort
      And service each has field .spec.clusterIP "None"

    Scenario: Nobody gets in but the frontend
      Given a service web on port 80 for app=web
      And a pod front labelled role=front with image "busybox"
      And a pod other labelled role=other with image "busybox"
      And pods front and other are Ready
      And a default deny network policy
      And a network policy that allows traffic from role=front to app=web on port 80
      Then pod front reaches service web
      And pod other does not reach service web

    Scenario: Nobody gets out
      Given a service web on port 80 for app=web
      And a pod front of image "busybox"
      And pod front is Ready
      And a network policy locked that denies all egress
      Then pod front eventually does not reach service web

    Scenario: A host and a path
      Given ingress-nginx is installed
      And a service web on port 80 for app=web
      And an ingress shop that routes "shop.example.com/" to service web on port 80
      And clients send 10 requests per second to "http://shop.example.com/" as "shoppers"
      Then traffic "shoppers" loses no request for 1m

  Rule: Rights and limits

    Scenario: A Role, and who is given it
      Given user "ana"
      And a serviceaccount robot
      And a role reader that allows "get, list" on pods
      And a cluster role viewer that allows list on nodes
      And user "ana" is given role reader
      And service account robot is given role reader
      Then role reader allows "get, list" on pods
      And role reader does not allow delete on pods
      And clusterrole viewer allows list on nodes
      And clusterrole cluster-admin allows delete on deployments
      And user "ana" can list pods
      And user "ana" cannot delete pods
      And serviceaccount robot can get pods

    Scenario: Who a pod is
      Given a serviceaccount robot
      When I apply:
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: bot }
        spec: { serviceAccountName: robot, containers: [{ name: app, image: shop/bot:1 }] }
        """
      Then pod bot uses service account robot
      And deployment web does not use service account robot

    Scenario: A budget, a quota and a priority
      Given a pdb web with minAvailable 2 for app=web
      And a priorityclass high with value 1000
      And a resource quota few with pods=3
      When I scale deployment web to 4
      Then pdb web eventually allows 1 disruption
      And deployment web never has 4 replicas for 1m
      And priorityclass high has field .value 1000

  Rule: Storage and backups

    Scenario: A claim that grows
      Given CSI driver "disk.example.com"
      And storage class "fast" of CSI driver "disk.example.com":
        | allowVolumeExpansion | true |
      And a persistent volume claim data of 1Gi with storage class fast
      And pvc data is eventually Bound
      When I expand pvc data to 2Gi
      Then pvc data has field .spec.resources.requests.storage at least 2Gi
      And persistent volume claim data has capacity 1Gi

    Scenario: What was saved is there again
      When I back up etcd to "snap.db"
      And I delete deployment web
      Then deployment web is eventually gone
      When I restore etcd from "snap.db"
      Then deployment web is eventually present
