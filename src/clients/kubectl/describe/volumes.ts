import { Page } from './page.ts'
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

/**
 * The claim that is made for it, as far as its template says. Each piece that kubectl writes of it is indented, so values of labels and annotations stand
 * further to the right. Source: describe.go (printEphemeralVolumeSource, printPersistentVolumeClaim)
 */
function describeEphemeral(page: Page, { metadata = {}, spec }: any): void {
  page.line(2, 'Type:', 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)')
  page.line(2, 'StorageClass:', spec.storageClassName ?? '')
  page.line(2, 'Volume:', spec.volumeName ?? '')
  const labels = new Page(page.session), annotations = new Page(page.session)
  labels.pairs('Labels', metadata.labels)
  annotations.annotations('Annotations', metadata.annotations)
  for (const { raw } of [labels, annotations]) page.write(raw.replace(/^([^\t\n]*)\t(  )?/gm, (_, title, more) => `    ${title}\t${more ?? '    '}`))
  page.line(2, 'Capacity:', '')
  page.line(2, 'Access Modes:', '')
  if (spec.volumeMode) page.line(2, 'VolumeMode:', spec.volumeMode)
  describeDataSource(page, spec.dataSource, 2)
}
export function describeDataSource(page: Page, source: any, level: number): void {
  if (!source) return
  page.line(level, 'DataSource:')
  if (typeof source.apiGroup === 'string') page.line(level + 1, 'APIGroup:', source.apiGroup)
  page.line(level + 1, 'Kind:', source.kind)
  page.line(level + 1, 'Name:', source.name)
}
