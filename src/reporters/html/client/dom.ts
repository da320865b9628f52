type Child = Node | string | number | undefined | false | null | readonly Child[]
type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: any) => void)>>

function apply(element: Element, props: Props, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name, value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  add(element, children)
}

export function add(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false || child === null) continue
    if (Array.isArray(child)) add(element, child)
    else element.append(child instanceof Node ? child : String(child))
  }
}

/** `h('a.link', { href: '#' }, 'text')` */
export function h(tag: string, props: Props = {}, ...children: Child[]): HTMLElement {
  const [name, ...classes] = tag.split('.')
  const element = document.createElement(name)
  if (classes.length) element.className = classes.join(' ')
  apply(element, props, children)
  return element
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const [name, ...classes] = tag.split('.')
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  if (classes.length) element.setAttribute('class', classes.join(' '))
  apply(element, props, children)
  return element
}

export const $ = <E extends Element = HTMLElement>(selector: string): E | null => document.querySelector<E>(selector)
