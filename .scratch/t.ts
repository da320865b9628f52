import { manifestYaml } from '~/base/manifest-yaml.ts'
console.log(manifestYaml('a: *b\n'), manifestYaml('a:\n\t- b'), manifestYaml('a: 1\n---\n---\nb: yes'))
