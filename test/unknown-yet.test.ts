import { expect, test } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'

/** What is waited for may be out of the model's sight now, and come into it; what never does is not judged. */
test('eventually waits for what is not modelled yet; without it, and at the deadline, it is inconclusive', async () => {
  const asks = 'pod client eventually resolves "shop.example.org" to service web'
  const rewritten = `When I run "kubectl patch configmap coredns -n kube-system --type=json -p '[{\\"op\\":\\"replace\\",\\"path\\":\\"/data/Corefile\\",\\"value\\":` +
    `\\".:53 {\\\\n  rewrite name shop.example.org web.default.svc.cluster.local\\\\n  kubernetes cluster.local\\\\n  forward . /etc/resolv.conf\\\\n  reload\\\\n}\\\\n\\"}]'"`
  const scenarios: Readonly<Record<string, readonly [status: string, steps: string]>> = {
    'a name that comes to be one of the cluster': ['passed', `${rewritten}\nThen ${asks} within 2m`],
    'a name that stays outside': ['inconclusive', `Then ${asks}`],
    'now': ['inconclusive', 'Then pod client does not resolve "shop.example.org"'],
    'never': ['inconclusive', 'Then pod client never resolves "shop.example.org" for 1m'],
    'an alias of a name outside': ['inconclusive', 'When I run "kubectl create service externalname pay --external-name=pay.example.com"\nThen pod client eventually resolves "pay"'],
    'an alias of a host that is there': ['passed', `Given host "pay.example.com" is outside of the cluster
      When I run "kubectl create service externalname pay --external-name=pay.example.com"
      Then pod client eventually resolves "pay" to service pay`],
  }
  const ran = await runFeature(
    Object.fromEntries(Object.entries(scenarios).map(([name, [, steps]]) => [name, steps])),
    `Given a cluster with 1 node
     And I run "kubectl create service clusterip web --tcp=80"
     And I run "kubectl run client --image=bookstore/client:1"
     And pod client is eventually Running`
  )
  const wanted = Object.fromEntries(Object.entries(scenarios).map(([name, [status]]) => [name, status]))
  expect(expectations(ran, wanted)).toEqual(wanted)
})
