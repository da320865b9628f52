import { describe, expect, it } from 'vitest'
import type { PredicateDefinition } from '../src/extension.ts'
import { createStepParser } from '../src/dsl/parse-step.ts'
import { builtin } from '../src/builtin.ts'
import { steps } from '../src/steps/index.ts'
import { commandLines } from '../src/steps/actions/run.ts'
import { faults } from '../src/runtime-model/faults/index.ts'
import { expectations, runFeature } from './support/run-feature.ts'

const check = async (table: Readonly<Record<string, readonly [status: string, steps: string]>>, before = ''): Promise<void> => {
  const ran = await runFeature(Object.fromEntries(Object.entries(table).map(([name, [, text]]) => [name, text])), before)
  const wanted = Object.fromEntries(Object.entries(table).map(([name, [status]]) => [name, status]))
  expect(expectations(ran, wanted)).toEqual(wanted)
}

describe('declarations', () => {
  it('every step and predicate has a doc, and every form of it is a phrase of its own', () => {
    const all = [...steps, ...builtin.predicates!]
    expect(all.filter(d => !/^[A-Z`"kst].*[.:…]/.test(d.doc)).map(d => d.id)).toEqual([])
    // one that is said of a command and of a Job is two
    const forms = all.flatMap(d => d.phrases.flatMap(phrase => ((d as PredicateDefinition).subjects ?? ['any']).map(subject => `${phrase} (${subject})`)))
    expect(forms.filter((f, i) => forms.indexOf(f) !== i)).toEqual([])
  })
  it('every fault of the model can be said', () => {
    const said = JSON.stringify(steps.map(s => s.run.toString())) + ['component-down', 'kubelet-stop'].join()
    const ids = faults.map(f => f.id).filter(id => !said.includes(id) && !steps.some(s => s.id === id))
    expect(ids).toEqual([])
  })
  it('the exact sentences read word for word', () => {
    const parser = createStepParser({ steps, predicates: builtin.predicates! })
    for (const text of ['pod catalog eventually Running', 'running pods unaffected while control plane down']) {
      expect(parser.parse(text).diagnostics).toEqual([])
    }
  })
})

describe('the world', () => {
  it('is described in any order, before it runs', () => check({
    'sizes before the cluster': [
      'passed',
      'Given each node has 2 cpu and 4Gi memory\nAnd kubernetes version 1.34\nAnd a cluster with 2 nodes\nThen node worker-2 has field .status.capacity.cpu "2"\nAnd node worker-1 has field .status.nodeInfo.kubeletVersion "v1.34.9"',
    ],
    'a table of nodes': [
      'passed',
      'Given the nodes:\n| name | cpu | zone | labels | taints |\n| worker-1 | 8 | a | disk=ssd | |\n| big | 16 | b | | dedicated=db:NoSchedule |\nThen node big has taint dedicated=db:NoSchedule\nAnd node worker-1 has label disk=ssd\nAnd node big has label topology.kubernetes.io/zone=b\nAnd node big has field .status.capacity.cpu 16',
    ],
    'skew of one node': [
      'passed',
      'Given a cluster with 2 nodes\nAnd node worker-1 runs kubelet 1.33\nThen node worker-1 has field .status.nodeInfo.kubeletVersion "v1.33.13"\nAnd node worker-2 has field .status.nodeInfo.kubeletVersion "v1.35.4"',
    ],
    'several control-plane nodes': [
      'passed', 'Given a cluster with 3 control plane nodes and 1 worker node\nThen node cp-3 is Ready\nAnd etcd member etcd-3 is up',
    ],
    'two clusters': ['undefined', 'Given a cluster\nAnd a cluster with 2 nodes'],
    'too late': ['undefined', 'Given a cluster\nAnd node worker-1 is Ready\nAnd each node has 2 cpu'],
    'two of a name': ['undefined', 'Given the nodes:\n| name |\n| one |\n| one |\nThen node one is Ready'],
    'an unknown column': ['undefined', 'Given the nodes:\n| name | colour |\n| one | red |\nThen node one is Ready'],
    'an even etcd': ['undefined', 'Given a cluster with external etcd of 2 members'],
    'a part of a managed control plane': ['undefined', 'Given a managed cluster with 1 node\nWhen kube-scheduler goes down'],
    'namespaces, deployments, services': [
      'passed',
      'Given a cluster\nAnd namespace shop\nAnd deployment web with 2 replicas of image "a:1"\nAnd service web on port 80 for app=web\nThen deployment shop/web eventually has 2 ready replicas\nAnd service web eventually has 2 endpoints',
    ],
    'encryption at rest': [
      'passed',
      'Given secrets are encrypted at rest\nAnd a cluster\nWhen I run "kubectl create secret generic db --from-literal=a=b"\nThen secret db: the value in etcd is encrypted',
    ],
    'no encryption': [
      'failed', 'Given a cluster\nWhen I run "kubectl create secret generic db --from-literal=a=b"\nThen secret db: the value in etcd is encrypted',
    ],
    'how images behave': [
      'passed',
      'Given image "slow:1":\n| start | 20s |\nAnd a cluster\nAnd image "bad:1":\n"""\nmissing: true\n"""\nWhen I run "kubectl run slow --image=slow:1"\nAnd I run "kubectl run bad --image=bad:1"\nThen pod slow never Running for 10s\nAnd pod slow eventually Running\nAnd pod bad eventually ImagePullBackOff',
    ],
    'a behaviour that there is not': ['undefined', 'Given image "a:1":\n| colour | red |'],
    'traffic': [
      'passed',
      'Given a cluster with 2 nodes\nAnd deployment web with 2 replicas of image "a:1"\nAnd service web on port 80 for app=web\nAnd service web eventually has 2 endpoints\nAnd clients send 10 requests per second to service web as "shoppers"\nWhen kube-proxy on worker-1 goes down\nThen traffic "shoppers" lose no request for 1m\nAnd traffic "shoppers" is served only by ready pods',
    ],
  }))
})

describe('actions', () => {
  it('say what kubectl would', () => check({
    'apply, scale, set image, roll back': [
      'passed',
      'When I apply:\n"""\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: "a:1"}]}}}}\n"""\nThen the last command prints "deployment.apps/web created"\nWhen I scale deployment web to 2\nAnd I set image of deployment web to "a:2"\nThen deployment web eventually has 2 updated replicas\nWhen I roll back deployment web\nThen deployment web eventually matches:\n"""\nspec: {template: {spec: {containers: [{name: app, image: "a:1"}]}}}\n"""',
    ],
    'labels, taints, cordon': [
      'passed',
      'When I label node worker-1 disk=ssd\nThen node worker-1 has label disk=ssd\nWhen I label node worker-1 disk-\nThen node worker-1 has no label disk\nWhen I taint node worker-1 a=b:NoSchedule\nThen node worker-1 is not schedulable\nWhen I cordon node worker-1\nThen node worker-1 is cordoned\nWhen I uncordon node worker-1\nThen node worker-1 is not cordoned',
    ],
    'users': [
      'passed',
      'Given user "ana" in groups "dev"\nWhen as user "ana" I run "kubectl get pods"\nThen the last request is rejected with 403 Forbidden\nAnd the request "list pods" was refused at authorization\nWhen as an unknown client I run "kubectl get pods"\nThen the last command fails',
    ],
    'several lines, of which one fails': ['failed', 'When I run:\n"""\nkubectl get pod nobody\nkubectl get nodes\n"""\nThen node worker-1 is Ready'],
    'bindings in command lines': [
      'passed',
      'When I run "kubectl run web --image=a:1" as "made"\nAnd $made is eventually Running\nAnd I run "kubectl delete $made --wait=false"\nThen $made is eventually gone',
    ],
    'nodes that come': ['passed', 'When node worker-9 joins\nThen node worker-9 is eventually Ready'],
    'patch and delete': [
      'passed',
      'Given deployment web with 1 replica of image "a:1"\nWhen I patch deployment web:\n"""\n{spec: {replicas: 0}}\n"""\nThen pods of deployment web are eventually gone\nWhen I delete deployment web\nThen deployment web is eventually gone',
    ],
    'time': ['passed', 'When 1 hour 30 minutes pass\nThen node worker-1 is Ready'],
  }, 'Given a cluster'))
  it('takes the lines of a doc string as a shell would', () => {
    expect(commandLines('kubectl get pods\n\n# not this\n  kubectl delete pod \\\n    web\n')).toEqual(['kubectl get pods', 'kubectl delete pod web'])
  })
})

describe('faults and traces', () => {
  it('go wrong and come back', () => check({
    'a node': [
      'passed',
      'When node worker-1 goes down\nThen node worker-1 is eventually not Ready\nWhen node worker-1 comes back\nThen node worker-1 is eventually Ready',
    ],
    'a partition': [
      'passed',
      'When the network between worker-1 and the control plane is partitioned\nThen node worker-1 is eventually not Ready\nWhen the network between worker-1 and the control plane heals\nThen node worker-1 is eventually Ready within 2m',
    ],
    'a hung API server': ['passed', 'When kube-apiserver hangs\nThen kube-apiserver is hung\nWhen kube-apiserver resumes\nThen kube-apiserver is up'],
    'requests that fail': [
      'passed',
      'When requests to kube-apiserver fail with 503 for 30s\nAnd I run "kubectl get pods"\nThen the last command fails\nWhen 1 minute passes\nAnd I run "kubectl get pods"\nThen the last command succeeds',
    ],
    'a fault that nothing meets': ['vacuous', 'When watch events to kube-scheduler are delayed by 10s\nThen kube-scheduler is up'],
    'late watch events': [
      'passed',
      'Given watch events to kube-scheduler are delayed by 10s\nWhen I run "kubectl run web --image=a:1"\nThen pod web never Scheduled for 9s\nAnd pod web eventually Running',
    ],
    'a container': [
      'passed',
      'Given I run "kubectl run web --image=a:1"\nAnd pod web is Running\nWhen container web in pod web crashes\nThen pod web eventually restarted 1 time\nAnd container web in pod web restarted at least 1 time',
    ],
    'a container that there is not': ['failed', 'Given I run "kubectl run web --image=a:1"\nAnd pod web is Running\nWhen container other in pod web crashes'],
    'an unknown machine': ['undefined', 'When node worker-7 goes down'],
    'a registry': [
      'passed',
      'When image registry "far.example.com" is unreachable\nAnd I run "kubectl run web --image=far.example.com/a:1"\nThen pod web eventually ErrImagePull\nAnd the stuck stage of pod web is "image"',
    ],
    'a reboot': [
      'passed', 'When node worker-1 reboots for 2m\nThen node worker-1 is eventually not Ready within 2m\nAnd node worker-1 is eventually Ready within 5m',
    ],
  }, 'Given a cluster with 2 nodes'))
  it('are told by the trace', () => check({
    'the two rules': [
      'passed',
      'When I run "kubectl run web --image=a:1"\nThen pod web eventually Running\nAnd only kube-apiserver has talked to etcd\nAnd no component has called another except kube-apiserver',
    ],
    'rules of nothing': ['vacuous', 'When node worker-1 is Ready\nThen only kube-apiserver has talked to etcd'],
    'stages': [
      'passed',
      'When I run "kubectl run web --image=a:1"\nThen the request "create pod web" passed: authentication, authorization, mutating admission, validation, validating admission, storage',
    ],
    'stages out of order': ['failed', 'When I run "kubectl run web --image=a:1"\nThen the request "create pod web" passed: storage, authentication'],
    'a journey': [
      'passed',
      'When I run "kubectl run web --image=a:1"\nThen pod web eventually Running\nAnd the journey of pod web is:\n| from | to | what |\n| kubectl | kube-apiserver | create pod web |\n| kube-apiserver | etcd | put |\n| kube-apiserver | kubectl | answers 201 Created |\n| kube-apiserver | kube-scheduler | notifies of pod web |\n| kube-scheduler | kube-apiserver | bind pod web |\n| kube-apiserver | kubelet | notifies of pod web |\n| kubelet | containerd | create sandbox |\n| kubelet | kube-apiserver | status of pod web: Running |',
    ],
    'a journey backwards': [
      'failed',
      'When I run "kubectl run web --image=a:1"\nThen pod web eventually Running\nAnd the journey of pod web is:\n| kubelet | container-runtime | start container |\n| kube-scheduler | kube-apiserver | bind pod web |',
    ],
    'stuck at scheduling': [
      'passed',
      'Given kube-scheduler goes down\nWhen I run "kubectl run web --image=a:1"\nThen the stuck stage of pod web is "scheduling"\nAnd the component at fault is kube-scheduler',
    ],
    'stuck elsewhere': ['failed', 'Given kube-scheduler goes down\nWhen I run "kubectl run web --image=a:1"\nThen the stuck stage of pod web is "image"'],
    'nothing stuck': ['failed', 'When I run "kubectl run web --image=a:1"\nThen pod web eventually Running\nAnd the stuck stage of pod web is "scheduling"'],
    'an unknown stage': ['undefined', 'When I run "kubectl run web --image=a:1"\nThen the stuck stage of pod web is "lunch"'],
  }, 'Given a cluster with 2 nodes'))
})
