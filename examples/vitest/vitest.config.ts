import { kscenario } from 'kscenario/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({ plugins: [kscenario()] })
