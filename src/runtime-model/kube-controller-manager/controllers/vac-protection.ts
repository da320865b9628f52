import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, NO_KEYS } from '../controller.ts'
import type { Index, Keys } from '../controller.ts'
import { attributesClasses, claims, volumes } from '../volume/claims.ts'
import { protect } from '../volume/protect.ts'

const namesOf = ({ spec, status }: KubeObject): readonly string[] => [
  ...new Set<string>([
    spec.volumeAttributesClassName, status?.currentVolumeAttributesClassName, status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter(Boolean)),
]
const volumesByAttributes: Index = { name: 'persistentvolumes by their attributes', resource: volumes, keysOf: namesOf }
const claimsByAttributes: Index = { name: 'persistentvolumeclaims by their attributes', resource: claims, keysOf: namesOf }
/** Classes that somebody has ceased to name. */
function left({ new: now, stored, old }: Delta): Keys {
  const before = stored ?? old
  return before === undefined ? NO_KEYS : namesOf(before).filter(name => !now || !namesOf(now).includes(name))
}

/** A VolumeAttributesClass stays as long as a volume or a claim names it: in its spec, as what it has, or as what it is given. */
export const vacProtection = defineController({
  name: 'volumeattributesclass-protection',
  stirredBy: attributesClasses,
  watches: [
    { resource: attributesClasses, toKeys: delta => delta.new ? [delta.new.metadata.name] : NO_KEYS },
    { resource: claims, toKeys: left }, { resource: volumes, toKeys: left },
  ],
  indexes: [volumesByAttributes, claimsByAttributes],
  onStart: view => view.list(attributesClasses).map(c => c.metadata.name),
  reconcile: (key, view) => protect(
    view.get(attributesClasses, undefined, key), attributesClasses, 'kubernetes.io/vac-protection',
    () => view.count(volumesByAttributes, key) + view.count(claimsByAttributes, key) > 0, view
  ),
  source: 'pkg/controller/volume/vacprotection/vac_protection_controller.go',
})
