import type { Page } from './page.ts'

/** What `describe` says of each source of a volume: its sentence and the fields it shows. Source: describe.go, print…VolumeSource. */
type Lines = readonly (readonly [title: string, value: unknown])[]
const sources: Readonly<Record<string, (source: any) => readonly [sentence: string, lines: Lines]>> = {
  hostPath: s => ['HostPath (bare host directory volume)', [['Path', s.path], ['HostPathType', s.type ?? '<none>']]],
  emptyDir: s => ["EmptyDir (a temporary directory that shares a pod's lifetime)", [['Medium', s.medium ?? ''], ['SizeLimit', s.sizeLimit ?? '<unset>']]],
  secret: s => ['Secret (a volume populated by a Secret)', [['SecretName', s.secretName], ['Optional', s.optional === true]]],
  configMap: s => ['ConfigMap (a volume populated by a ConfigMap)', [['Name', s.name], ['Optional', s.optional === true]]],
  persistentVolumeClaim: s =>
    ['PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)', [['ClaimName', s.claimName], ['ReadOnly', s.readOnly === true]]],
  projected: s => ['Projected (a volume that contains injected data from multiple sources)', projected(s.sources ?? [])],
  nfs: s => ["NFS (an NFS mount that lasts the lifetime of a pod)", [['Server', s.server], ['Path', s.path], ['ReadOnly', s.readOnly === true]]],
  local: s => ['LocalVolume (a persistent volume backed by local storage on a node)', [['Path', s.path]]],
  csi: s => [
    'CSI (a Container Storage Interface (CSI) volume source)',
    [
      ['Driver', s.driver], ['FSType', s.fsType ?? ''], ...s.volumeHandle === undefined ? [] : [['VolumeHandle', s.volumeHandle] as const],
      ['ReadOnly', s.readOnly === true],
    ],
  ],
}
function projected(list: readonly any[]): Lines {
  return list.flatMap(({ secret, downwardAPI, configMap, serviceAccountToken }): Lines =>
    secret ? [['SecretName', secret.name], ['Optional', secret.optional === true]]
      : downwardAPI ? [['DownwardAPI', true]]
        : configMap ? [['ConfigMapName', configMap.name], ['Optional', configMap.optional === true]]
          : serviceAccountToken ? [['TokenExpirationSeconds', serviceAccountToken.expirationSeconds]] : [])
}

export function describeVolumes(page: Page, volumes: readonly any[], space: string): void {
  if (volumes.length === 0) { page.write(`${space}Volumes:\t<none>\n`); return }
  page.write(`${space}Volumes:\n`)
  for (const volume of volumes) {
    page.line(1, `${space ? ' ' : ''}${volume.name}:`)
    describeSource(page, volume)
  }
}
export function describeSource(page: Page, volume: any): void {
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
  const [sentence, lines] = sources[kind](volume[kind])
  page.line(2, 'Type:', sentence)
  for (const [title, value] of lines) page.line(2, `${title}:`, String(value))
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
