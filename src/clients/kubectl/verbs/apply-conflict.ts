import { itemOf, memberOf, typeOf } from '../../../runtime-model/api/merge-metadata.ts'
import type { Member } from '../../../runtime-model/api/merge-metadata.ts'
import type { TypeSchema } from '../../../runtime-model/api/schema.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { failure, type Exit } from '../errors.ts'
import { same, threeWay, twoWay } from '../patch/strategic.ts'
import { goText } from '../printers/custom-columns.ts'
import { toCompactJson } from '../printers/json.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Session } from '../session.ts'
import { lastAppliedText } from './last-applied.ts'

interface Configurations { readonly original: any; readonly modified: any; readonly current: any; readonly patch: any }

/**
 * `apply --overwrite=false`: what the patch would say otherwise than others have said since the last apply. kubectl computes the patch three ways, and is told
 * so by each. Its own annotation is a change like any other, so of what it applied it changes nothing. Sources: kubectl pkg/cmd/apply/patcher.go
 * (buildMergePatch, createPatchErrFormat), apimachinery pkg/util/strategicpatch/patch.go (CreateThreeWayMergePatch), mergepatch/errors.go (ErrConflict)
 */
export function overwriting(session: Session, kind: KindDefinition, { original, modified, current, patch }: Configurations): Exit | undefined {
  const type = typeOf(kind.group, kind.version, kind.kind), changed = twoWay(kind, original, current)
  if (!type || !mapsConflict(type, patch, changed)) return undefined
  const conflict = `patch:\n${toYaml(patch)}\nconflicts with changes made from original to current:\n${toYaml(changed)}\n`
  session.complain(`warning: error calculating patch from openapi v3 spec: ${conflict}`)
  session.complain(`warning: error calculating patch from openapi spec: ${conflict}`)
  return unmade({ original, modified, current }, conflict)
}

/**
 * A kind that the manifest writes in small letters would be changed by the patch, which may not be. Source: patcher.go (buildMergePatch: of what has no type
 * of that name a plain merge), mergepatch/util.go (RequireKeyUnchanged)
 */
export function changesKind(kind: KindDefinition, configurations: Omit<Configurations, 'patch'>): Exit {
  const { original, modified, current } = configurations
  return unmade(configurations, `precondition failed for: ${goText(threeWay({ ...kind, kind: modified.kind }, original, modified, current))}`)
}

const unmade = ({ original, modified, current }: Omit<Configurations, 'patch'>, why: string): Exit => failure(`creating patch with:
original:
${lastAppliedText(original)}
modified:
${toCompactJson(modified)}

current:
${toCompactJson(current)}

for: ${why}`)

const isMap = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What both change, and not to the same. Source: patch.go (MergingMapsHaveConflicts) */
const mapsConflict = (type: TypeSchema | undefined, a: any, b: any): boolean =>
  Object.keys(a).some(key => Object.hasOwn(b, key) && conflict(memberOf(type, key), a[key], b[key]))
function conflict(member: Member | undefined, a: any, b: any): boolean {
  if (isMap(a) && isMap(b)) return mapsConflict(member?.type, a, b)
  const by = member?.patch === 'merge' ? member.patchKey : undefined
  if (!member || by === undefined || !Array.isArray(a) || !Array.isArray(b)) return !same(a, b)
  return a.some(item => b.some(other => other[by] === item[by] && mapsConflict(itemOf(member), item, other)))
}
