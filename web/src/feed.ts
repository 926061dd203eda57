/**
 * One connection to the server for everything that is live on a page.
 *
 * Frames carry the whole present state of a topic, so any number may be lost:
 * after a break the client names what it has and gets what is newer. Where the
 * socket is blocked, the same states are asked for by HTTP. The protocol is
 * described in docs/feed.md.
 */

/** The whole present state of one topic. */
export interface Frame<T> {
  topic: string
  epoch: string
  seq: number
  data: T
}

/** How fresh the page is: see freshness() for the words. */
export type Line = 'connecting' | 'live' | 'offline'

interface Message {
  type: 'hello' | 'frame' | 'gone' | 'alive'
  topic?: string
  epoch: string
  seq: number
  keep_alive?: number
  current?: boolean
  data?: unknown
}

interface Watched {
  epoch: string
  seq: number
  tag?: string
  show: (frame: Frame<unknown>) => void
}

/** What a feed needs of the world; tests give their own. */
export interface World {
  socket: (url: string) => WebSocket
  fetch: (url: string, init: RequestInit) => Promise<Response>
  random: () => number
  later: (run: () => void, ms: number) => number
  cancel: (timer: number) => void
}

const browser: World = {
  socket: url => new WebSocket(url),
  fetch: (url, init) => fetch(url, init),
  random: Math.random,
  later: (run, ms) => window.setTimeout(run, ms),
  cancel: timer => window.clearTimeout(timer),
}

const shortest = 500
const longest = 30_000
const pollEvery = 5_000
/** How much longer than the promised sign of life a line may be silent. */
const grace = 5_000
/** Sockets that failed in a row before the page asks by HTTP instead. */
const patience = 3
/** Codes after which the server does not want to see this client again. */
const farewell = new Set([1002, 1003, 1007, 1008, 1009, 4400, 4401, 4404])

/** Waiting time before attempt n (from 0): anything up to a ceiling that doubles, so that a hall of boards does not return at once. */
export const backoff = (attempt: number, random: () => number): number =>
  shortest + Math.floor(random() * (Math.min(longest, shortest * 2 ** (attempt + 1)) - shortest))

export class Feed {
  #root: string
  #epoch: string
  #world: World
  #watched = new Map<string, Set<Watched>>()
  #socket: WebSocket | undefined
  #attempt = 0
  #silence = 20_000
  #retry: number | undefined
  #dead: number | undefined
  #polling: number | undefined
  #line: Line = 'connecting'
  #listeners = new Set<(line: Line) => void>()

  /** root is the edition's address, /c/hlj9; epoch is that of the states in the page. */
  constructor(root: string, epoch: string, world: World = browser) {
    this.#root = root
    this.#epoch = epoch
    this.#world = world
  }

  get line(): Line {
    return this.#line
  }

  /** Calls back now and at each change of the line. */
  onLine(listener: (line: Line) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#line)
    return () => this.#listeners.delete(listener)
  }

  /** Shows a topic's frames from now on; seq is what the page has already. */
  watch<T>(topic: string, seq: number, show: (frame: Frame<T>) => void): () => void {
    const watched: Watched = { epoch: this.#epoch, seq, show: show as (frame: Frame<unknown>) => void }
    const all = this.#watched.get(topic) ?? new Set()
    all.add(watched)
    this.#watched.set(topic, all)
    if (this.#socket?.readyState === 1) this.#ask('watch', [topic])
    else if (!this.#socket && this.#retry === undefined) this.#connect()
    return () => {
      all.delete(watched)
      if (all.size > 0) return
      this.#watched.delete(topic)
      if (this.#socket?.readyState === 1) this.#ask('unwatch', [topic])
    }
  }

  /** Tries at once, for when the device says that it is online again. */
  hurry(): void {
    if (this.#socket || this.#watched.size === 0) return
    this.#world.cancel(this.#retry ?? 0)
    this.#connect()
  }

  #connect(): void {
    this.#retry = undefined
    const url = new URL(`${this.#root}/live`, location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = this.#world.socket(url.href)
    this.#socket = socket
    this.#listenFor()
    socket.onmessage = e => this.#hear(JSON.parse(e.data as string) as Message)
    socket.onclose = e => this.#closed(socket, e.code, Number(e.reason))
  }

  /** wait is what the server asked for, in ms; not a number or 0 where it did not. */
  #closed(socket: WebSocket, code: number, wait: number): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    this.#world.cancel(this.#dead ?? 0)
    if (this.#polling === undefined) this.#say('offline')
    if (farewell.has(code)) return
    this.#attempt++
    if (this.#attempt >= patience) this.#poll()
    this.#retry = this.#world.later(() => this.#connect(), Math.min(wait || backoff(this.#attempt, this.#world.random), longest))
  }

  /** A line on which nothing is heard for too long is dead, whatever the socket says. */
  #listenFor(): void {
    this.#world.cancel(this.#dead ?? 0)
    const socket = this.#socket
    this.#dead = this.#world.later(() => {
      if (!socket || this.#socket !== socket) return
      this.#closed(socket, 1006, 0)
      socket.close()
    }, this.#silence)
  }

  #hear(m: Message): void {
    if (m.keep_alive) this.#silence = m.keep_alive + grace
    this.#listenFor()
    if (m.type === 'hello') {
      this.#attempt = 0
      this.#stopPolling()
      this.#forget(m)
      this.#ask('watch', [...this.#watched.keys()])
    }
    if (m.type === 'frame' && m.topic) this.#take(m.topic, m)
    // a server that cannot read its own log says so: the line is up, but what is shown may be old
    this.#say(m.type === 'alive' && m.current === false ? 'offline' : 'live')
  }

  /** Positions of another log, or from after a log that was put back, are worth nothing. */
  #forget(hello: Message): void {
    const all = [...this.#watched.values()].flatMap(set => [...set])
    if (!all.some(w => w.epoch !== hello.epoch || w.seq > hello.seq)) return
    for (const w of all) w.epoch = ''
  }

  #take(topic: string, m: Pick<Message, 'epoch' | 'seq' | 'data'>): void {
    for (const w of this.#watched.get(topic) ?? []) {
      if (w.epoch === m.epoch && w.seq >= m.seq) continue
      w.epoch = m.epoch
      w.seq = m.seq
      w.show({ topic, epoch: m.epoch, seq: m.seq, data: m.data })
    }
  }

  #ask(type: 'watch' | 'unwatch', topics: string[]): void {
    if (topics.length === 0) return
    const list = topics.map(topic => {
      const oldest = [...(this.#watched.get(topic) ?? [])].sort((a, b) => a.seq - b.seq)[0]
      return oldest?.epoch ? { topic, epoch: oldest.epoch, seq: oldest.seq } : { topic }
    })
    this.#socket?.send(JSON.stringify({ type, topics: list }))
  }

  #poll(): void {
    if (this.#polling !== undefined) return
    const round = async () => {
      const answers = await Promise.allSettled([...this.#watched.keys()].map(topic => this.#fetch(topic)))
      if (this.#polling === undefined) return
      this.#say(answers.every(a => a.status === 'fulfilled') ? 'live' : 'offline')
      this.#polling = this.#world.later(() => void round(), pollEvery + Math.floor(this.#world.random() * 1_000))
    }
    this.#polling = this.#world.later(() => void round(), 0)
  }

  #stopPolling(): void {
    if (this.#polling !== undefined) this.#world.cancel(this.#polling)
    this.#polling = undefined
  }

  async #fetch(topic: string): Promise<void> {
    const first = [...(this.#watched.get(topic) ?? [])][0]
    if (!first) return
    const headers: Record<string, string> = { 'If-None-Match': first.tag ?? `"${first.epoch}-${first.seq}"` }
    const path = topic.split('/').map(encodeURIComponent).join('/')
    const answer = await this.#world.fetch(`${this.#root}/state/${path}`, { headers, signal: AbortSignal.timeout(pollEvery * 2) })
    if (answer.status === 304 || answer.status === 404) return
    if (!answer.ok) throw new Error(`state of ${topic}: ${answer.status}`)
    const tag = answer.headers.get('ETag')
    if (tag) first.tag = tag
    this.#take(topic, (await answer.json()) as Message)
  }

  #say(line: Line): void {
    if (this.#line === line) return
    this.#line = line
    for (const listener of this.#listeners) listener(line)
  }
}

let shared: Feed | undefined

/** The page's feed. <live-status> opens it; whoever comes first gets it from the same attributes. */
export function feed(): Feed {
  if (!shared) {
    const status = document.querySelector<HTMLElement>('live-status')
    shared = new Feed(status?.dataset.root ?? '', status?.dataset.epoch ?? '')
    window.addEventListener('online', () => shared?.hurry())
  }
  return shared
}
