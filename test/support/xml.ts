export interface XmlElement { readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly children: XmlElement[]; text: string }

/** Well-formed XML of elements, attributes and text, as reports are; anything else throws. */
export function parseXml(source: string): XmlElement {
  const token = /<\?xml[^>]*\?>|<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }, open = [root]
  while (token.lastIndex < source.length) {
    const at = token.lastIndex, m = token.exec(source)
    if (!m) throw new Error(`not XML at ${source.slice(at, at + 60)}`)
    const [, closes, name, attributes, empty, text] = m, top = open.at(-1)!
    if (text !== undefined) {
      if (/&(?!(amp|lt|gt|quot|#\d+);)/.test(text)) throw new Error(`a bare & in ${text}`)
      top.text += text
    } else if (closes) { if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`); open.pop() } else if (name) {
      const element: XmlElement = {
        name, attributes: Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(a => [a[1], a[2]])), children: [], text: '',
      }
      top.children.push(element)
      if (!empty) open.push(element)
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one closed root element')
  return root.children[0]
}
