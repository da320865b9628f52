const AGE = /^(?:\d+(?:y|d|h|m|s))+$|^<invalid>$|^-\d+s$/
const AGE_COLUMN = /^(AGE|LAST SEEN|FIRST SEEN|DURATION|LAST SCHEDULE)$/
const agesIn = (s: string): string => s.replace(/(?<![\w=:.-])(?:\d+(?:y|d|h|m|s))+(?![\w.])/g, '<age>')
const agoIn = (s: string): string => s.replace(/\((?:\d+[ydhms])+ ago\)/g, '(<age> ago)')

/** What kubectl printed: the padding of columns becomes three blanks, ages become `<age>`. */
export function tidyOutput(text: string, string: (text: string) => string): string {
  if (/^diff -/.test(text)) return string(text).replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4}/g, '<time>')
  let columns: readonly string[] | null = null, inEvents = false, podTable = false
  return string(text).split('\n').map(line => {
    const indent = /^ */.exec(line)![0], body = line.slice(indent.length), words = line.trim()
    if (/^Events:/.test(line)) inEvents = true
    else if (/^\S/.test(line) && !/^(Type|----)/.test(words)) inEvents = false
    if (/^[A-Z][A-Z0-9 ()/_-]*$/.test(words) && /\b(AGE|LAST SEEN|FIRST SEEN|DURATION|LAST SCHEDULE)\b/.test(line)) columns = words.split(/ {2,}/)
    else if (!words) columns = null
    podTable = /^Non-terminated Pods:/.test(line) || (podTable && !/^\S/.test(line))
    const cells = body.split(/ {2,}/)
    return indent + tidyCells(cells, { columns, inEvents, podTable, indented: indent !== '', body }).join('   ')
  }).join('\n')
}

interface Place {
  readonly columns: readonly string[] | null
  readonly inEvents: boolean
  readonly podTable: boolean
  readonly indented: boolean
  readonly body: string
}
function tidyCells(cells: readonly string[], { columns, inEvents, podTable, indented, body }: Place): readonly string[] {
  if (columns && cells[0] !== columns[0]) {
    return cells.map((c, i) => (cells.length !== columns.length || AGE_COLUMN.test(columns[i])) && AGE.test(c) ? '<age>' : agoIn(c))
  }
  if (!columns && !inEvents && !indented && cells.length > 2 && AGE.test(cells.at(-1)!)) return cells.map(c => AGE.test(c) ? '<age>' : agoIn(c)) // --no-headers
  if (podTable && AGE.test(cells.at(-1)!)) return [...cells.slice(0, -1), '<age>']
  if (inEvents) return cells.map((c, i) => i === 2 ? agesIn(c) : c)
  if (/^(Duration|Age):/.test(body)) return cells.map(agesIn)
  return cells.map(agoIn)
}
