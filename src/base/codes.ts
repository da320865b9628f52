/** Every diagnostic code with its title and what it means for the author. */
export const codes = {
  'gherkin-syntax': {
    title: 'not Gherkin',
    explanation: 'The line does not fit where it stands in the feature file; the rest of the file is still read.',
  },
  'step-undefined': {
    title: 'unknown sentence',
    explanation: 'No step and no assertion reads like this. `kscenario steps` lists what can be said.',
  },
  'step-too-long': {
    title: 'a sentence without an end',
    explanation: 'A step is a sentence of at most a hundred words (a quoted text is one); text of any length goes into a doc string.',
  },
  'placeholder-unknown': {
    title: 'a placeholder that nothing fills',
    explanation:
      '`<name>` in a step is replaced by the cell of the column `name` in each row of the Examples, whose first row names the columns. In a Background nothing is replaced.',
  },
  'step-ambiguous': {
    title: 'two readings',
    explanation: 'The sentence can be read in more than one way; say it so that only one remains.',
  },
  'step-argument-missing': {
    title: 'table or doc string missing',
    explanation: 'This sentence needs a table or a doc string on the lines below it.',
  },
  'step-argument-unexpected': {
    title: 'unexpected table or doc string',
    explanation: 'This sentence takes no table or doc string (or not this one).',
  },
  'assertion-window': {
    title: 'windows that do not fit together',
    explanation: 'The modality and the windows of the assertion contradict each other.',
  },
  'binding-unknown': {
    title: 'unknown binding',
    explanation: '`$name` means what an earlier step bound with `as "name"`; no earlier step of the scenario did.',
  },
  'user-unknown': {
    title: 'unknown user',
    explanation: '`as user "ana"` acts as somebody whom an earlier step has declared (`user "ana"`); anybody else would be refused everything, and nobody would notice a misspelt name.',
  },
  'scenario-empty': {
    title: 'nothing to run', explanation: 'A scenario without steps checks nothing, nor does a file without scenarios, nor an outline without a row of examples.',
  },
  'image-unused': {
    title: 'a behaviour that nothing has',
    explanation: '`image "…":` says how the containers of an image behave; no step and no manifest of the feature names this one.',
  },
  'target-port-undeclared': {
    title: 'a port that no container declares',
    explanation: 'The Service sends to a port which the containers behind it do not declare, though they declare others. A cluster refuses connections there unless somebody listens all the same; the model lets an image of which nothing is said answer.',
  },
  'probe-port-undeclared': {
    title: 'a probe of a port that its container does not declare',
    explanation: 'The container declares other ports. A cluster refuses connections where nobody listens, and the probe fails; the model takes a probe\'s word for it that somebody does, unless the behaviour of the image says which ports it `listens` on.',
  },
  'internal-error': {
    title: 'a mistake of kscenario',
    explanation: 'Reading this failed in a way that no text should bring about. The scenario is inconclusive, all others run: please report it with the sentence.',
  },
  unreadable: { title: 'a file that cannot be read', explanation: 'A link that leads nowhere or in a circle, or a file or folder that one may not read.' },
  'not-utf8': {
    title: 'a character that is not UTF-8',
    explanation:
      'Feature files are UTF-8. Another encoding makes other characters of letters with accents and the like, so that names and texts differ from what an editor shows.',
  },
  'event-claimed': {
    title: 'an event where a claim is expected',
    explanation: '`node worker-1 is under memory pressure` brings it about. Under Then it would be taken for a claim, and hold of any cluster.',
  },
  'keyword-meaning': { title: 'keyword and sentence disagree', explanation: 'Given establishes, When acts, Then asserts.' },
  'lost-keyword': {
    title: 'a keyword read as description',
    explanation: 'Where a description may stand, Gherkin takes any line for one, mistyped keywords too.',
  },
  'scenario-duplicate': {
    title: 'two scenarios of one name',
    explanation: 'Reports, `--name` and editors tell the scenarios of a feature (or of a rule) apart by their names.',
  },
  'tag-misspelt': {
    title: 'a tag that is nearly one of ours',
    explanation:
      'Tags are free, but `@checklist:ID`, `@seed:N`, `@explore:N`, `@expect-failure`, `@model-only` and `@real-only` mean something; a misspelt one means nothing.',
  },
  'binding-unused': {
    title: 'a name that nobody says',
    explanation: '`as "name"` binds what a step made or chose; a later step speaks of it as `$name`, and none does.',
  },
  'assertion-constant': {
    title: 'an assertion that cannot fail',
    explanation:
      'It holds whatever the cluster does (`at least 0 pods`, `prints ""`, a claim asked only while it holds), so that it shows nothing; or it never can.',
  },
  'eventually-of-none': {
    title: 'none, at some moment',
    explanation:
      '`no pod … is eventually Pending` holds as soon as it is so of none, which it may be from the beginning. `no pod … is ever Pending` asks that it never is so.',
  },
  'file-not-found': {
    title: 'no such file',
    explanation: 'Files of steps and command lines are looked up beside the feature file, then in each folder given with --manifests.',
  },
  'manifest-syntax': {
    title: 'not YAML', explanation: 'The document cannot be read as YAML; nothing of it would be applied. Indentation is blanks, never tabs.',
  },
  'manifest-kind': {
    title: 'a kind that no API server serves',
    explanation:
      'The `apiVersion` and `kind` of an object name what it is; no API server of a plain cluster has this one, and no CustomResourceDefinition of the scenario adds it.',
  },
  'manifest-refused': {
    title: 'an object that the API server would refuse',
    explanation:
      'The object was decoded and validated as kube-apiserver does; it would answer an error. If that is what the scenario is about, let the next step speak of it: `the last request is rejected with 422`.',
  },
  'object-unknown': {
    title: 'an object that no step creates',
    explanation: 'The assertion speaks of an object by a name that no step, manifest or command line of the scenario mentions.',
  },
  'checklist-unknown': {
    title: 'no such item of the checklist',
    explanation: '`@checklist:ID` says that a scenario covers an item of the nearest checklist.yaml; that file has no item of this id.',
  },
  'own-step-hidden': {
    title: 'a step of your own that is never run',
    explanation: 'The sentence is one of the language too, and built-in forms go before steps of one’s own; word yours differently.',
  },
  'jsonpath-syntax': { title: 'not a JSONPath', explanation: 'The template is not in kubectl’s JSONPath dialect.' },
  'command-line': {
    title: 'not a single command',
    explanation: 'Commands are interpreted, never handed to a shell: no pipes, redirections or lists.',
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly explanation: string }>>

export type DiagnosticCode = keyof typeof codes
