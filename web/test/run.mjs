// Bundles test files for Node, which does not read TypeScript, and runs them:
//   node test/run.mjs unit | browser | shots DIR
// Words after unit or browser choose the files whose names contain one of them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { build } from 'esbuild'

const [what = 'unit', ...rest] = process.argv.slice(2)
const here = new URL('.', import.meta.url).pathname
const out = `${here}../node_modules/.cache/tests/`
const wanted = { unit: /\.unit\.ts$/, browser: /\.browser\.ts$/, shots: /^shots\.ts$/ }[what]
if (!wanted) throw new Error(`no tests called ${what}: unit, browser or shots`)
const files = readdirSync(here).filter(
  f => wanted.test(f) && (what === 'shots' || rest.length === 0 || rest.some(word => f.includes(word))),
)
if (files.length === 0) throw new Error(`no ${what} tests found`)

mkdirSync(out, { recursive: true })
await build({
  entryPoints: files.map(f => here + f),
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  outdir: out,
  outExtension: { '.js': '.mjs' },
})
// the pages that browser tests look at are served by a test of the Go package: one binary for all files
if (what !== 'unit') {
  const stage = `${out}web.test`
  const compiled = spawnSync('go', ['test', '-c', '-o', stage, '.'], { stdio: 'inherit', cwd: `${here}..` })
  if (compiled.status !== 0) process.exit(compiled.status ?? 1)
  process.env.TONGCHANG_STAGE_BINARY = stage
}
const built = files.map(f => out + f.replace(/\.ts$/, '.mjs'))
const args = what === 'shots' ? [...built, ...rest] : ['--test', '--test-concurrency=1', '--test-reporter=spec', ...built]
process.exit(spawnSync(process.execPath, ['--enable-source-maps', ...args], { stdio: 'inherit', cwd: `${here}..` }).status ?? 1)
