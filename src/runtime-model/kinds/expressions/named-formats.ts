import { dns1035Label, dns1123Label, dns1123Subdomain, label1035Name, labelName, qualifiedName, subdomainName, validLabelValue } from '../../api/names.ts'
import { formats } from '../custom/formats.ts'
import { cel } from './generated/cel.js'

/** Formats with a name, and what is wrong with a text by them. Source: k8s.io/apiserver pkg/cel/library/format.go (ConstantFormats). */
export class NamedFormat {
  readonly problemsOf: (text: string) => readonly string[]
  constructor(problemsOf: (text: string) => readonly string[]) { this.problemsOf = problemsOf }
}
export class Formats {}

const fits = (name: string, problem: string): NamedFormat => new NamedFormat(text => formats[name](text) ? [] : [problem])
const named: Readonly<Record<string, NamedFormat>> = {
  dns1123Label: new NamedFormat(dns1123Label), dns1123Subdomain: new NamedFormat(dns1123Subdomain), dns1035Label: new NamedFormat(dns1035Label),
  qualifiedName: new NamedFormat(qualifiedName), labelValue: new NamedFormat(validLabelValue),
  dns1123LabelPrefix: new NamedFormat(text => labelName(text, true)), dns1123SubdomainPrefix: new NamedFormat(text => subdomainName(text, true)),
  dns1035LabelPrefix: new NamedFormat(text => label1035Name(text, true)),
  uri: fits('uri', 'invalid URI'), uuid: fits('uuid', 'does not match the UUID format'), byte: fits('byte', 'invalid base64'),
  date: fits('date', 'invalid date'), datetime: fits('datetime', 'invalid datetime'),
}

export const formatFunctions: Readonly<Record<string, (...args: any[]) => any>> = {
  ...Object.fromEntries(Object.entries(named).map(([name, format]) => [`format.Namespace.${name}(): kubernetes.NamedFormat`, () => format])),
  'format.Namespace.named(string): optional': (_: Formats, name: string) => named[name] ? cel().Optional.of(named[name] as never) : cel().Optional.none(),
  'kubernetes.NamedFormat.validate(string): optional': (format: NamedFormat, text: string) => {
    const problems = format.problemsOf(text)
    return problems.length === 0 ? cel().Optional.none() : cel().Optional.of([...problems] as never)
  },
}
