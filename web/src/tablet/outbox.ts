/**
 * What becomes of marks between a judge's finger and the server's receipt, as
 * functions of their arguments: no clock, no network, no database. The store
 * runs them inside one transaction; the deliverer asks them what comes next.
 *
 * A mark is kept under the ID that it will always be sent with, so that sending
 * it again can never count it twice. Nothing is ever deleted here: what is taken
 * back, replaced or refused stays in the journal with that state.
 */

/** waiting: saved here, not answered · delivered: in the log · stale: somebody was faster, the judge has to choose ·
 *  late: the result was official, it lies with the chief judge · refused: the server said why not · withdrawn: taken back before it
 *  was ever sent · replaced: a later mark of one's own stands for it · settled: the judge has chosen, or has seen it. */
export type State = 'waiting' | 'delivered' | 'stale' | 'late' | 'refused' | 'withdrawn' | 'replaced' | 'settled'

/** The body of POST /c/{competition}/marks. Its fields keep this order, so that each sending has the same bytes. */
export interface Command {
  command: string
  author: string
  reason: string
  unit: number
  start: number
  cell: string
  mark: string
  irm: string
  rule: string
  clear: boolean
  saw: number
  /** If somebody was faster, it is for the chief judge to decide. */
  hand?: true
}

/** What stands in a cell on the server, beside a refusal. */
export interface Present {
  text: string
  revision: number
  by: string
}

/** A mark in the journal. */
export interface Kept {
  /** The order on this device, given by the store. */
  n?: number
  id: string
  unit: number
  state: State
  command: Command
  /** As it is shown: 28.91, 未出发. */
  text: string
  /** Whom and what it is about, in one line: 第 3 道 孟庆荷 · 第 2 投. */
  about: string
  /** This device's clock in ms: for information only, nothing is decided by it. */
  at: number
  /** How often it may have gone out. 0: certainly never. */
  tried: number
  /** The life of the log that gave the receipt. */
  epoch?: string
  seq?: number
  revision?: number
  present?: Present
  /** The server's sentence about a refusal. */
  problem?: string
}

/** What the server said to one mark. */
export type Answer =
  | { kind: 'delivered'; seq: number; revision: number; epoch: string }
  | { kind: 'stale'; present: Present; problem: string }
  | { kind: 'late'; present?: Present; problem: string }
  | { kind: 'refused'; problem: string }

const sameCell = (a: Command, b: Command): boolean => a.unit === b.unit && a.start === b.start && a.cell === b.cell

/** The journal's marks of one cell that say something about what stands there, in order. */
const standing = (journal: readonly Kept[], cell: Command): Kept[] =>
  journal.filter(k => sameCell(k.command, cell) && (k.state === 'waiting' || k.state === 'delivered'))

/**
 * The revision that a new mark for a cell writes over: that of the last mark of
 * one's own if it is newer than what the server has told, for each accepted mark
 * raises it by one.
 */
export function saw(journal: readonly Kept[], cell: Command, told: number): number {
  let revision = told
  for (const k of standing(journal, cell)) revision = Math.max(revision, k.state === 'waiting' ? k.command.saw + 1 : (k.revision ?? 0))
  return revision
}

/** The newest mark of one's own for a cell that the server's picture of it does not contain yet. */
export function newest(journal: readonly Kept[], unit: number, start: number, cell: string, told: number): Kept | undefined {
  return journal
    .filter(k => k.unit === unit && k.command.start === start && k.command.cell === cell)
    .filter(k => k.state === 'waiting' || k.state === 'stale' || k.state === 'late' || k.state === 'refused' || (k.revision ?? 0) > told)
    .filter(k => k.state !== 'withdrawn' && k.state !== 'replaced' && k.state !== 'settled')
    .at(-1)
}

/**
 * What an answer changes in the journal of its unit. A mark that was not taken
 * carries along those that were built upon it: they have never gone out, because
 * a unit's marks go one after the other.
 */
export function answered(journal: readonly Kept[], id: string, answer: Answer): Kept[] {
  const kept = journal.find(k => k.id === id)
  if (kept?.state !== 'waiting') return [] // another tab has had the same answer
  const after = journal.filter(k => k.state === 'waiting' && k.tried === 0 && k !== kept && sameCell(k.command, kept.command))
  switch (answer.kind) {
    case 'delivered':
      return [{ ...kept, state: 'delivered', seq: answer.seq, revision: answer.revision, epoch: answer.epoch }]
    case 'refused':
      return [{ ...kept, state: 'refused', problem: answer.problem }, ...rebased(after, kept.command.saw)]
    case 'stale': {
      const last = after.at(-1) ?? kept
      return [kept, ...after].map(k =>
        k === last ? { ...k, state: 'stale', present: answer.present, problem: answer.problem } : { ...k, state: 'replaced' },
      )
    }
    case 'late':
      return [{ ...kept, state: 'late', problem: answer.problem, ...(answer.present ? { present: answer.present } : {}) }]
  }
}

/** Marks that have never gone out, put upon another revision in their order. */
const rebased = (marks: readonly Kept[], revision: number): Kept[] =>
  marks.map((k, i) => ({ ...k, command: { ...k.command, saw: revision + i } }))

/** Takes a mark back that has certainly never gone out; undefined where it may have, and a command has to take it back. */
export function withdrawn(journal: readonly Kept[], id: string): Kept[] | undefined {
  const kept = journal.find(k => k.id === id)
  if (kept?.state !== 'waiting' || kept.tried > 0) return undefined
  const after = journal.filter(k => (k.n ?? 0) > (kept.n ?? 0) && k.state === 'waiting' && sameCell(k.command, kept.command))
  return [{ ...kept, state: 'withdrawn' }, ...rebased(after, kept.command.saw)]
}

/** One's own mark after all, over what somebody else wrote: a new command with a reason stands for the old one. */
export function insisted(kept: Kept, id: string, reason: string): [Kept, Omit<Kept, 'n'>] | undefined {
  if (kept.state !== 'stale' || !kept.present) return undefined
  const { n: _n, present, problem: _p, ...rest } = kept
  const command: Command = { ...kept.command, command: id, reason, saw: present.revision }
  return [
    { ...kept, state: 'replaced' },
    { ...rest, id, command, state: 'waiting', tried: 0 },
  ]
}

/** The same mark, left to the chief judge: it was never counted, so its ID is free for it. */
export const handed = (kept: Kept): Kept[] =>
  kept.state === 'stale' ? [{ ...kept, state: 'waiting', command: { ...kept.command, hand: true } }] : []

/** The marks that may go out now: of each unit those of this author, in order. Nobody's marks go out under another name. */
export function queues(waiting: readonly Kept[], author: string): Map<number, Kept[]> {
  const units = new Map<number, Kept[]>()
  for (const k of waiting) {
    if (k.state !== 'waiting' || k.command.author !== author) continue
    const queue = units.get(k.unit) ?? []
    queue.push(k)
    units.set(k.unit, queue)
  }
  return units
}

/**
 * Receipts of a log that was put back to an earlier state are worth nothing: the
 * same marks go out again under the same IDs. Those that the log still has count
 * once, the others are entered again.
 */
export const unsure = (journal: readonly Kept[], epoch: string): Kept[] =>
  journal.filter(k => k.state === 'delivered' && k.epoch !== epoch).map(k => ({ ...k, state: 'waiting', tried: Math.max(1, k.tried) }))

/** What stands in the banner. */
export interface Counts {
  waiting: number
  /** Of those waiting, how many are of somebody who is not signed in now. */
  held: number
  heldBy: string[]
  delivered: number
  attention: number
  late: number
}

export function counts(journal: readonly Kept[], author: string): Counts {
  const of = (state: State): Kept[] => journal.filter(k => k.state === state)
  const held = of('waiting').filter(k => k.command.author !== author)
  return {
    waiting: of('waiting').length,
    held: held.length,
    heldBy: [...new Set(held.map(k => k.command.author))],
    delivered: of('delivered').filter(k => k.command.author === author).length,
    attention: of('stale').length + of('refused').length,
    late: of('late').length,
  }
}
