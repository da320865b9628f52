import { defineConfig } from 'kscenario'

// every file of the folder is loaded; what it declares with `step`, `Given`, `When`, `Then` is part of the language
export default defineConfig({ paths: ['features'], steps: ['steps'] })
