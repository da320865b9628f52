import { expect, test } from 'vitest'
import { terminal } from './support/transcript.ts'

/** What `--sum` adds, as kubectl 1.35 printed it for the metrics of a server that said the same. */
test('the sum of what pods use stands below its columns, and without headers one column to the left', async () => {
  const { driver, type } = terminal()
  driver.operate('install-metrics-server', {})
  await type('$ kubectl run alpha --image=example.com/a:1\n$ kubectl run web --image=example.com/w:1\n# 5s')
  for (const [name, cpu, memory] of [['alpha', '1500m', '2Gi'], ['web', '16m', '11Mi']]) driver.operate('pod-usage', { namespace: 'default', name, cpu, memory })
  const said = await type('# 60s\n$ kubectl top pod --sum\n$ kubectl top pod -A --sum --no-headers\n$ kubectl top pod alpha -l a=b\n$ kubectl top pod a b')
  expect(said.split('\n').map(l => l.trimEnd())).toEqual([
    '# 60s',
    '$ kubectl top pod --sum',
    'NAME    CPU(cores)   MEMORY(bytes)',
    'alpha   1500m        2048Mi',
    'web     16m          11Mi',
    '        ________     ________',
    '        1516m        2059Mi',
    '$ kubectl top pod -A --sum --no-headers',
    'default   alpha      1500m      2048Mi',
    'default   web        16m        11Mi',
    '          ________   ________',
    '          1516m      2059Mi',
    '$ kubectl top pod alpha -l a=b',
    '! error: only one of NAME or selector can be provided',
    '[1]',
    '$ kubectl top pod a b',
    '! error: pod [NAME | -l label]',
    "! See 'kubectl top pod -h' for help and examples",
    '[1]',
  ])
})
