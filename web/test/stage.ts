/** What the browser tests stand on: the stage (see stage_test.go) and Debian's chromium. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where the browser is; TONGCHANG_CHROMIUM names another one. */
const executablePath = process.env.TONGCHANG_CHROMIUM ?? '/usr/bin/chromium'

export interface Stage {
  url: string
  close: () => Promise<void>
}

/** Starts the stage and waits until it says its address, at most two minutes (it may have to be compiled). */
export async function openStage(): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'tc-stage-'))
  const file = join(dir, 'url')
  const binary = join(dir, 'web.test')
  await run('go', ['test', '-c', '-o', binary, '.'])
  const stage = spawn(binary, ['-test.run=^TestStage$', '-test.timeout=30m'], {
    env: { ...process.env, TONGCHANG_STAGE: file },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise<void>(done => stage.once('exit', () => done()))
  let url = ''
  for (let i = 0; i < 600 && !url && stage.exitCode === null; i++) {
    await sleep(100)
    url = await readFile(file, 'utf8').catch(() => '')
  }
  if (!url) throw new Error('the stage did not open')
  return {
    url,
    close: async () => {
      stage.kill('SIGTERM')
      await ended
      await rm(dir, { recursive: true })
    },
  }
}

const run = (program: string, args: string[]): Promise<void> =>
  new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.once('error', fail)
    child.once('exit', code => (code === 0 ? done() : fail(new Error(`${program} ${args[0]}: exit ${code}`))))
  })

/** A browser with a folder of its own, thrown away afterwards. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'tc-browser-'))
  const context = await chromium.launchPersistentContext(dir, { executablePath, args: flags, timeout: 30_000, ...options })
  context.setDefaultTimeout(10_000)
  return {
    context,
    close: async () => {
      await context.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** What went wrong in a page's console: scripts that failed, and everything that the content security policy refused. */
export function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('pageerror', e => heard.push(String(e)))
  page.on('console', m => {
    if (m.type() === 'error' && !/WebSocket connection|Failed to load resource/.test(m.text())) heard.push(m.text())
  })
  return heard
}

/** Lets the heat on the stage have its first n marks. */
export async function step(stage: Stage, n: number): Promise<void> {
  const answer = await fetch(`${stage.url}/-/step?n=${n}`, { method: 'POST' })
  if (!answer.ok) throw new Error(`step ${n}: ${answer.status}`)
}

/** Every page of the stage, by the kind of screen it is for. */
export const pages = {
  public: [
    '/',
    '/empty',
    '/c/hlj9',
    '/c/hlj9/schedule',
    '/c/hlj9/events/3',
    '/c/hlj9/units/12',
    '/c/hlj9/units/10',
    '/c/hlj9/units/13',
    '/c/hlj9/medals',
    '/c/hlj9/delegations/HRB',
    '/c/hlj9/error/403',
    '/c/hlj9/error/404',
    '/c/hlj9/error/409',
    '/c/hlj9/error/422',
    '/c/hlj9/error/500',
    '/c/hlj9/error/503',
  ],
  judge: ['/c/hlj9/judge/units/12', '/c/hlj9/judge/units/12/wrong', '/c/hlj9/judge/units/12/conflict'],
  board: ['/c/hlj9/board/units/12', '/c/hlj9/board/medals'],
} as const
