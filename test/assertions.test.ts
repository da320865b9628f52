import { describe, expect, it } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'

const background = `
  Given a cluster with 3 nodes
  And deployment catalog with 3 replicas of image "bookstore/catalog:dev"
  And deployment catalog has 3 ready replicas`
const check = async (table: Readonly<Record<string, readonly [status: string, steps: string]>>, before = background): Promise<void> => {
  const ran = await runFeature(Object.fromEntries(Object.entries(table).map(([name, [, steps]]) => [name, steps])), before)
  const wanted = Object.fromEntries(Object.entries(table).map(([name, [status]]) => [name, status]))
  expect(expectations(ran, wanted)).toEqual(wanted)
}

describe('the two sentences that must read word for word', () => {
  it('pod catalog eventually Running', () => check({
    'comes up': ['passed', 'When I run "kubectl run catalog --image=example.com/a:1"\nThen pod catalog eventually Running'],
    'without a scheduler': [
      'failed', 'Given kube-scheduler goes down\nWhen I run "kubectl run catalog --image=example.com/a:1"\nThen pod catalog eventually Running',
    ],
    'of nothing': ['failed', 'Then pod catalog eventually Running'],
  }))
  it('running pods unaffected while control plane down', () => check({
    'an outage': [
      'passed', 'When the control plane goes down\nAnd 45 minutes pass\nAnd the control plane comes back\nThen running pods unaffected while control plane down',
    ],
    'an outage that goes on': ['passed', 'When the control plane goes down\nThen running pods unaffected while control plane down'],
    'a node lost during it': [
      'failed',
      'When the control plane goes down\nAnd 5 minutes pass\nAnd node worker-2 goes down\nAnd the control plane comes back\nThen running pods unaffected while control plane down',
    ],
    'a container that ended during it and is back': [
      'failed',
      'When the control plane goes down\nAnd container app in a pod of deployment catalog crashes\nAnd 5 minutes pass\nAnd the control plane comes back\nThen running pods unaffected while control plane down',
    ],
    'a node lost before it': [
      'passed',
      'When node worker-2 goes down\nAnd 10 minutes pass\nAnd the control plane goes down\nAnd 5 minutes pass\nThen running pods unaffected while control plane down',
    ],
    'no outage': ['vacuous', 'When 5 minutes pass\nThen running pods unaffected while control plane down'],
    'no pods': ['vacuous', 'When the control plane goes down\nAnd 1 minute passes\nThen running pods labelled app=none unaffected while control plane down'],
  }))
})

describe('windows', () => {
  it('look at the past and wait for the future', () => check({
    'while: not yet open': ['passed', 'When node worker-1 goes down\nThen pods of deployment catalog are Running while node worker-1 is not Ready'],
    'while: of several the last': [
      'passed',
      'When kube-scheduler goes down\nAnd I scale deployment catalog to 4\nAnd kube-scheduler comes back\nAnd deployment catalog eventually has 4 ready replicas\nAnd kube-scheduler goes down\nThen deployment catalog has 4 ready replicas while kube-scheduler is down',
    ],
    'while: what came to be in it is judged from then on': [
      'passed',
      'When kube-scheduler goes down\nAnd I run "kubectl run late --image=a:1"\nAnd 1 minute passes\nAnd kube-scheduler comes back\nThen pod late is Pending while kube-scheduler is down',
    ],
    'until: must come': ['failed', 'When kube-scheduler goes down\nThen pods of deployment catalog are Ready until kube-scheduler is up'],
    'until: comes': ['passed', 'When kube-scheduler crashes\nThen pods of deployment catalog are Ready until kube-scheduler is up'],
    'after: never comes': ['vacuous', 'When kube-scheduler goes down\nThen pods of deployment catalog are Ready after kube-scheduler is hung'],
    'after: as it is then': [
      'passed',
      'When kube-scheduler goes down\nAnd I scale deployment catalog to 4\nAnd 1 minute passes\nAnd kube-scheduler comes back\nThen deployment catalog eventually has 4 ready replicas after kube-scheduler is up',
    ],
    'before: as it was then': [
      'passed',
      'When kube-scheduler goes down\nAnd I scale deployment catalog to 4\nAnd 1 minute passes\nAnd kube-scheduler comes back\nThen deployment catalog has 3 ready replicas before kube-scheduler is up',
    ],
    'before: never comes': ['vacuous', 'When kube-scheduler goes down\nThen pods of deployment catalog are eventually Ready before kube-scheduler is up'],
    'for: longer than it holds': ['failed', 'When node worker-1 goes down\nThen pods of deployment catalog are Ready for 2m'],
    'stays so': ['passed', 'When I scale deployment catalog to 4\nThen deployment catalog eventually has 4 ready replicas and stays so for 1m'],
    'never': ['failed', 'When I delete a pod of deployment catalog\nThen pods of deployment catalog never Terminating'],
    'never, of nothing': ['vacuous', 'When 1 second passes\nThen pod nobody never Running for 10s'],
  }))
})

describe('subjects and counts', () => {
  it('are read with scope, membership and emptiness', () => check({
    'all pods leave out kube-system': ['passed', 'Then exactly 3 of all pods are Running'.replace('exactly 3 of all pods', 'all pods')],
    'quantified': [
      'passed',
      'Then 3 pods of deployment catalog are Ready\nAnd at least 2 pods labelled app=catalog are Ready\nAnd no pod of deployment catalog is Pending\nAnd at most 3 pods on node worker-1 are Running',
    ],
    'a wrong count': ['failed', 'Then 2 pods of deployment catalog are Ready'],
    'an empty set': ['vacuous', 'Then pods labelled app=none are Ready'],
    'no pod of none': ['passed', 'Then no pod labelled app=none is Ready'],
    'gone, of what was there': ['passed', 'When I run "kubectl delete deployment catalog"\nThen pods labelled app=catalog are eventually gone'],
    'gone, of what never was': ['vacuous', 'Then pods labelled app=none are gone'],
    'negation needs somebody': ['failed', 'Then pod nobody is not Ready'],
    'absent': ['passed', 'When I run "kubectl run nobody --image=a:1 --dry-run=client"\nThen pod nobody is absent\nAnd pod nobody is not present'],
    'another namespace': ['vacuous', 'Given namespace other\nThen pods labelled app=catalog are Ready'],
    'any namespace': [
      'passed', 'Given namespace other\nThen pods labelled app=catalog in any namespace are Ready\nAnd deployment default/catalog is Available',
    ],
    'a binding is that very object': [
      'passed', 'When I delete a pod of deployment catalog as "victim"\nThen $victim is eventually gone\nAnd deployment catalog eventually has 3 ready replicas',
    ],
    'components': [
      'passed',
      'When kube-scheduler goes down\nThen kube-scheduler is down\nAnd kube-apiserver is up\nAnd etcd member etcd-1 is healthy\nAnd the kubelet on worker-1 is up\nAnd node worker-2 is up\nAnd kube-controller-manager is the leader',
    ],
    'an unknown component': ['undefined', 'Then etcd member etcd-9 is up'],
    'an unknown kind': ['undefined', 'Then widgets.example.com one is present'],
    'no pass on a stale status': [
      'failed', 'When kube-controller-manager goes down\nAnd I scale deployment catalog to 5\nThen deployment catalog has 3 ready replicas',
    ],
    'unaffected without a window': ['passed', 'When kube-scheduler crashes\nAnd 1 minute passes\nThen all pods unaffected'],
    'affected since the latest fault': ['failed', 'When container app in a pod of deployment catalog crashes\nAnd 1 minute passes\nThen all pods unaffected'],
    'unchanged': ['passed', 'When the control plane goes down\nAnd 1 minute passes\nThen deployment catalog unchanged while control plane down'],
    'the same field': ['passed', 'When a pod of deployment catalog as "before"\nAnd I remember $before as "then"\nThen $before has the same uid as $then'],
  }))
  it('speak of traffic, names and files', () => check({
    'what is served and by whom': [
      'passed',
      'When clients send 1 request per second to service catalog as "shoppers"\nThen traffic "shoppers" is eventually served by 3 pods\nAnd traffic "shoppers" lose no request\nAnd traffic "shoppers" is served only by ready pods',
    ],
    'what is lost in a window': [
      'failed',
      'When clients send 10 requests per second to service catalog as "shoppers"\nAnd node worker-1 goes down\nThen traffic "shoppers" lose no request while node worker-1 is down',
    ],
    'what was lost before a window': [
      'passed',
      'When clients send 10 requests per second to service catalog as "shoppers"\nAnd node worker-1 goes down\nAnd 2 minutes pass\nAnd kube-scheduler goes down\nThen traffic "shoppers" lose no request while kube-scheduler is down',
    ],
    'a pod that answers nothing is affected': [
      'failed',
      'When clients send 10 requests per second to service catalog as "shoppers"\nAnd container app in a pod of deployment catalog hangs\nAnd 10 seconds pass\nThen all pods unaffected',
    ],
    'a pod as the client': [
      'passed',
      'When I run "kubectl run orders --image=b:1"\nAnd pod orders is eventually Ready\nAnd pod orders sends 10 requests per second to service catalog\nAnd 10 seconds pass\nThen requests from pod orders to service catalog lose no request\nAnd pod orders reaches service catalog\nAnd pod orders resolves "catalog.default.svc" to service catalog\nAnd pod orders does not resolve "nowhere"',
    ],
    'files': [
      'passed',
      'When I apply:\n"""\n{apiVersion: v1, kind: Pod, metadata: {name: db-0}, spec: {containers: [{name: app, image: "a:1", volumeMounts: [{name: d, mountPath: /data}]}], volumes: [{name: d, emptyDir: {}}]}}\n"""\nAnd pod db-0 is eventually Ready\nAnd container app in pod db-0 writes "hello" to "/data/x"\nThen file "/data/x" in container app of pod db-0 has content "hello"',
    ],
  }, `${background}\nAnd service catalog on port 80 for app=catalog`))
  it('compare with the moment before the latest action, however long it was quiet before', () => check({
    'unchanged, and it is not': ['failed', 'When 30 seconds pass\nAnd I label deployment catalog a=b\nThen deployment catalog is unchanged'],
    'unaffected, and it is not': [
      'failed', 'When 5 minutes pass\nAnd I delete a pod of deployment catalog\nAnd 1 minute passes\nThen pods of deployment catalog are unaffected',
    ],
    'unaffected by something else': [
      'passed', 'When 5 minutes pass\nAnd I run "kubectl create namespace shop"\nAnd 1 minute passes\nThen pods of deployment catalog are unaffected',
    ],
  }))
  it('speak of what runs on a node, whatever the API says', () => check({
    'forgotten and running': [
      'passed',
      'Given I run "kubectl run lone --image=a:1"\nAnd pod lone is Ready\nWhen the kubelet on worker-1 stops\nAnd I delete pod lone by force\nThen pod lone is gone\nAnd pod lone is present on the node\nWhen the kubelet on worker-1 starts\nThen pod lone is eventually gone on the node',
    ],
    'still there': ['failed', 'Given I run "kubectl run lone --image=a:1"\nAnd pod lone is Ready\nThen pod lone is gone on the node'],
    'nobody': ['vacuous', 'Then pod nobody is gone on the node'],
  }, 'Given a cluster'))
  it('speak of outcomes', () => check({
    'a refusal that is spoken of': [
      'passed',
      'When I run "kubectl get pod nobody"\nThen the last command fails\nAnd the last command prints "NotFound"\nAnd the last request is rejected with 404 NotFound\nAnd the last request is rejected because "not found"',
    ],
    'a refusal that is not': ['failed', 'When I run "kubectl get pod nobody"\nThen all pods are Ready'],
    'a sentence is the last command too': [
      'passed',
      'When I scale deployment catalog to 4\nThen the last command succeeds\nAnd the last command prints "scaled"\nAnd the request "patch deployment/scale catalog" succeeds',
    ],
    'what is printed': ['failed', 'When I run "kubectl get pods"\nThen the last command prints "no such words"'],
    'an unknown command': ['undefined', 'When I run "rm -rf /"\nThen the last command fails'],
    'what is not modelled': ['inconclusive', 'When the control plane is upgraded to 1.36'],
    'a fault that altered nothing': ['vacuous', 'When kube-scheduler goes down\nAnd kube-scheduler goes down'],
    'nothing to come back from': ['vacuous', 'When kube-scheduler comes back'],
  }))
})

it('tells the story of a failure', async () => {
  const ran = await runFeature({
    outage:
      'When the control plane goes down\nAnd 90 seconds pass\nAnd container app in a pod of deployment catalog is OOM killed\nThen running pods unaffected while control plane down',
    stuck: 'When kube-scheduler goes down\nAnd I run "kubectl run late --image=a:1"\nThen pod late eventually Running',
  }, background)
  const anonymous = (text: string): string => text.replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, '-<hash>-<id>').replace(/t\+[\w.]+ */g, 't+… ').trimEnd()
  expect(anonymous(ran.story('outage'))).toMatchInlineSnapshot(`
    "    Given a cluster with 3 nodes                                                t+… 
        And   deployment catalog with 3 replicas of image "bookstore/catalog:dev"   t+… 
        And   deployment catalog has 3 ready replicas                               t+… 
        When  the control plane goes down                                           t+… 
        And   90 seconds pass                                                       t+… 
        And   container app in a pod of deployment catalog is OOM killed            t+… 
      ▸ Then  running pods unaffected while control plane down                      violated at t+… 
              ^^^^^^^^^^^^ pod catalog-<hash>-<id>: container app ended (OOMKilled) on worker-2
              expected  unaffected      seen      container app ended (OOMKilled) on worker-2
              why       container app in pod catalog-<hash>-<id> is OOM killed → container app of pod catalog-<hash>-<id> ended (OOMKilled) on worker-2
              at fault  container app in pod catalog-<hash>-<id>
              timeline  t+… the control plane goes down
                        t+… down: etcd-1, kube-apiserver, kube-controller-manager, kube-scheduler
                        t+… container app in a pod of deployment catalog is OOM killed
                        t+… container app of pod catalog-<hash>-<id> ended (OOMKilled) on worker-2
              replay    kscenario run a.feature:6 --seed 1"
  `)
  expect(anonymous(ran.story('stuck'))).toMatchInlineSnapshot(`
    "    Given a cluster with 3 nodes                                                t+… 
        And   deployment catalog with 3 replicas of image "bookstore/catalog:dev"   t+… 
        And   deployment catalog has 3 ready replicas                               t+… 
        When  kube-scheduler goes down                                              t+… 
        And   I run "kubectl run late --image=a:1"                                  t+… 
      ▸ Then  pod late eventually Running                                           did not come to hold: at t+… nothing was left that could change it
              ^^^^^^^^ Pending
              expected  Running         seen      Pending
              why       kube-scheduler is down → pod late waits for a node
              at fault  kube-scheduler, which is down
              timeline  t+… kube-scheduler goes down
                        t+… I run "kubectl run late --image=a:1"
                        t+… pod late is created
              replay    kscenario run a.feature:11 --seed 1"
  `)
})

describe('what is read beside the subject itself', () => {
  const labels = '{ app: d }', container = '{ containers: [{ name: c, image: "web:1" }] }'
  const apply = (manifest: string): string => `And I apply:\n\"\"\"\n${manifest}\n\"\"\"\n`
  const template = (of: string): string => `{ selector: { matchLabels: ${of} }, template: { metadata: { labels: ${of} }, spec: ${container} } }`
  const owned = apply(`{ apiVersion: v1, kind: Pod, metadata: { name: p, labels: ${labels} }, spec: ${container} }`)
    + apply(`{ apiVersion: apps/v1, kind: ReplicaSet, metadata: { name: r, labels: ${labels} }, spec: ${template(labels)} }`)
    + 'And pod p eventually belongs to replicaset r\nAnd 10 seconds pass\n'
  const deployment = (of: string): string => apply(`{ apiVersion: apps/v1, kind: Deployment, metadata: { name: d }, spec: ${template(of)} }`)
  it('owners of owners: a ReplicaSet that is adopted takes its pod along', () => check({
    'adopted': ['failed', `${owned}${deployment(labels)}Then pod p never belongs to deployment d for 1m`],
    'left alone': ['passed', `${owned}${deployment('{ app: e }')}Then pod p never belongs to deployment d for 1m`],
  }, '\nGiven a cluster with 2 nodes'))
})

describe('a partial object', () => {
  const matches = (not: string, yaml: string): string =>
    `When I run "kubectl get pods"\nThen deployment catalog ${not}match${not ? '' : 'es'}:\n"""\n${yaml}\n"""`
  it('that names a field which the kind does not have says nothing, even negated', () => check({
    'as it is': ['passed', matches('', 'spec: { replicas: 3, template: { spec: { containers: [{ name: app }] } } }')],
    'another number': ['passed', matches('does not ', 'spec: { replicas: 4 }')],
    'misspelt': ['undefined', matches('does not ', 'spec: { replica: 3 }')],
    'misspelt in a list': ['undefined', matches('does not ', 'spec: { template: { spec: { containers: [{ nme: app }] } } }')],
    'labels are anybody\'s': ['passed', matches('does not ', 'metadata: { labels: { nobody: has } }')],
  }))
})

it('traffic has a name of its own', () => {
  const shop = 'Given service catalog on port 80\nAnd clients send 10 requests per second to service catalog as "shoppers"\n'
  return check({
    'twice the same': [
      'undefined',
      `${shop}And clients send 5 requests per second to service catalog as "shoppers"\nWhen 10 seconds pass\nThen traffic "shoppers" lose no request`,
    ],
    'two names': [
      'passed', `${shop}And clients send 5 requests per second to service catalog as "others"\nWhen 10 seconds pass\nThen traffic "shoppers" lose no request`,
    ],
  })
})
