export { snapshotController } from './controller.ts'
export { definitionNames, snapshotObjects, snapshotWords } from './manifests.ts'
export { SNAPSHOT_CONTROLLER_ID } from './names.ts'
