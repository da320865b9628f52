import type { Page } from './page.ts'
import { sources } from './volume-sources.ts'

export function describeVolumes(page: Page, volumes: readonly any[], space: string): void {
  if (volumes.length === 0) { page.write(`${space}Volumes:\t<none>\n`); return }
  page.write(`${space}Volumes:\n`)
  for (const volume of volumes) {
    page.line(1, `${space ? ' ' : ''}${volume.name}:`)
    describeSource(page, volume)
  }
}
/** `persistent`: `volume` is the spec of a PersistentVolume. */
export function describeSource(page: Page, volume: any, persistent = false): void {
  if (volume.downwardAPI) {
    page.line(2, 'Type:', 'DownwardAPI (a volume populated by information about the pod)')
    page.line(2, 'Items:')
    for (const { fieldRef, resourceFieldRef, path } of volume.downwardAPI.items ?? []) {
      page.line(3, `${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`)
    }
    return
  }
  if (volume.ephemeral) return describeEphemeral(page, volume.ephemeral.volumeClaimTemplate)
  const kind = Object.keys(sources).find(k => volume[k])
  if (!kind) { page.line(1, '<unknown>'); return }
  const [sentence, lines] = sources[kind](volume[kind], persistent)
  page.line(2, 'Type:', sentence)
  for (const [title, value] of lines) page.line(2, title, String(value))
}

/** The claim that is made for it, as far as its template says. Source: describe.go (printEphemeralVolumeSource, printPersistentVolumeClaim) */
function describeEphemeral(page: Page, { metadata = {}, spec }: any): void {
  page.line(2, 'Type:', 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)')
  page.line(2, 'StorageClass:', spec.storageClassName ?? '')
  page.line(2, 'Volume:', spec.volumeName ?? '')
  pairs(page, 'Labels:', metadata.labels, '=')
  pairs(page, 'Annotations:', metadata.annotations, ': ')
  page.line(2, 'Capacity:', '')
  page.line(2, 'Access Modes:', '')
  if (spec.volumeMode) page.line(2, 'VolumeMode:', spec.volumeMode)
}
function pairs(page: Page, title: string, all: Readonly<Record<string, string>> | undefined, sign: string): void {
  const keys = Object.keys(all ?? {}).sort()
  if (keys.length === 0) page.line(2, title, '<none>')
  keys.forEach((key, i) => page.line(2, i === 0 ? title : '', `${key}${sign}${all![key]}`))
}
