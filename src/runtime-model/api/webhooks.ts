import type { Message } from '../kernel/actor.ts'

/** What kube-apiserver and an admission webhook say to each other. Source: k8s.io/api admission/v1 (AdmissionReview). */
export interface AdmissionReviewMessage extends Message {
  readonly type: 'admission review'
  readonly id: number
  readonly object: any
  readonly operation: string
}
export interface AdmissionAnswerMessage extends Message { readonly type: 'admission answer'; readonly replyTo: number; readonly answer: AdmissionAnswer }

export interface AdmissionAnswer {
  readonly allowed: boolean
  readonly message?: string
  /** HTTP code of a refusal; 400 unless it is higher */
  readonly code?: number
  readonly reason?: string
  readonly warnings?: readonly string[]
  /** a JSON Patch (a list) or a merge patch of the object */
  readonly patch?: any
}
export const isAdmissionAnswer = (message: Message): message is AdmissionAnswerMessage => message.type === 'admission answer'
export const webhookActor = (name: string): string => `webhook/${name}`
