/** A copy with values set by their paths (`spec.ports[0].port`; null: removed). */
export function withChanges(object: any, changes: Readonly<Record<string, any>>): any {
  const changed = structuredClone(object)
  for (const [path, value] of Object.entries(changes)) {
    if (path === '$noVersion') { delete changed.metadata.resourceVersion; continue }
    const steps = path.match(/[^.[\]]+|\[\d+\]|\["[^"]*"\]/g)!.map(s =>
      /^\[\d/.test(s) ? Number(s.slice(1, -1)) : s.startsWith('["') ? JSON.parse(s.slice(1, -1)) : s)
    const last = steps.pop()!
    let at = changed
    steps.forEach((step, i) => { at = at[step] ??= typeof (steps[i + 1] ?? last) === 'number' ? [] : {} })
    if (value !== null) at[last] = value
    else if (Array.isArray(at)) at.splice(last, 1)
    else delete at[last]
  }
  return changed
}
