/**
 * The line to the server: whether it answers, who it takes us for, what there is
 * to do, how far the clocks are apart. It asks every few seconds; between two
 * changes of the competition an answer is a few bytes.
 */
import type { Work } from './work.ts'

export interface Heard {
  /** The work, where it has changed. */
  work?: Work
  line: 'up' | 'down' | 'out'
  /** This device's clock against the server's, in ms; its error is half the round trip. */
  skew?: number
}

const every = 8_000
const patience = 8_000

export class WorkLine {
  #url: string
  #tag = ''
  #timer: number | undefined
  #asking = false
  heard: (heard: Heard) => void = () => undefined

  constructor(root: string) {
    this.#url = `${root}/tablet/work`
    window.addEventListener('online', () => void this.ask())
    window.addEventListener('offline', () => this.heard({ line: 'down' }))
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void this.ask())
  }

  /** Asks now, and from now on every few seconds. */
  async ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    window.clearTimeout(this.#timer)
    try {
      this.heard(await this.#fetch())
    } catch {
      this.heard({ line: 'down' })
    } finally {
      this.#asking = false
      this.#timer = window.setTimeout(() => void this.ask(), every)
    }
  }

  async #fetch(): Promise<Heard> {
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (this.#tag) headers['If-None-Match'] = this.#tag
    const sent = Date.now()
    const response = await fetch(this.#url, { headers, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(patience) })
    const middle = (sent + Date.now()) / 2
    const served = Number(response.headers.get('Tongchang-Now'))
    const skew = served ? { skew: middle - served } : {}
    if (response.status === 304) return { line: 'up', ...skew }
    if (response.status === 403) {
      this.#tag = ''
      return { line: 'out', ...skew }
    }
    if (response.status !== 200) return { line: 'down' }
    const work = (await response.json()) as Work
    if (!Array.isArray(work.units)) return { line: 'down' }
    this.#tag = response.headers.get('ETag') ?? ''
    return { line: 'up', work, ...skew }
  }
}

/** A message from the control room to this device. */
export interface Message {
  id: number
  text: string
  by: string
}

/** How this device is: battery in percent where the browser says, the clock in ms since 1970, which messages were read. */
export interface State {
  unsent: number
  battery?: number
  version: string
  clock: number
  read: number[]
}

/** Tells the control room how this device is. A server without one is not asked again. */
export class Beat {
  #url: string
  #there = true
  constructor(root: string) {
    this.#url = `${root}/tablet/beat`
  }

  /** Answers with the messages that wait to be read; undefined where nobody answered. */
  async send(state: State): Promise<Message[] | undefined> {
    if (!this.#there) return undefined
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(state),
        signal: AbortSignal.timeout(patience),
      })
      if (response.status === 404 || response.status === 405) this.#there = false
      if (!response.ok) return undefined
      return ((await response.json()) as { messages?: Message[] }).messages ?? []
    } catch {
      return undefined // the next beat says the same and more
    }
  }
}

interface Battery {
  level: number
}

/** The battery in percent; undefined where the browser does not say. */
export async function battery(): Promise<number | undefined> {
  const ask = (navigator as { getBattery?: () => Promise<Battery> }).getBattery
  if (!ask) return undefined
  try {
    return Math.round((await ask.call(navigator)).level * 100)
  } catch {
    return undefined
  }
}
