@shared-cluster
Feature: What kubectl generates, sets, patches and refuses

  Background:
    Given a cluster with 2 nodes

  Scenario: Generators and their flags
    When I run:
      """
      kubectl create deployment d --image=a:1 --image=b/c:2 --replicas=3 --dry-run=client -o yaml
      kubectl create deployment d --image=a --port=80 --dry-run=server -o yaml
      kubectl create deployment d --image=a --image=b --dry-run=client -o yaml -- sleep 1
      kubectl create deployment d --image=a --dry-run=client -o yaml -- sh -c 'sleep 1'
      kubectl create deployment d --dry-run=client
      kubectl create deployment --image=a
      kubectl create deployment d --image=a --replicas=-1 --dry-run=server
      kubectl create deployment D --image=a --dry-run=server
      kubectl create deployment d --image='' --dry-run=client
      kubectl create deployment d e --image=a
      kubectl create deployment d --image=a --port=99999 --dry-run=server
      kubectl create deployment d --image=a --dry-run=maybe
      kubectl create deployment d --image=a --dry-run
      kubectl create job j --image=a --dry-run=client -o yaml -- date
      kubectl create job j --image=a --from=cronjob/x
      kubectl create job j --from=cronjob/x
      kubectl create job j --from=job/x
      kubectl create job j
      kubectl create cronjob c --image=a --schedule='*/5 * * * *' --restart=Never --dry-run=client -o yaml -- date
      kubectl create cronjob c --image=a --schedule='bad' --dry-run=server
      kubectl create cronjob c --image=a --dry-run=client
      kubectl create cj c --image=a --schedule='0 * * * *' --restart=Always --dry-run=server
      kubectl create configmap cm --from-literal=a=1 --from-literal=b=x=y --dry-run=client -o yaml
      kubectl create configmap cm --from-literal=a
      kubectl create configmap cm --from-literal=a=1 --from-literal=a=2
      kubectl create configmap cm --from-literal=b@d=1
      kubectl create configmap cm --from-file=nope.txt
      kubectl create configmap cm --from-env-file=nope.env
      kubectl create configmap cm --from-literal=a=1 --append-hash --dry-run=client -o yaml
      kubectl create configmap cm --dry-run=client -o yaml
      kubectl create configmap
      kubectl create secret generic s --from-literal=a=1 --type=example.com/x --dry-run=client -o yaml
      kubectl create secret generic s --from-literal=a=1 --append-hash --dry-run=client -o name
      kubectl create secret docker-registry r --docker-username=u --docker-password=p --docker-email=e@x --docker-server=reg.example.com --dry-run=client -o yaml
      kubectl create secret docker-registry r --docker-username=u
      kubectl create secret tls t --cert=nope.crt --key=nope.key
      kubectl create secret nope x
      kubectl create secret
      kubectl create service clusterip s --tcp=80:8080 --tcp=443 --dry-run=client -o yaml
      kubectl create service clusterip s --clusterip=None --dry-run=client -o yaml
      kubectl create service clusterip s --clusterip=None --tcp=80 --dry-run=client -o yaml
      kubectl create service clusterip s
      kubectl create service nodeport s --tcp=80 --node-port=30080 --dry-run=client -o yaml
      kubectl create service nodeport s --tcp=80 --node-port=80
      kubectl create service loadbalancer s --tcp=80:http --dry-run=client -o yaml
      kubectl create service externalname s --external-name=example.org --tcp=80 --dry-run=client -o yaml
      kubectl create service externalname s
      kubectl create service clusterip s --tcp=x
      kubectl create service clusterip s --tcp=80:70000
      kubectl create namespace n --dry-run=client -o yaml
      kubectl create ns N_1
      kubectl create sa s --dry-run=server -o jsonpath='{.metadata.name}'
      kubectl create sa s --dry-run=client -o json
      kubectl create quota q --hard=cpu=1,pods=2 --scopes=BestEffort --dry-run=client -o yaml
      kubectl create quota q --hard=cpu=1,pods=2 --scopes=BestEffort
      kubectl create quota q --hard=cpu
      kubectl create quota q --hard=cpu=x
      kubectl create quota q --scopes=Nope --hard=pods=1
      kubectl create pdb p --selector=app=x --min-available=50% --dry-run=client -o yaml
      kubectl create pdb p --selector=app=x --min-available=1 --max-unavailable=1
      kubectl create pdb p --selector=app=x
      kubectl create pdb p --min-available=1
      kubectl create priorityclass pc --value=10 --global-default --description='a b' --preemption-policy=Never --dry-run=client -o yaml
      kubectl create priorityclass pc --value=x
      kubectl create priorityclass pc --value=2000000000 --dry-run=server
      kubectl create priorityclass system-x --value=1 --dry-run=server
      kubectl create role r --verb=get,list --verb=watch --resource=pods,deployments.apps/scale --resource-name=a --dry-run=client -o yaml
      kubectl create role r --verb=get --resource=nope
      kubectl create role r --verb=nope --resource=pods
      kubectl create role r --resource=pods
      kubectl create role r --verb=get
      kubectl create role r --verb=* --resource=* --dry-run=client -o yaml
      kubectl create role r --verb=get --resource=pods/nope --dry-run=client -o yaml
      kubectl create clusterrole cr --verb=get --non-resource-url=/x --dry-run=client -o yaml
      kubectl create clusterrole cr --aggregation-rule=a=b --dry-run=client -o yaml
      kubectl create clusterrole cr --verb=get --non-resource-url=/x --resource=pods
      kubectl create clusterrole cr --verb=list --non-resource-url=/x
      kubectl create rolebinding rb --role=r --user=u --user=v --group=g --serviceaccount=a:b --dry-run=client -o yaml
      kubectl create rolebinding rb --role=r --clusterrole=c
      kubectl create rolebinding rb --user=u
      kubectl create rolebinding rb --role=r --serviceaccount=bad
      kubectl create clusterrolebinding crb --clusterrole=view --dry-run=client -o yaml
      kubectl create clusterrolebinding crb --user=u
      kubectl create ingress i --rule='a.example.com/x*=svc:80,tls=t' --rule='b.example.com/=svc:http' --class=nginx --annotation=a=b --default-backend=d:80 --dry-run=client -o yaml
      kubectl create ingress i --rule='bad'
      kubectl create ingress i
      kubectl create ingress i --default-backend=bad
      kubectl create token nope
      kubectl create token default --duration=1s
      kubectl create token default --bound-object-kind=Pod
      kubectl create token default --bound-object-kind=Nope --bound-object-name=x
      kubectl create
      kubectl create nope
      kubectl create -f nope.yaml
      kubectl create -f -
      kubectl create pod x
      kubectl create node n
      kubectl create deployment d --image=a --save-config --dry-run=client -o yaml
      kubectl create deployment d --image=a --validate=ignore --dry-run=client -o name
      kubectl create deployment d --image=a --field-manager=me --dry-run=server -o yaml --show-managed-fields
      """

  Scenario: Runs and what they refuse
    When I run:
      """
      kubectl run p --image=a --dry-run=client -o yaml
      kubectl run p --image=a --env=A=1 --env=B= --labels=x=yy,z= --port=80 --restart=Never --dry-run=client -o yaml
      kubectl run p --image=a --command --dry-run=client -o yaml -- sh -c 'x y'
      kubectl run p --image=a --restart=OnFailure --dry-run=client -o yaml -- a b
      kubectl run p --image=a --expose --port=80 --dry-run=client -o yaml
      kubectl run p --image=a --expose
      kubectl run p --image=a --env=bad --dry-run=client
      kubectl run p --image=a --labels=bad --dry-run=client
      kubectl run p
      kubectl run p --image='A B'
      kubectl run --image=a
      kubectl run P --image=a
      kubectl run p --image=a --restart=Sometimes
      kubectl run p --image=a --rm
      kubectl run p --image=a --overrides='{"spec":{"nodeName":"worker-1"}}' --dry-run=client -o yaml
      kubectl run p --image=a --overrides='[{"op":"add","path":"/spec/hostNetwork","value":true}]' --override-type=json --dry-run=client -o yaml
      kubectl run p --image=a --overrides='{"spec":{"containers":[{"name":"p","tty":true}]}}' --override-type=strategic --dry-run=client -o yaml
      kubectl run p --image=a --overrides='bad' --dry-run=client
      kubectl run p --image=a --image-pull-policy=Never --privileged --dry-run=client -o yaml
      kubectl run p --image=a --image-pull-policy=Perhaps --dry-run=client
      kubectl run p --image=a --annotations=a=b --annotations=c=d --dry-run=client -o yaml
      kubectl run p --image=a --grace-period=5 --dry-run=client
      kubectl run p --image=a --stdin --tty --dry-run=client -o yaml
      kubectl run p --image=a --requests=cpu=1
      kubectl run p --image=a --serviceaccount=x
      kubectl run p --image=a -q --dry-run=server -o name
      kubectl expose pod none --port=80
      kubectl run real --image=example.com/shore5/real:1 --port=81 --labels=app=real,x=yy
      kubectl expose pod real
      kubectl expose pod real --port=80 --target-port=http --name=two --dry-run=client -o yaml
      kubectl expose pod real --name=three --type=NodePort --protocol=UDP --dry-run=client -o yaml
      kubectl expose pod real --name=four --port=80 --cluster-ip=None --session-affinity=ClientIP --external-ip=192.0.2.9 -l a=b --dry-run=client -o yaml
      kubectl expose pod real --name=five --port=80 --type=Nope
      kubectl expose pod real --name=six --port=80 --load-balancer-ip=1.2.3.4 --type=LoadBalancer --dry-run=client -o yaml
      kubectl expose cm x --port=80
      kubectl expose svc real --port=90 --name=seven --dry-run=client -o yaml
      kubectl expose pod real
      kubectl expose
      kubectl create deployment noport --image=a
      kubectl expose deployment noport
      kubectl expose deployment noport --port=80 --overrides='{"spec":{"clusterIP":"None"}}' --dry-run=client -o yaml
      kubectl expose deployment/noport --port=80,81 --dry-run=client
      kubectl autoscale deployment noport --max=3 --min=2 --cpu=50% --memory=100Mi --dry-run=client -o yaml
      kubectl autoscale deployment noport --max=3 --cpu-percent=50 --dry-run=client -o yaml
      kubectl autoscale deployment noport --min=2
      kubectl autoscale deployment noport --max=1 --min=2
      kubectl autoscale deployment nope --max=2
      kubectl autoscale cm x --max=2
      kubectl autoscale deployment noport --max=3 --cpu=500m --name=h --dry-run=server -o yaml
      kubectl autoscale rs --all --max=3
      """

  Scenario: Setting things
    When I run:
      """
      kubectl create deployment web --image=example.com/shore6/web:1 --replicas=0
      kubectl create configmap cm --from-literal=a_b=1 --from-literal=c=2
      kubectl create secret generic sec --from-literal=k=v
      kubectl set env deployment/web --list
      kubectl set env deployment/web A=1 B=two
      kubectl set env deployment/web A=1
      kubectl set env deployment/web A-
      kubectl set env deployment/web NOPE-
      kubectl set env deployment/web --from=configmap/cm
      kubectl set env deployment/web --from=configmap/cm --prefix=X_ --keys=c
      kubectl set env deployment/web --from=secret/sec --list
      kubectl set env deployment/web --from=secret/sec
      kubectl set env deployment/web --list --resolve
      kubectl set env deployment/web --from=configmap/none
      kubectl set env deployment/web --from=pod/x
      kubectl set env deployment/web C=3 --containers=nope
      kubectl set env deployment/web C=3 -c 'w*' --dry-run=server
      kubectl set env deployment/web C=4 --overwrite=false
      kubectl set env deployment/web B=4 --overwrite=false
      kubectl set env deployment/web
      kubectl set env
      kubectl set env deployment/web bad
      kubectl set env deploy --all D=5
      kubectl set env deploy -l app=none D=5
      kubectl set env deployment/web E=6 --dry-run=client -o yaml
      kubectl set env pods --all F=1
      kubectl set image deployment/web web=x:2 --dry-run=client
      kubectl set image deployment/web web=x:2 --dry-run=server
      kubectl set image deployment/web *=example.com/shore6/web:2
      kubectl set image deployment/web *=example.com/shore6/web:2
      kubectl set image deployment/web nope=x
      kubectl set image deployment/web web
      kubectl set image deployment/web web=
      kubectl set image deployment/web
      kubectl set image deployment web=x:2
      kubectl set image deploy --all web=example.com/shore6/web:3
      kubectl set image cm/cm a=b
      kubectl set image deployment/web web=example.com/shore6/web:4 --local
      kubectl set resources deployment web --limits=cpu=200m,memory=512Mi --requests=cpu=100m
      kubectl set resources deployment web --limits=cpu=200m,memory=512Mi --requests=cpu=100m
      kubectl set resources deployment web --limits=cpu=bad
      kubectl set resources deployment web --requests=cpu=1
      kubectl set resources deployment web --limits=cpu=0,memory=0 --requests=cpu=0 --dry-run=server -o jsonpath='{.spec.template.spec.containers[0].resources}'
      kubectl set resources deployment web
      kubectl set resources deployment web --limits=nope
      kubectl set resources deployment web -c nope --limits=cpu=1
      kubectl set resources deploy --all --limits=cpu=300m -o name
      kubectl set selector svc web app=x
      kubectl create service clusterip web --tcp=80
      kubectl set selector svc web app=x,tier=y
      kubectl set selector svc web 'app in (a)'
      kubectl set selector deployment web app=x
      kubectl set selector svc web app=z --resource-version=1
      kubectl set selector svc web app=q -o yaml --dry-run=client
      kubectl set selector svc
      kubectl set serviceaccount deployment web robot
      kubectl set sa deployment/web robot
      kubectl set sa deployment web
      kubectl set sa svc web robot
      kubectl create role r --verb=get --resource=pods
      kubectl create rolebinding rb --role=r --user=a
      kubectl set subject rolebinding rb --user=b --serviceaccount=default:x
      kubectl set subject rolebinding rb --user=b
      kubectl set subject rolebinding rb --group=g --dry-run=client -o yaml
      kubectl set subject rolebinding rb --serviceaccount=x
      kubectl set subject rolebinding rb
      kubectl set subject role r --user=b
      kubectl set subject rolebinding none --user=b
      kubectl get rolebinding rb -o jsonpath='{.subjects}'
      kubectl set
      kubectl set nope
      """
