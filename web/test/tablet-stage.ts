/** What the tablet's browser tests stand on: the whole server (see tablet_stage_test.go), a line to it that can be cut, and a browser that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { stageBinary } from './stage.ts'

/** Debian's chromium; TONGCHANG_CHROMIUM names another one. */
const executable = process.env.TONGCHANG_CHROMIUM ?? '/usr/bin/chromium'

export interface Entry {
  seq: number
  command: string
  author: string
  payload: { unit: number; start: number; cell: string; mark?: string; irm?: string; clear?: boolean; saw: number }
}

/** The server and the line to it. */
export class Hall {
  /** The address behind the line: tests ask it directly. */
  readonly direct: string
  /** The address that the tablet knows; it stays the same whatever happens to the line. */
  url = ''
  #stage: ChildProcess
  #dir: string
  #line: Server | undefined
  #sockets = new Set<Socket>()
  #port = 0

  private constructor(direct: string, stage: ChildProcess, dir: string) {
    this.direct = direct
    this.#stage = stage
    this.#dir = dir
  }

  static async open(): Promise<Hall> {
    const dir = await mkdtemp(join(tmpdir(), 'tc-hall-'))
    const file = join(dir, 'url')
    const stage = spawn(stageBinary(), ['-test.run=^TestTabletStage$', '-test.timeout=30m'], {
      env: { ...process.env, TONGCHANG_TABLET_STAGE: file },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    let direct = ''
    for (let i = 0; i < 600 && !direct && stage.exitCode === null; i++) {
      await sleep(100)
      direct = await readFile(file, 'utf8').catch(() => '')
    }
    if (!direct) throw new Error('the stage did not open')
    const hall = new Hall(direct, stage, dir)
    await hall.heal()
    return hall
  }

  /** Nothing goes through any more, and what was on its way is lost. */
  async cut(): Promise<void> {
    const line = this.#line
    this.#line = undefined
    for (const s of this.#sockets) s.destroy()
    if (line) await new Promise<void>(done => line.close(() => done()))
  }

  async heal(): Promise<void> {
    if (this.#line) return
    const port = Number(new URL(this.direct).port)
    const line = createServer(near => {
      const far = connect(port, '127.0.0.1')
      for (const s of [near, far]) {
        this.#sockets.add(s)
        s.on('error', () => undefined)
        s.on('close', () => {
          this.#sockets.delete(s)
          near.destroy()
          far.destroy()
        })
      }
      near.pipe(far).pipe(near)
    })
    this.#line = line
    await new Promise<void>((done, fail) => line.once('error', fail).listen(this.#port, '127.0.0.1', done))
    const address = line.address()
    this.#port = typeof address === 'object' && address ? address.port : 0
    this.url = `http://127.0.0.1:${this.#port}`
  }

  /** The marks in the log. */
  async log(): Promise<Entry[]> {
    return (await (await fetch(`${this.direct}/-/log`)).json()) as Entry[]
  }

  /** What happens in a hall: see tablet_stage_test.go. */
  async happens(what: string, query: Record<string, string | number>): Promise<void> {
    const q = new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))
    const answer = await fetch(`${this.direct}/-/${what}?${q}`)
    if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`)
  }

  async close(): Promise<void> {
    await this.cut()
    const gone = new Promise<void>(done => this.#stage.once('exit', () => done()))
    this.#stage.kill('SIGTERM')
    await gone
    await rm(this.#dir, { recursive: true })
  }
}

/** A tablet: a browser with a folder that outlives it. */
export class Tablet {
  readonly dir: string
  context: BrowserContext
  #process: ChildProcess

  private constructor(dir: string, context: BrowserContext, process: ChildProcess) {
    this.dir = dir
    this.context = context
    this.#process = process
  }

  /** Opens the browser on its folder, a new one or one that a browser was killed on. */
  static async open(dir?: string): Promise<Tablet> {
    const folder = dir ?? (await mkdtemp(join(tmpdir(), 'tc-tablet-')))
    await rm(join(folder, 'DevToolsActivePort'), { force: true })
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ]
    // a group of its own, so that a kill reaches all of it and nothing else
    const browser = spawn(executable, [...flags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: 'ignore',
      detached: true,
    })
    let port = ''
    for (let i = 0; i < 300 && !port && browser.exitCode === null; i++) {
      await sleep(100)
      port = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n')[0] ?? ''
    }
    if (!port) throw new Error('the browser did not open')
    const context = (await chromium.connectOverCDP(`http://127.0.0.1:${port}`)).contexts()[0]
    if (!context) throw new Error('the browser has no context')
    context.setDefaultTimeout(30_000)
    return new Tablet(folder, context, browser)
  }

  /** kill -9, as a battery that is pulled. */
  async kill(): Promise<void> {
    const gone = new Promise<void>(done => this.#process.once('exit', () => done()))
    if (this.#process.pid) process.kill(-this.#process.pid, 'SIGKILL')
    await gone
    await sleep(300) // the children of the group
  }

  async close(): Promise<void> {
    await this.kill()
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Signs a tablet in through the stage's door of a person: 1 and 2 are judges, 3 is the chief. */
export async function signIn(page: Page, hall: Hall, door: number): Promise<void> {
  const answer = await page.request.post(`${hall.url}/doors/${door}`, { maxRedirects: 0, headers: { Origin: hall.url } })
  if (answer.status() >= 400) throw new Error(`door ${door}: ${answer.status()}`)
}

/** Opens the tablet's page and waits until the worker has kept it and the work is there. */
export async function openPage(page: Page, hall: Hall, lang = 'zh-CN'): Promise<void> {
  await page.goto(`${hall.url}/c/games/tablet?lang=${lang}`)
  await page.locator('.units .runner').first().waitFor()
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
}

/** The numbers in the banner, by the kind of chip, all of one moment: a chip goes when its marks have been delivered. */
export const banner = (page: Page): Promise<{ sent: number; saved: number; alert: number; late: number }> =>
  page.evaluate(() => {
    const of = (kind: string): number => Number(/\d+/.exec(document.querySelector(`.chips .chip.${kind}`)?.textContent ?? '')?.[0] ?? 0)
    return { sent: of('sent'), saved: of('saved'), alert: of('alert'), late: of('protested') }
  })

/** Waits until a number in the banner is what it should be. */
export async function until(page: Page, kind: 'sent' | 'saved' | 'alert' | 'late', n: number, ms = 30_000): Promise<number> {
  const from = Date.now()
  for (;;) {
    if ((await banner(page))[kind] === n) return Date.now() - from
    if (Date.now() - from > ms) throw new Error(`${kind} is ${JSON.stringify(await banner(page))}, not ${n}, after ${ms} ms`)
    await sleep(50)
  }
}
