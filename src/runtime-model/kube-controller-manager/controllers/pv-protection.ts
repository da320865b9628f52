import { defineController, NO_KEYS } from '../controller.ts'
import { volumes } from '../volume/claims.ts'
import { protect } from '../volume/protect.ts'

/** A volume stays until it is not bound. */
export const pvProtection = defineController({
  name: 'pv-protection',
  watches: [{ resource: volumes, toKeys: delta => delta.new ? [delta.new.metadata.name] : NO_KEYS }],
  reconcile: (key, view) => protect(view.get(volumes, undefined, key), volumes, 'kubernetes.io/pv-protection', v => v.status?.phase === 'Bound', view),
  source: 'pkg/controller/volume/pvprotection/pv_protection_controller.go',
})
