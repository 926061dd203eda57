// Builds what browsers load: scripts and styles bundled, pictures copied, every
// file under a name with its hash, a brotli and a gzip twin beside it, and a
// manifest from which the server reads the names.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'
import { build } from 'esbuild'

const out = new URL('static/dist/', import.meta.url)
const source = name => new URL(name, import.meta.url).pathname

const built = await build({
  entryPoints: [
    'src/site.ts',
    'src/board.ts',
    'src/judge.ts',
    'src/desk.ts',
    'src/calling.ts',
    'src/tablet.ts',
    'src/sw.ts',
    'styles/site.css',
    'styles/board.css',
    'styles/judge.css',
    'styles/desk.css',
    'styles/call.css',
    'styles/tablet.css',
  ].map(source),
  bundle: true,
  minify: true,
  write: false,
  outdir: out.pathname,
  format: 'esm',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'none',
})
const files = built.outputFiles.map(f => ({ name: f.path.split('/').pop(), body: Buffer.from(f.contents) }))
for (const name of ['mark.svg', 'wordmark.svg']) files.push({ name, body: await readFile(source(`static/${name}`)) })

await mkdir(out, { recursive: true })
for (const old of await readdir(out)) if (old !== '.keep') await rm(new URL(old, out))

const manifest = {}
for (const { name, body } of files) {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10)
  const hashed = name.replace(/(\.\w+)$/, `.${hash}$1`)
  manifest[name] = hashed
  const packed = brotliCompressSync(body, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11, [zlib.BROTLI_PARAM_SIZE_HINT]: body.length } })
  await writeFile(new URL(hashed, out), body)
  await writeFile(new URL(`${hashed}.br`, out), packed)
  await writeFile(new URL(`${hashed}.gz`, out), gzipSync(body, { level: 9 }))
  console.log(`${hashed}  ${body.length} B, ${packed.length} B brotli`)
}
// last and at once: whoever finds a manifest finds everything that it names
await writeFile(new URL('manifest.new', out), `${JSON.stringify(manifest, null, 2)}\n`)
await rename(new URL('manifest.new', out), new URL('manifest.json', out))
