/** What the browser tests stand on: the stage (see stage_test.go) and Debian's chromium. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type axe from 'axe-core'
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

/** The Go test that serves the pages, compiled once by run.mjs. */
export function stageBinary(): string {
  const binary = process.env.TONGCHANG_STAGE_BINARY
  if (!binary) throw new Error('run the browser tests by node test/run.mjs browser')
  return binary
}

/** Starts a stage, a Go test that serves until it is told to end, and waits until it says its address in the file that the variable names. */
export async function openStage(test = 'TestStage', variable = 'TONGCHANG_STAGE'): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'tc-stage-'))
  const file = join(dir, 'url')
  const stage = spawn(stageBinary(), [`-test.run=^${test}$`, '-test.timeout=30m'], {
    env: { ...process.env, [variable]: file },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise<void>(done => stage.once('exit', () => done()))
  let url = ''
  for (let i = 0; i < 1200 && !url && stage.exitCode === null; i++) {
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

/** The games that lives, played by the binary that people get, with a mark a minute so that a test can look. */
export async function openDemo(deskKey: string): Promise<Stage> {
  const binary = process.env.TONGCHANG_BINARY ?? new URL('../../../../bin/tongchang', import.meta.url).pathname
  const demo = spawn(binary, ['demo', '--lang', 'en', '--beat', '1m', '--seed', '1', '--listen', '127.0.0.1:0', '--desk-key', deskKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>(done => demo.once('exit', () => done()))
  let said = ''
  demo.stdout.setEncoding('utf8').on('data', text => {
    said += text
  })
  const close = async (): Promise<void> => {
    demo.kill('SIGTERM')
    await ended
  }
  for (let i = 0; i < 600 && demo.exitCode === null; i++) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
    if (url && said.includes('Ctrl+C')) return { url, close }
    await sleep(100)
  }
  await close()
  throw new Error(`the demo did not open: ${said}`)
}

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

/** WCAG 2.2 A and AA, best practice, and the AAA rules that are not in the default run: contrast above all. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'wcag2aaa', 'best-practice']

let source = ''

/** The rules that colours and sizes can break; the others read what no theme changes. */
const looks = ['color-contrast-enhanced', 'link-in-text-block', 'target-size']

/** What a page breaks of the accessibility rules. */
export const violations = (page: Page): Promise<string[]> => audit(page, { type: 'tag', values: tags })

/** What a page's theme breaks of them, for a page whose other rules have been looked at in another theme. */
export const themeViolations = (page: Page): Promise<string[]> => audit(page, { type: 'rule', values: looks })

const armed = new WeakSet<Page>()

async function audit(page: Page, runOnly: axe.RunOnly): Promise<string[]> {
  source ||= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  if (!armed.has(page)) {
    // sent once for all pages to come: sending it again for each takes longer than its work
    armed.add(page)
    await page.addInitScript({ content: source })
  }
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${source};0`)
  const found = (await page.evaluate(async runOnly => {
    const result = await (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly,
      resultTypes: ['violations'],
      preload: false, // for styles and films of other origins, which the content security policy forbids
      rules: { 'color-contrast': { enabled: false } }, // the enhanced rule asks for more of the same
    })
    return result.violations.map(v => ({
      id: v.id,
      nodes: v.nodes.slice(0, 3).map(n => `${n.html.slice(0, 120)} ${n.failureSummary ?? ''}`),
    }))
  }, runOnly)) as { id: string; nodes: string[] }[]
  return found.map(v => `${v.id}: ${v.nodes.join(' | ')}`)
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
  board: [
    '/c/hlj9/board/units/12',
    '/c/hlj9/board/medals',
    '/c/hlj9/board/lights/31',
    '/c/hlj9/board/lights/32',
    '/c/hlj9/board/lights/33',
  ],
  desk: [
    '/c/hlj9/sign-in',
    '/c/hlj9/sign-in/wrong',
    '/c/hlj9/sign-in/second',
    '/c/hlj9/sign-in/second/wrong',
    '/c/hlj9/welcome/SAMPLE',
    '/c/hlj9/welcome/SAMPLE/wrong',
    '/c/hlj9/account',
    '/c/hlj9/account/wrong',
    '/c/hlj9/account/second',
    '/c/hlj9/account/second/again',
    '/c/hlj9/account/recovery',
    '/c/hlj9/desk/accounts',
    '/c/hlj9/desk/accounts/wrong',
    '/c/hlj9/desk/accounts/delegations',
    '/c/hlj9/desk/accounts/delegations/again',
    '/c/hlj9/team/2',
    '/c/hlj9/team/3',
    '/c/hlj9/team/2/uploads/u1',
    '/c/hlj9/team/2/uploads/u2',
    '/c/hlj9/team/2/uploads/u3',
    '/c/hlj9/team/2/uploads/u4',
    '/c/hlj9/desk/registrations/check',
    '/c/hlj9/desk/registrations/moves',
    '/c/hlj9/team/2/people/41',
    '/c/hlj9/team/2/people/42',
    '/c/hlj9/team/2/people/new',
    '/c/hlj9/desk/registrations',
    '/c/hlj9/desk/lists',
    '/c/hlj9/desk/cards',
    '/c/hlj9/desk/cards/a6',
    '/c/hlj9/cards/2043',
    '/c/hlj9/cards/2044',
  ],
} as const
