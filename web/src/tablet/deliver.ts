/**
 * Sends the marks that wait: one tab at a time, one mark after the other within
 * a unit, units beside each other. Whatever is not a plain answer of our server
 * (no network, time out, 5xx, somebody's log-in page) is an unknown outcome, and
 * the same mark goes out again under the same ID.
 *
 * The disk is what takes time, not the network: each strict transaction waits
 * for it. So marks are noted as tried a run at a time, and receipts that come
 * while the disk is busy are written together.
 */
import { type Answer, type Kept, type Present, queues } from './outbox.ts'

/** What the deliverer needs of the journal. */
export interface Journal {
  waiting: () => Promise<Kept[]>
  /** Notes that these may go out now, all at once, and answers with those that still wait. */
  trying: (ids: readonly string[]) => Promise<Kept[]>
  /** Writes down what the server said, all at once and in this order. */
  answered: (heard: readonly Heard[]) => Promise<void>
}

/** The server's answer to a mark. */
export interface Heard {
  id: string
  unit: number
  answer: Answer
}

/** What it needs of the world; tests give their own. */
export interface World {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  random: () => number
  /** A clock in ms that only runs forward. */
  now: () => number
  sleep: (ms: number) => Promise<void>
}

/** up: the server answers · down: it does not · out: it does not know us, somebody has to sign in. */
export type Line = 'up' | 'down' | 'out'

/** Units that are sent beside each other. */
const beside = 4
/** Marks that are noted as tried at once: after a crash that many may have to be taken back by a command instead of being dropped. */
const longestRun = 8
/** Waiting times after an unknown outcome, in ms: a hall of tablets costs the server little, and a judge waits for it. */
const shortest = 500
const longest = 8_000
/** How long an answer may take, in ms. */
const patience = 12_000

/** Something that may be tried again at a time of the world's clock. */
interface Gate {
  failures: number
  at: number
}

/** Anything up to a ceiling that doubles, so that the tablets of a hall do not return at once. */
export const wait = (failures: number, random: () => number): number =>
  shortest + Math.floor(random() * (Math.min(longest, shortest * 2 ** failures) - shortest))

/**
 * The marks of a queue that may be noted together: each of another cell, so that
 * none of them is built upon another whose fate nobody knows yet. While a gate
 * is closing or nothing comes back it is one alone: what never went out can
 * still be taken back without a trace.
 */
export function run(queue: readonly Kept[], most: number): Kept[] {
  const cells = new Set<string>()
  const marks: Kept[] = []
  for (const k of queue) {
    const cell = `${k.command.start}/${k.command.cell}`
    if (marks.length === most || cells.has(cell)) break
    cells.add(cell)
    marks.push(k)
  }
  return marks
}

/** Writes receipts down: whatever has come while the disk was busy goes in one transaction. */
class Receipts {
  #write: (heard: readonly Heard[]) => Promise<void>
  #heard: Heard[] = []
  #writing: Promise<void> | undefined

  constructor(write: (heard: readonly Heard[]) => Promise<void>) {
    this.#write = write
  }

  /** Takes a receipt; it is on the disk when [settled] has come. */
  take(heard: Heard): void {
    this.#heard.push(heard)
    this.#writing ??= this.#all()
    this.#writing.catch(() => undefined) // whoever waits for it hears of it
  }

  async #all(): Promise<void> {
    try {
      while (this.#heard.length > 0) await this.#write(this.#heard.splice(0))
    } finally {
      this.#writing = undefined
    }
  }

  /** Waits until everything taken so far is on the disk. */
  async settled(): Promise<void> {
    await this.#writing
  }
}

export class Deliverer {
  #receipts: Receipts
  #journal: Journal
  #world: World
  #url: string
  /** Units whose mark was answered with nothing that decides: how often in a row, and when they may be tried again. */
  #gates = new Map<number, Gate>()
  /** The line itself, while nothing comes back: then one mark alone asks for all. */
  #silence: Gate | undefined
  #poked: () => void = () => undefined
  #rang = false
  /** Under whose name the server has answered this page: only their marks go out. Empty: nobody's. */
  author = ''
  /** The life of the log that receipts come from. */
  epoch = ''
  /** What is heard of the line on the way. */
  heard: (line: Line) => void = () => undefined

  constructor(journal: Journal, url: string, world: World) {
    this.#journal = journal
    this.#receipts = new Receipts(heard => journal.answered(heard))
    this.#url = url
    this.#world = world
  }

  /** There is something to send. */
  poke(): void {
    this.#rang = true
    this.#poked()
  }

  /** The line is back: nobody waits any longer. */
  hurry(): void {
    this.#gates.clear()
    this.#silence = undefined
    this.poke()
  }

  /** Delivers until stopped. One tab holds the lock and calls this. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.round()
      if (stop.aborted) return
      const bell = new Promise<void>(ring => {
        this.#poked = ring
      })
      if (!this.#rang) await Promise.race([bell, this.#world.sleep(this.#pause())])
      this.#rang = false
    }
  }

  /** Until the first gate opens, at most two seconds: other tabs save marks too. */
  #pause(): number {
    const gates = this.#silence ? [this.#silence] : [...this.#gates.values()]
    return Math.max(50, Math.min(...gates.map(g => g.at - this.#world.now()), 2_000))
  }

  /** Sends what may go out now; every unit until its first unknown outcome. */
  async round(): Promise<void> {
    if (!this.author || (this.#silence && this.#silence.at > this.#world.now())) return
    const units = [...queues(await this.#journal.waiting(), this.author).values()].filter(queue => this.#open(queue))
    const first = this.#silence && units[0]?.slice(0, 1)
    if (first) await this.#send(first) // does anybody answer?
    if (this.#silence) return
    const worker = async (): Promise<void> => {
      for (let queue = units.shift(); queue && !this.#silence; queue = units.shift()) await this.#send(queue)
    }
    await Promise.all(Array.from({ length: beside }, worker))
  }

  #open(queue: readonly Kept[]): boolean {
    const gate = this.#gates.get(queue[0]?.unit ?? 0)
    return !gate || gate.at <= this.#world.now()
  }

  #later(gate: Gate | undefined): Gate {
    const failures = (gate?.failures ?? 0) + 1
    return { failures, at: this.#world.now() + wait(failures, this.#world.random) }
  }

  /** Sends a unit's marks in their order, a run at a time; a run is over when its receipts are on the disk. */
  async #send(queue: readonly Kept[]): Promise<void> {
    for (let rest = queue; rest.length > 0; ) {
      const marks = run(rest, this.#silence || this.#gates.has(rest[0]?.unit ?? 0) ? 1 : longestRun)
      rest = rest.slice(marks.length)
      const sent = this.author !== '' && (await this.#sendRun(marks))
      await this.#receipts.settled()
      if (!sent) return
    }
  }

  /** Whether each mark of a run was answered with something that decides. */
  async #sendRun(marks: readonly Kept[]): Promise<boolean> {
    for (const kept of await this.#journal.trying(marks.map(k => k.id))) {
      const answer = await this.#post(kept)
      if (!answer) {
        if (!this.#silence) this.#gates.set(kept.unit, this.#later(this.#gates.get(kept.unit)))
        return false
      }
      this.#gates.delete(kept.unit)
      this.#receipts.take({ id: kept.id, unit: kept.unit, answer })
    }
    return true
  }

  /** Posts one mark; undefined where nobody knows what came of it. */
  async #post(kept: Kept): Promise<Answer | undefined> {
    try {
      const response = await this.#world.fetch(this.#url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(kept.command),
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      })
      const said = (await response.json()) as Said
      this.#silence = undefined
      if (said.problem === 'sign-in' || said.problem === 'signed-out' || said.problem === 'other-author') {
        this.author = ''
        this.heard('out')
        return undefined
      }
      const answer = read(response.status, said, this.epoch)
      this.heard(answer ? 'up' : 'down')
      return answer
    } catch {
      this.#silence = this.#later(this.#silence)
      this.heard('down')
      return undefined
    }
  }
}

/** What the server sends: a receipt or a refusal. */
interface Said {
  seq?: number
  outcome?: { revision?: number }
  status?: string
  problem?: string
  message?: string
  present?: Present
}

/** Reads the server's answer; undefined where it is none that decides anything. */
export function read(status: number, said: Said, epoch: string): Answer | undefined {
  if (status === 200 && typeof said.seq === 'number' && typeof said.outcome?.revision === 'number')
    return { kind: 'delivered', seq: said.seq, revision: said.outcome.revision, epoch }
  const problem = said.message ?? ''
  switch (said.status) {
    case 'stale':
      if (said.problem === 'mark-handed') return { kind: 'late', problem, ...(said.present ? { present: said.present } : {}) }
      return said.present ? { kind: 'stale', present: said.present, problem } : undefined
    case 'closed': // late only where the server says that it has kept the mark for the chief judge
      if (said.problem === 'mark-late' || said.problem === 'mark-moved')
        return { kind: 'late', problem, ...(said.present ? { present: said.present } : {}) }
      return { kind: 'refused', problem }
    case 'invalid':
    case 'not-found':
    case 'reused':
    case 'forbidden':
      return status >= 400 && status < 500 ? { kind: 'refused', problem } : undefined
  }
  return undefined
}
