import { describe, expect, it } from 'vitest'
import { show } from '../src/cli/commands/show.ts'
import { why } from '../src/cli/commands/why.ts'
import type { Host } from '../src/cli/host.ts'
import { UsageError } from '../src/cli/usage-error.ts'

const outage = `Feature: outage
  Scenario: late
    Given a cluster
    When kube-scheduler goes down
    And I run "kubectl run late --image=nginx"
    Then pod late eventually Running
  Scenario: fine
    Given a cluster
    When I run "kubectl run fine --image=nginx"
    Then pod fine eventually Running
`

/** A terminal without colours in front of one file. */
async function typed(
  command: typeof why, path: string, options: Readonly<Record<string, unknown>> = {}, text = outage
): Promise<{ readonly out: string; readonly code: number | string }> {
  let out = ''
  const write = (t: string): void => { out += t }
  const host = {
    files: { kind: (p: string) => p === 'a.feature' ? 'file' : undefined, list: () => [], read: (p: string) => p === 'a.feature' ? text : undefined }, args: [],
    wallMs: () => 0, out: write, err: write,
    stdout: () => ({ write, colourLevel: 0 }), interrupted: async () => false, threads: 1,
  } as unknown as Host
  try {
    return { code: await command.run([path], options, host), out }
  } catch (error) { if (error instanceof UsageError) return { code: error.message, out }; throw error }
}
/** Only what the model's timing does not decide. */
const lasting = (text: string): string => text.replace(/t\+[\d.]+\w*/g, 't+…').replace(/ {2,}/g, '  ')

describe('kscenario why', () => {
  it('tells every cause, the whole timeline, who does not run, and the objects', async () => {
    const { out, code } = await typed(why, 'a.feature:2')
    expect(code).toBe(1)
    const [story, ...objects] = lasting(out).split('\npods/')
    expect(story).toMatchInlineSnapshot(`
      "failed  late  a.feature:2  seed 1
        Given a cluster  t+…
        When  kube-scheduler goes down  t+…
        And  I run "kubectl run late --image=nginx"  t+…
        ▸ Then  pod late eventually Running  did not come to hold: at t+… nothing was left that could change it
        ^^^^^^^^ Pending
        expected  Running  seen  Pending
        at fault  kube-scheduler, which is down
        replay  kscenario run a.feature:2 --seed 1

      How it came to be, first cause first
        kube-scheduler is down
        pod late waits for a node

      What happened
        t+…  kube-scheduler goes down
        t+…  I run "kubectl run late --image=nginx"
        t+…  pod late is created

      Components that do not run
        kube-scheduler on cp-1 is down
      "
    `)
    expect(objects).toHaveLength(1)
    expect(objects[0]).toMatch(/^late in namespace default\n {2}kind: Pod\n[^]*phase: Pending/)
    expect(objects[0]).not.toContain('managedFields')
  })
  it('says that a scenario passes', async () =>
    expect(await typed(why, 'a.feature:7')).toEqual({ code: 0, out: '“fine” passes: kscenario show a.feature:7 tells what happens in it\n' }))
  it('tells the events about an object', async () => expect(
    (await typed(why, 'a.feature:2', {}, outage.replace('kube-scheduler goes down', 'I cordon node worker-1'))).out
  ).toMatch(/events:\n {4}Warning FailedScheduling: /))
  it('wants a scenario that is there', async () => {
    expect((await typed(why, 'a.feature:99')).code).toBe('no scenario stands at a.feature:99')
    expect((await typed(why, 'b.feature:1')).out).toContain('no such file or directory: b.feature')
  })
})

describe('kscenario show', () => {
  it('tells what happens in a scenario, step by step', async () => expect(lasting((await typed(show, 'a.feature:7')).out)).toMatchInlineSnapshot(`
    "passed  fine  a.feature:7  seed 1  0.688s

    t+…  Given a cluster

    t+…  When I run "kubectl run fine --image=nginx"
    t+…  pod fine  is created
    t+…  kube-scheduler  binds pod fine to worker-1
    t+…  pod fine  is bound to worker-1
    t+…  pod fine  Scheduled: Successfully assigned default/fine to worker-1

    t+…  Then pod fine eventually Running
    t+…  pod fine  Pending → ContainerCreating
    t+…  kubelet on worker-1 create sandbox of pod fine
    t+…  kubelet on worker-1 pull nginx of pod fine
    t+…  kubelet on worker-1 create container of pod fine
    t+…  kubelet on worker-1 start container of pod fine
    t+…  pod fine  container fine of pod fine runs on worker-1
    t+…  pod fine  Pulling: Pulling image "nginx"
    t+…  pod fine  Pulled: Successfully pulled image "nginx" in 0s (0s including waiting). Image size: 7779682 bytes.
    t+…  pod fine  Created: Container created
    t+…  pod fine  Started: Container started
    t+…  pod fine  kubelet on worker-1 sees pod fine Running, ready
    t+…  pod fine  ContainerCreating → Running
    "
  `))
  it('keeps to a component, its requests too, or to an object', async () => {
    expect(lasting((await typed(show, 'a.feature:7', { component: 'kube-scheduler' })).out)).toMatchInlineSnapshot(`
      "passed  fine  a.feature:7  seed 1  0.688s

      t+…  Given a cluster

      t+…  When I run "kubectl run fine --image=nginx"
      t+…  kube-scheduler  binds pod fine to worker-1
      t+…  kube-scheduler  asks to create pod/binding fine

      t+…  Then pod fine eventually Running
      "
    `)
    expect((await typed(show, 'a.feature:7', { object: 'pod/fine' })).out).not.toContain('kube-scheduler')
    expect((await typed(show, 'a.feature:7', { object: 'pod/other' })).code).toMatch(/^nothing happened to pod\/other in this scenario; there are pod fine/)
  })
  it('is data with --json', async () => {
    const [{ scenario, status, record }] = JSON.parse((await typed(show, 'a.feature:2', { json: true })).out)
    expect([scenario.name, status, record.lanes[0].name]).toEqual(['late', 'failed', 'scenario'])
  })
})
