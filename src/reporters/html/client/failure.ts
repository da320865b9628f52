import { moment } from '../../../base/clock.ts'
import type { Failure } from '../../../runner/events.ts'
import { h } from './dom.ts'

/** The text of the step that broke, with the part that broke marked. */
export function marked(text: string, failure: Failure): (HTMLElement | string)[] {
  if (!failure.caret) return [text]
  const { start, end } = failure.caret
  return [text.slice(0, start), h('mark', {}, text.slice(start, Math.max(end, start + 1))), text.slice(end)]
}

/** Why it did not hold: what was wanted and seen, what led to it, the moments that matter, and how to run it again. */
export function story(failure: Failure): HTMLElement {
  if (failure.text) return h('div.story', {}, h('pre', {}, failure.text), replay(failure))
  const row = (label: string, ...content: (HTMLElement | string)[]): HTMLElement[] => [h('dt', {}, label), h('dd', {}, content)]
  return h('div.story', {},
    h('p.message', {}, failure.caret?.says ?? failure.message),
    h('dl', {},
      failure.expected === undefined ? [] : row('expected', h('pre', {}, failure.expected)),
      failure.seen === undefined ? [] : row('seen', h('pre', {}, failure.seen)),
      failure.why?.length ? row('why', h('ol.why', {}, failure.why.map(w => h('li', {}, w)))) : [],
      failure.atFault ? row('at fault', h('b', {}, failure.atFault)) : [],
      failure.timeline?.length
        ? row(
          'timeline',
          h(
            'table.moments', {},
            failure.timeline.map(e => h(
              'tr', {}, h('th', {}, moment(e.atMs)),
              h(
                'td', {}, e.text,
                e.count && e.count > 1 ? h('small', {}, ` ${e.count} times${e.untilMs === undefined ? '' : `, until ${moment(e.untilMs)}`}`) : ''
              )
            ))
          ),
          failure.more ? h('small', {}, `${failure.more} more on the time axis below`) : ''
        )
        : [],
      failure.notes?.length ? row('note', ...failure.notes.map(n => h('pre', {}, n))) : []),
    replay(failure))
}

const replay = (failure: Failure): HTMLElement | string => failure.replay ? command(failure.replay) : ''

/** A command line with a button that copies it. */
export function command(line: string): HTMLElement {
  const button = h(
    'button', { type: 'button', title: 'copy', click: () => { void navigator.clipboard?.writeText(line).then(() => { button.textContent = 'copied' }) } },
    'copy'
  )
  return h('p.command', {}, h('code', {}, line), button)
}
