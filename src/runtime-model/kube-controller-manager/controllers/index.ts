import type { Controller } from '../controller.ts'

/** Every controller that kube-controller-manager runs, one a line; see controller.ts. */
export const controllers: readonly Controller[] = [
]
