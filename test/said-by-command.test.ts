import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileExists, printedBy, type Behaviour } from '../src/runtime-model/api/behaviour.ts'
import { fileAskedFor, saidByCommand } from '../src/runtime-model/api/shell/said-by-command.ts'

/** `ends 3 after 5s`, `goes on`, and what it prints within the first minute */
function told(behaviour: Behaviour | undefined): string {
  if (behaviour === undefined) return 'is not plain'
  const { exit, lasts, waits } = behaviour, lines = printedBy(behaviour, 60_000)
  const end = exit ? `ends ${exit.code} after ${exit.afterMs / 1000}s` : lasts ? 'goes on' : 'runs'
  const asks = waits && `asks for ${Object.values(waits.for).join(' ')} every ${waits.everyMs / 1000}s from ${waits.fromMs / 1000}s on, `
  return [`${asks ?? ''}${end}`, lines === undefined ? 'prints what is not known' : lines.map(l => `${l.afterMs / 1000}s ${l.line}`).join(', ')].filter(Boolean).join(': ')
}
const sh = (script: string, env?: Readonly<Record<string, string>>): Behaviour | undefined => saidByCommand({ command: ['sh', '-c', script], env })

test.each<[string, string]>([
  ['exit 3', 'ends 3 after 0s'], ['sleep 5; exit 1', 'ends 1 after 5s'], ['sleep 1m', 'ends 0 after 60s'], ['sleep 1.5s 2', 'ends 0 after 3.5s'],
  ['true && exit 4', 'ends 4 after 0s'], ['false && exit 4', 'ends 1 after 0s'], ['false || exit 4', 'ends 4 after 0s'], ['exit 257', 'ends 1 after 0s'],
  ['false; sleep 2', 'ends 0 after 2s'], ['sleep infinity', 'goes on'], ['exec sleep 7', 'ends 0 after 7s'], ['tail -f /dev/null', 'goes on'],
  ['echo hello world', 'ends 0 after 0s: 0s hello world'], ["echo 'a  b' \"c\"", 'ends 0 after 0s: 0s a  b c'],
  ['sleep 2 # a pause\necho "late"\n', 'ends 0 after 2s: 2s late'], ['echo a >&2', 'ends 0 after 0s: 0s a'], ['echo a > /dev/stderr', 'ends 0 after 0s: 0s a'],
  ['echo a > /data/log; sleep 1', 'ends 0 after 1s'], ['echo a 2>/dev/null', 'ends 0 after 0s: 0s a'], ['echo a 2>&1', 'ends 0 after 0s: 0s a'],
  ['while true; do echo tick; sleep 25; done', 'goes on: 0s tick, 25s tick, 50s tick'],
  ['echo up\nwhile :\ndo\n  sleep 30\n  echo beat\ndone', 'goes on: 0s up, 30s beat, 60s beat'],
  ['while true; do sleep 3; exit 9; done', 'ends 9 after 3s'], ['while true; do :; done', 'goes on: prints what is not known'],
  ['for i in 1 2 3; do echo $i; sleep 1; done', 'ends 0 after 3s: 0s 1, 1s 2, 2s 3'], ['for i in {1..2}; do echo "n=$i"; done; exit 1', 'ends 1 after 0s: 0s n=1, 0s n=2'],
  ['for i in $(seq 2 3); do echo ${i}; done', 'ends 0 after 0s: 0s 2, 0s 3'], ['N=5; sleep $N; exit 2', 'ends 2 after 5s'],
  ['i=0; while true; do echo $i; i=$((i+1)); sleep 1; done', 'goes on: prints what is not known'],
  ['echo $HOSTNAME; sleep 4', 'ends 0 after 4s: prints what is not known'], ['date; sleep 4', 'ends 0 after 4s: prints what is not known'],
  ['date > /dev/null; echo x', 'ends 0 after 0s: 0s x'], ['set -e; false; sleep 5', 'ends 1 after 0s'],
  ['set -euo pipefail; false; sleep 5', 'ends 1 after 0s'], ['false; exit', 'ends 1 after 0s'], ['exit', 'ends 0 after 0s'],
  ['exit $CODE', 'is not plain'], ['exit now', 'is not plain'], ['chown 999 /data; sleep 3', 'ends 0 after 3s'], ['chown 999 /data', 'is not plain'],
  ['mkdir /data && exit 1', 'is not plain'], ['chmod 600 /key; exit', 'is not plain'],
  ['cat /etc/config/a; sleep 3', 'ends 0 after 3s: prints what is not known'],
  ['mkdir -p /tmp/a && touch /tmp/a/b && sleep 9', 'ends 0 after 9s'],
  ['nginx -g "daemon off;"', 'is not plain'], ['curl web; exit 1', 'is not plain'], ['if true; then exit 1; fi', 'is not plain'], ['exit 1 | cat', 'is not plain'],
  ['sleep $SECONDS', 'is not plain'], ['trap "exit 0" TERM; sleep 5', 'is not plain'],
  ['sleep 5 & wait', 'is not plain'], ['cat /etc/a', 'is not plain'], ['cat /etc/a && exit 1', 'is not plain'], ['[ -f /a ] || exit 1', 'is not plain'],
  ['echo `date`', 'is not plain'], ["echo 'open", 'is not plain'], ['while true; do rm /tmp/a; sleep 1; done', 'is not plain'], ['(exit 1)', 'is not plain'],
  ['', 'ends 0 after 0s'],
  ['sleep 1; until nslookup db; do sleep 2; done', 'asks for name db every 2s from 1s on, ends 0 after 1s: prints what is not known'],
  ['while ! nc -z -w 2 db 5432; do echo waiting; sleep 1; done; sleep 9; exit 3', 'asks for port db 5432 every 1s from 0s on, ends 3 after 9s: prints what is not known'],
  ['until pg_isready -h db -p 5433; do sleep 1; done', 'asks for port db 5433 every 1s from 0s on, ends 0 after 0s: prints what is not known'],
  ['until curl -sf http://web:8080/healthz; do sleep 5; done', 'asks for page web 8080 /healthz false every 5s from 0s on, ends 0 after 0s: prints what is not known'],
  ['until curl -s web -o /dev/null; do sleep 5; done', 'asks for page web 80 / true every 5s from 0s on, ends 0 after 0s: prints what is not known'],
  ['until wget -qO- web/up; do sleep 5; done', 'asks for page web 80 /up false every 5s from 0s on, ends 0 after 0s: prints what is not known'],
  ['until nslookup db; do sleep 1; done; until nslookup web; do sleep 1; done', 'is not plain'], ['until nslookup db; do :; done', 'is not plain'],
  ['until test -f /tmp/a; do sleep 1; done', 'is not plain'], ['until mysql -h db; do sleep 1; done', 'is not plain'], ['while nslookup db; do sleep 1; done', 'is not plain'],
  ['until nslookup db; do sleep 1; exit 1; done', 'is not plain'], ['until nslookup $DB; do sleep 1; done', 'is not plain'], ['until nc db 5432; do sleep 1; done', 'is not plain'],
])('sh -c %j %s', (script, wanted) => expect(told(sh(script))).toBe(wanted))

test.each<[string, readonly string[] | undefined, readonly string[] | undefined, string]>([
  ['a program', ['sleep', '30'], undefined, 'ends 0 after 30s'], ['its arguments apart', ['sleep'], ['30'], 'ends 0 after 30s'],
  ['arguments alone', undefined, ['/bin/sh', '-c', 'exit 2'], 'ends 2 after 0s'], ['by its path', ['/bin/false'], undefined, 'ends 1 after 0s'],
  ['strict', ['bash', '-ec', 'false; sleep 3'], undefined, 'ends 1 after 0s'], ['strict by a flag of its own', ['sh', '-e', '-c', 'false; sleep 3'], undefined, 'ends 1 after 0s'],
  ['no script', ['sh'], undefined, 'is not plain'], ['an argument of whatever the image names', undefined, ['sync'], 'is not plain'], ['what only a shell knows', ['exit', '3'], undefined, 'is not plain'],
  ['an assignment', ['A=1'], undefined, 'is not plain'], ['a program by itself', ['date'], undefined, 'ends 0 after 0s: prints what is not known'],
  ['nothing', undefined, undefined, 'is not plain'], ['another program', ['nginx'], ['-v'], 'is not plain'],
  ['a variable that the kubelet cannot fill in', ['echo', '$(GREETING)'], undefined, 'ends 0 after 0s: prints what is not known'],
  ['a length that is not known', ['sleep', '$(PAUSE)'], undefined, 'is not plain'], ['text that a shell would read', ['echo', 'a;b'], undefined, 'ends 0 after 0s: 0s a;b'],
])('%s', (_, command, args, wanted) => expect(told(saidByCommand({ command, args }))).toBe(wanted))

test('variables of the container count', () => {
  const env = { PAUSE: '5', GREETING: 'good morning' }
  expect(told(sh('echo $GREETING; sleep ${PAUSE}; echo $OTHER', env))).toBe('ends 0 after 5s: prints what is not known')
  expect(told(sh('echo "$GREETING"; sleep $PAUSE', env))).toBe('ends 0 after 5s: 0s good morning')
  expect(told(sh('export PAUSE=3 GREETING; sleep $PAUSE; echo $GREETING', env))).toBe('ends 0 after 3s: 3s good morning')
  expect(told(sh('PAUSE=2; sleep $PAUSE', env))).toBe('ends 0 after 2s')
})
test('files come and go', () => {
  const said = sh('sleep 5; touch /tmp/up; echo x > /tmp/log; sleep 30; rm -rf /tmp/up; mkdir /tmp/d; touch /tmp/d/e; rm -r /tmp/d; sleep 600')!
  expect(fileExists(said, '/etc/passwd', 0)).toBe(undefined)
  expect([sh('touch $F; sleep 9'), sh('rm -rf /tmp/*; sleep 9')].map(s => fileExists(s!, '/tmp/a', 0))).toEqual([undefined, undefined])
  const seen = (path: string): readonly (boolean | undefined)[] => [0, 6000, 36_000].map(at => fileExists(said, path, at))
  expect([seen('/tmp/up'), seen('/tmp/log'), seen('/tmp/d/e'), seen('/tmp/other')]).toEqual([
    [false, true, false], [false, true, true], [false, false, false], [false, false, false],
  ])
})
test.each<[string, string | undefined]>([
  ['cat /tmp/a', '/tmp/a'], ['test -f /tmp/a', '/tmp/a'], ['[ -e /tmp/a ]', '/tmp/a'], ['/bin/ls /tmp/a', '/tmp/a'], ['cat a', undefined], ['pg_isready', undefined],
])('%s asks for a file', (line, path) => {
  expect(fileAskedFor(line.split(' '))?.path).toBe(path)
  expect(fileAskedFor(['sh', '-c', line])?.path).toBe(path)
})

test('whatever stands in a script, it is read or it is not plain', () => {
  const word = fc.constantFrom('sleep', '1', 'echo', 'a', '$x', 'x=1', 'while', 'true', 'do', 'done', 'for', 'in', 'exit', 'touch', '/tmp/a', "'", '"', '>', '&&', '||', ';', '\n', '$(', ')', '#', '\\')
  fc.assert(fc.property(fc.array(word, { maxLength: 14 }), words => {
    const said = sh(words.join(' '))
    if (said === undefined) return
    expect(said.lasts === true).toBe(said.exit === undefined)
    if (said.exit) expect(said.exit.afterMs >= 0 && said.exit.code >= 0 && said.exit.code < 256).toBe(true)
  }), { numRuns: 3000 })
})
test('a missing file is told in the words of the image', () => {
  const missing = (image: string): string | undefined => fileAskedFor(['cat', '/tmp/a'], image)?.missing
  expect(missing('busybox:1.36')).toBe("cat: can't open '/tmp/a': No such file or directory\n")
  expect(missing('debian')).toBe('cat: /tmp/a: No such file or directory\n')
})
