import { describe, expect, test } from 'vitest'
import { checkCommandLine } from '../src/clients/index.ts'
import { sed } from '../src/clients/kubectl/editor/sed.ts'
import { terminal } from './support/transcript.ts'

const made = (script: string, text: string, extended = false): string => sed([script], extended, text).text

describe('sed, as GNU sed does it', () => {
  test.each([
    ['s/a/b/', 'aa\na\n', 'ba\nb\n'], ['s/a/b/g', 'aa\n', 'bb\n'], ['s/a/b/2', 'aaa\n', 'aba\n'], ['s/A/b/I', 'a\n', 'b\n'], ['s|a/b|c|', 'a/b\n', 'c\n'],
    ['s/\\(x: \\).*/\\1y &/', 'x: 1\n', 'x: y x: 1\n'], ['s/a\\+/b/', 'aaa+\n', 'b+\n'], ['s/a+/b/', 'aaa+\n', 'aab\n'], ['s/a\\|b/c/g', 'ab|\n', 'cc|\n'],
    ['s/x\\{2\\}/y/', 'xxx{2}\n', 'yx{2}\n'], ['s/[[:digit:]]*$/n/', 'a12\n', 'an\n'], ['s/a\\/b/c\\/d/', 'a/b\n', 'c/d\n'], ['s/a/b\\nc/', 'a\n', 'b\nc\n'],
    ['/b/d', 'a\nb\nc\n', 'a\nc\n'], ['/b/!d', 'a\nb\nc\n', 'b\n'], ['2d', 'a\nb\n', 'a\n'], ['$d', 'a\nb\n', 'a\n'], ['d', 'a\nb\n', ''],
    ['/a/s/a/b/;s/b/c/', 'a\nb\n', 'c\nc\n'], ['/a/a \\  x', 'a\n', 'a\n  x\n'], ['/a/i x', 'a\n', 'x\na\n'], ['/a/c x', 'a\nb\n', 'x\nb\n'],
    ['s/*/x/', 'a*\n', 'ax\n'], ['s/a^/x/', 'a^\n', 'x\n'], ['s/$x/y/', 'a$x\n', 'ay\n'], ['s,a\\,b,c,', 'a,b\n', 'c\n'],
  ])('%s', (script, text, expected) => expect(made(script, text)).toBe(expected))
  test.each([['s/(a|b)+/c/', 'abab(\n', 'c(\n'], ['s/(x): .+/\\1: y/', 'x: 1\n', 'x: y\n'], ['s/a{2}/b/', 'aaa\n', 'ba\n']])('-E %s', (script, text, expected) =>
    expect(made(script, text, true)).toBe(expected))
  test.each(['y/a/b/', '1,3d', 's/a/b', 'N', 's/a/b/w out'])('%s is no script of ours', script => expect(() => made(script, 'a\n')).toThrow('sed `'))
})

test.each([
  ['FOO=1 kubectl get pods', '`FOO=` says nothing to kubectl here'], ['KUBE_EDITOR=true etcdctl version', '`KUBE_EDITOR=` says nothing to etcdctl here'],
  ['KUBE_EDITOR=true', 'there is no command on this line'],
])('%s cannot run', (line, why) => expect(checkCommandLine(line)?.message).toContain(why))

test.each([
  ['kubectl edit node worker-1', 'NotModelled: an editor at a terminal'], ['EDITOR=vim kubectl edit node worker-1', 'NotModelled: the editor `vim`; known are sed -i SCRIPT'],
  ['EDITOR="sed s/a/b/" kubectl edit node worker-1', 'NotModelled: the editor `sed s/a/b/`: only sed -i SCRIPT changes the file'],
  ['EDITOR="sed -i s/beta/beta./" kubectl edit node worker-1', 'NotModelled: an editor that changes the file anew whenever it is reopened'],
])('%s', async (line, why) => {
  expect(await terminal().type(`$ ${line}`)).toContain(`! ${why}`)
})
