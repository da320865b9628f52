import { terminal } from './transcript.ts'

/** What a real kubectl printed, command by command, and the files it stood beside. */
export interface Recorded { readonly head: string; readonly files: Readonly<Record<string, string>>; readonly stdin?: string; readonly said: string }

/** `== name` and the content of a file (`== -` is what stdin says), `----`, then commands behind `$`, stderr behind `!`, exit codes as `[1]`. */
export function readRecorded(text: string): Recorded {
  const at = text.startsWith('----\n') ? 0 : text.indexOf('\n----\n') + 1, head = text.slice(0, at)
  const { '-': stdin, ...files } = Object.fromEntries(head.split(/^== /m)
    .slice(1)
    .map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]))
  return { head, files, stdin, said: text.slice(at + 5).trimEnd() }
}

/** What the model's kubectl prints for the same commands; what it names as not modelled is an answer too. */
export async function play({ files, stdin, said }: Recorded): Promise<string> {
  return loose(await terminal({ files, stdin }).type(said))
}

/** Trailing spaces, and what differs from one run to the next beyond what a transcript hides already. */
export const loose = (text: string): string => text.split('\n').map(l => l.trimEnd()).join('\n')
  .replace(/(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/g, 'UID')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| [+-]\d{4})?/g, 'TIME')
    .replace(/(resourceVersion\\*"?: ?\\*")\d+/g, '$1N')
    .replace(/(Resource Version: +)\d+/g, '$1N')
    .replace(/(pod-template-hash=)\w+/g, '$1HASH')
    .replace(/CLUSTER-IP +/g, 'CLUSTER-IP ')
    .replace(/(LIVE|MERGED)-\d+/g, '$1-N')
  .replace(/127\.0\.0\.1:\d+/g, 'SERVER')
    .replace(/-[b-df-hj-np-tv-z2-9]{5}\b/g, '-LETTERS')
    .replace(/[EWIF]\d{4} [\d:.]+ +\d+ /g, 'LOG ')
    .replace(/ +\b(AGE|ADDRESS)\b/g, ' $1')
    .replace(/\b(AGE|ADDRESS) +/g, '$1 ')
    .replace(/-{20,}/g, '----')
