import { failure } from './errors.ts'

const text =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"

/** kubectl is stricter than the API server. Source: apimachinery pkg/util/validation (IsEnvVarName). */
export function checkEnvName(name: string): string {
  const wrong = !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name) ? text
    : name === '.' || name === '..' ? `must not be '${name}'`
    : name.startsWith('..') ? "must not start with '..'"
    : undefined
  if (wrong !== undefined) throw failure(`${JSON.stringify(name)} is not a valid key name: ${wrong}`)
  return name
}
