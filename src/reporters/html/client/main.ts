import type { Status } from '../../../runner/events.ts'
import { data, signs, tone } from './data.ts'
import { h, $ } from './dom.ts'
import { help, onKeys } from './keys.ts'
import { createList } from './list.ts'
import { linkTo, overview } from './overview.ts'
import { scenarioPage } from './scenario.ts'

const list = createList(), chosen = new Set<Status>(), main = h('main', { id: 'main', tabindex: -1 })
const search = h('input', {
  type: 'search', placeholder: 'Search', 'aria-label': 'search scenarios, steps and tags', autocomplete: 'off', input: () => { narrow() },
}) as HTMLInputElement
const dialog = help()
let at: number | undefined

const narrow = (): void => { list.show(search.value, chosen) }
const go = (index: number | undefined): void => { if (index !== undefined) location.hash = linkTo(index) }
const statuses = (Object.keys(data.counts) as Status[]).filter(s => data.counts[s] > 0)
const filters = statuses.map(status => h(
  `button.chip.${tone(status)}`,
  {
    type: 'button', 'aria-pressed': 'false', title: `only ${status}`,
    click: (e: MouseEvent) => {
      if (!chosen.delete(status)) chosen.add(status)
      ;(e.currentTarget as Element).setAttribute('aria-pressed', String(chosen.has(status)))
      narrow()
    },
  },
  `${signs[status]} ${data.counts[status]} ${status}`
))

/** light and dark: the reader's system decides until they do */
function turn(): void {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.dataset.theme = dark ? 'light' : 'dark'
}

/** The address says what is shown: `#` everything, `#12` the twelfth scenario. */
function route(): void {
  const index = Number(location.hash.slice(1)) - 1
  at = data.scenarios[index] ? index : undefined
  document.body.className = at === undefined ? 'at-overview' : 'at-scenario'
  main.replaceChildren(at === undefined ? overview() : scenarioPage(data.scenarios[at]))
  list.mark(at)
  main.scrollTop = 0; scrollTo(0, 0)
}

$('#app')!.replaceChildren(
  h(
    'header.top', {}, h('a.brand', { href: '#' }, h('span', { 'aria-hidden': 'true' }, '☸'), ' kscenario'),
    h('div.find', {}, search, filters.length > 1 && filters),
    h(
      'div.tools', {}, h('button', { type: 'button', title: 'light or dark (t)', 'aria-label': 'light or dark', click: turn }, '◐'),
      h('button', { type: 'button', title: 'keys (?)', 'aria-label': 'keyboard', click: () => { dialog.showModal() } }, '?')
    )
  ),
  h('div.frame', {}, list.element, main), dialog)
addEventListener('hashchange', route)
onKeys({
  '?': () => { dialog.showModal() }, '/': () => { search.focus(); search.select() }, t: turn,
  j: () => { go(list.next(at, 1, false)) }, k: () => { go(list.next(at, -1, false)) }, n: () => { go(list.next(at, 1, true)) },
  p: () => { go(list.next(at, -1, true)) },
  o: () => { for (const d of main.querySelectorAll('details')) d.open = true }, c: () => { for (const d of main.querySelectorAll('details')) d.open = false },
  Escape: () => {
    if (search.value || chosen.size) {
      search.value = ''
      chosen.clear()
      for (const f of filters) f.setAttribute('aria-pressed', 'false')
      narrow()
    } else location.hash = ''
  },
})
search.addEventListener('keydown', e => {
  if (e.key === 'Enter') { search.blur(); go(list.next(undefined, 1, false)) } else if (e.key === 'Escape') { search.value = ''; narrow(); search.blur() }
})
route()
