import type { KubeObject } from '../../api/request.ts'
import type { AdmissionView } from './plugin.ts'

/**
 * The class that an object gets which names none: the newest that one of these annotations marks, by name where several are as new; undefined: none is marked.
 * Source: pkg/volume/util/storageclass.go (GetDefaultClass), plugin/pkg/admission/network/defaultingressclass/admission.go (getDefaultClass)
 */
export const defaultClass = (view: AdmissionView, classes: string, annotations: readonly string[]): KubeObject | undefined =>
  view.list(classes).filter(c => annotations.some(a => c.metadata.annotations?.[a] === 'true')).reduce<KubeObject | undefined>(
    (best, c) => best === undefined || c.metadata.creationTimestamp! > best.metadata.creationTimestamp! ? c : best, undefined
  )
