import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestMatch, freeVolumesByClass, volumesByClaim } from '../src/runtime-model/kube-controller-manager/volume/claims.ts'

/**
 * Which volume a claim gets, compared with a second reading of pkg/controller/volume/persistentvolume/index.go and of FindMatchingVolume, as a real controller
 * was seen to choose: sets of access modes one after the other, the shortest first, and in each the volume that was set aside, else the smallest.
 */
const modes = fc.subarray(['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'], { minLength: 1 })
const size = fc.constantFrom('1Gi', '1024Mi', '2Gi', '2000M', '5Gi'), bytes: Readonly<Record<string, number>> = {
  '1Gi': 2 ** 30, '1024Mi': 2 ** 30, '2Gi': 2 ** 31, '2000M': 2e9, '5Gi': 5 * 2 ** 30,
}
const className = fc.constantFrom('fast', 'fast', 'fast', 'fast', 'slow', undefined)
const volumeMode = fc.constantFrom('Filesystem', 'Filesystem', 'Filesystem', 'Block', undefined)
const ref = fc.constantFrom<any>(...Array(12).fill(undefined), { name: 'c' }, { name: 'c', uid: 'own' }, { name: 'c', uid: 'former' }, { name: 'other' })
const volume = fc.record({
  accessModes: modes, storage: size, storageClassName: className, volumeMode, claimRef: ref,
  phase: fc.constantFrom('Available', 'Available', 'Released', undefined),
  tier: fc.constantFrom('gold', 'iron', undefined), going: fc.constantFrom(...Array(9).fill(false), true),
}).map(({ accessModes, storage, storageClassName, volumeMode, claimRef, phase, tier, going }) => ({
  metadata: { labels: tier ? { tier } : {}, ...going ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {} }, status: { phase },
  spec: { accessModes, capacity: { storage }, storageClassName, volumeMode, ...claimRef ? { claimRef: { namespace: 'shop', ...claimRef } } : {} },
}))
const claim = fc.record({
  accessModes: modes.map(m => m.slice(0, 2)), storage: size, storageClassName: className, volumeMode,
  selector: fc.constantFrom<any>(undefined, undefined, {}, { matchLabels: { tier: 'gold' } }, {
    matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['iron'] }],
  }),
}).map(({ storage, selector, ...spec }) => ({
  metadata: { namespace: 'shop', name: 'c', uid: 'own' }, spec: { ...spec, ...selector ? { selector } : {}, resources: { requests: { storage } } },
}))

// ---- the second reading
function isSelected(labels: any, selector: any): boolean {
  if (selector?.matchLabels && labels.tier !== selector.matchLabels.tier) return false
  return !selector?.matchExpressions || labels.tier !== 'iron'
}
function expected(c: any, volumes: readonly any[], waits: boolean): readonly string[] {
  const sets = new Map<number, any[]>()
  for (const v of volumes) if (c.spec.accessModes.every((m: string) => v.spec.accessModes.includes(m))) {
    sets.set(v.spec.accessModes.length, [...sets.get(v.spec.accessModes.length) ?? [], v])
  }
  for (const length of [1, 2, 3]) {
    const right = (sets.get(length) ?? []).filter(v => bytes[v.spec.capacity.storage] >= bytes[c.spec.resources.requests.storage]
      && (v.spec.volumeMode ?? 'Filesystem') === (c.spec.volumeMode ?? 'Filesystem') && !v.metadata.deletionTimestamp)
    const aside = right.filter(v => v.spec.claimRef?.name === 'c' && v.spec.claimRef.uid !== 'former')
    if (aside.length > 0) return aside.map(v => v.metadata.name)
    const free = waits ? [] : right.filter(v => !v.spec.claimRef && v.status.phase === 'Available'
      && (v.spec.storageClassName ?? '') === (c.spec.storageClassName ?? '') && isSelected(v.metadata.labels, c.spec.selector))
    const least = Math.min(...free.map(v => bytes[v.spec.capacity.storage]))
    if (free.length > 0) return free.filter(v => bytes[v.spec.capacity.storage] === least).map(v => v.metadata.name)
  }
  return []
}

test('a claim gets the volume that a second reading gives it', () => {
  const met = { none: 0, aside: 0, free: 0, larger: 0 }
  fc.assert(fc.property(claim, fc.array(volume, { minLength: 2, maxLength: 9 }), fc.constantFrom(false, false, true), (c, list, waits) => {
    const volumes: any[] = list.map((v, i) => ({ ...v, metadata: { ...v.metadata, name: `v${i}` } }))
    const by = (index: typeof volumesByClaim, key: string): any => {
      expect([volumesByClaim, freeVolumesByClass]).toContain(index)
      return volumes.filter(v => index.keysOf(v).includes(key))
    }
    const wanted = expected(c, volumes, waits), found: any = bestMatch(c as any, waits, { by } as any), text = JSON.stringify({ c, volumes, waits })
    if (wanted.length === 0) { expect(found, text).toBeUndefined(); met.none++; return }
    expect(wanted, text).toContain(found?.metadata.name)
    if (found.spec.claimRef) met.aside++; else met.free++
    if (found.spec.capacity.storage !== c.spec.resources.requests.storage) met.larger++
  }), { numRuns: 6000, seed: 5 })
  expect(Object.values(met).every(n => n > 150), JSON.stringify(met)).toBe(true)
})
