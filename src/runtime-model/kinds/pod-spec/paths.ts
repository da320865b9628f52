import type { FieldError } from '../kind.ts'
import { invalid } from '../meta/errors.ts'

/** Paths that may not lead elsewhere. Source: pkg/apis/core/validation/validation.go (validateLocalDescendingPath, ValidateLocalNonReservedPath). */
export const noBacksteps = (path: string, at: string): FieldError[] => path.split('/').includes('..') ? [invalid(at, path, "must not contain '..'")] : []
export const descendingPath = (path: string, at: string): FieldError[] =>
  [...path.startsWith('/') ? [invalid(at, path, 'must be a relative path')] : [], ...noBacksteps(path, at)]
export const nonReservedPath = (path: string, at: string): FieldError[] =>
  [...descendingPath(path, at), ...path.startsWith('..') && !path.startsWith('../') && path !== '..' ? [invalid(at, path, "must not start with '..'")] : []]
