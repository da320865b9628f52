import { h } from './dom.ts'

/** Single keys, where the reader is not writing. */
export function onKeys(keys: Readonly<Record<string, () => void>>): void {
  addEventListener('keydown', e => {
    const where = e.target as HTMLElement
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(where.tagName) || document.querySelector('dialog[open]')) return
    const act = keys[e.key]
    if (!act) return
    act(); e.preventDefault()
  })
}

const said: readonly (readonly [key: string, does: string])[] = [
  ['/', 'search scenarios, steps and tags'], ['j  k', 'next and previous scenario'], ['n  p', 'next and previous that did not pass'],
  ['Esc', 'clear the search; back to the overview'], ['o  c', 'open or close everything folded'],
  ['←  →', 'on the time axis: from moment to moment'], ['t', 'light or dark'], ['?', 'this help'],
]

export const help = (): HTMLDialogElement => {
  const dialog = h('dialog', { 'aria-label': 'keyboard', click: (e: MouseEvent) => { if (e.target === dialog) dialog.close() } },
    h('h2', {}, 'Keys'), h('dl', {}, said.flatMap(([key, does]) => [h('dt', {}, key.split('  ').map(k => h('kbd', {}, k))), h('dd', {}, does)])),
    h('form', { method: 'dialog' }, h('button', {}, 'close'))) as HTMLDialogElement
  return dialog
}
