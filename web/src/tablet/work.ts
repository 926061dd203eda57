/** The work of a judge, as GET /c/{competition}/tablet/work tells it, and where in it the judge stands. */
import { type Kept, newest } from './outbox.ts'

export interface Work {
  epoch: string
  /** The server's clock, in ms. */
  now: number
  /** The name under which marks are written. */
  judge: string
  role: string
  seat: string
  /** Which build of the page the server has. */
  version: string
  units: Unit[]
}

export interface Unit {
  id: number
  title: string
  when: string
  venue: string
  status: string
  status_text: string
  /** Official or cancelled: what is written now goes to the chief judge. */
  closed: boolean
  kind: string
  /** line: everything of one line, then the next line · work: the same, aspect by aspect · group: one attempt of every line, then the next attempt. */
  order: 'line' | 'work' | 'group'
  measure: string
  rows: Row[]
  cells: Cell[]
}

/** A line, or a meeting of two of them. */
export interface Row {
  key: string
  start: number
  lane: string
  name: string
  about: string
  has: string
  /** Why the line does not take part (any more), in words. */
  out: string
  /** Of a meeting: who is on either side. */
  sides?: [string, string]
  /** The row's own cells, of a match; otherwise those of the unit. */
  cells?: Cell[]
  stand: Record<string, Standing>
}

export type Input = 'mark' | 'choice' | 'count' | 'score' | 'wind' | 'reason' | 'text'

export interface Cell {
  name: string
  label: string
  group: string
  input: Input
  choices?: Option[]
  reasons?: Option[]
  measure: string
  min: number
  max: number
  step: number
  blind?: boolean
  running?: boolean
  optional?: boolean
}

/** value is what is sent, code what stands small beside the words. */
export interface Option {
  value: string
  label: string
  detail?: string
}

/** What stands in a cell on the server. */
export interface Standing {
  text: string
  revision: number
  by: string
  /** Given by another judge, to be seen when all have given. */
  hidden?: boolean
}

/** Stands for what may not be seen yet. */
export const hidden = '●'

export const cellsOf = (unit: Unit, row: Row): Cell[] => row.cells ?? unit.cells

/** A place in a unit: one cell of one row. */
export interface Place {
  row: Row
  cell: Cell
}

/** What stands in a cell as this device knows it: one's own newest mark before the server's picture. */
export interface Shown {
  text: string
  revision: number
  mine?: Kept
}

/** The journal by cell, made once for each change. */
export class Picture {
  #cells = new Map<string, Kept[]>()
  readonly journal: readonly Kept[]

  constructor(journal: readonly Kept[]) {
    this.journal = journal
    for (const k of journal) {
      const key = `${k.unit}/${k.command.start}/${k.command.cell}`
      const list = this.#cells.get(key)
      if (list) list.push(k)
      else this.#cells.set(key, [k])
    }
  }

  /** Only what one judge has written here is theirs to see. */
  shown(unit: Unit, row: Row, cell: string): Shown {
    const told = row.stand[cell]
    const revision = told?.revision ?? 0
    const mine = newest(this.#cells.get(`${unit.id}/${row.start}/${cell}`) ?? [], unit.id, row.start, cell, revision)
    if (!mine) return { text: told?.hidden ? hidden : (told?.text ?? ''), revision }
    return { text: mine.command.clear ? '' : mine.text, revision, mine }
  }
}

const lanes = new Set(['O', '-', 'P'])

/** Whether a cell is still to be written: empty, of somebody who takes part, and not made needless by the others of its group. */
export function open(unit: Unit, row: Row, cell: Cell, text: (cell: string) => string): boolean {
  if (row.out || cell.optional || text(cell.name) !== '') return false
  const cells = cellsOf(unit, row)
  if (cells.some(c => c.input === 'reason' && text(c.name) !== '')) return false
  if (unit.kind !== 'vertical') return true
  // a height is over once it is cleared or passed, and so is everything after three failures in a row
  const before = cells.slice(0, cells.indexOf(cell)).filter(c => c.input === 'choice')
  if (before.some(c => c.group === cell.group && (lanes.has(text(c.name)) || text(c.name) === 'r'))) return false
  const tries = before.map(c => text(c.name)).filter(t => t !== '' && t !== '-')
  return !tries.includes('r') && !/X{3}$/.test(tries.join(''))
}

/** Every place of a unit, in the order in which a hall fills them. */
export function places(unit: Unit): Place[] {
  const byLine = unit.rows.flatMap(row => cellsOf(unit, row).map(cell => ({ row, cell })))
  if (unit.order !== 'group') return byLine
  // a bar lies until everybody has had the first try at it, then the second: there each try is a round of its own
  const round = (p: Place): string => (unit.kind === 'vertical' ? p.cell.name : p.cell.group)
  const rounds = [...new Set(byLine.map(round))]
  return rounds.flatMap(name => byLine.filter(p => round(p) === name))
}

export const samePlace = (a: Place | undefined, b: Place | undefined): boolean => a?.row.key === b?.row.key && a?.cell.name === b?.cell.name

/** The next place after one that is still to be written, round from the start; undefined when there is none. */
export function nextOpen(unit: Unit, after: Place | undefined, picture: Picture): Place | undefined {
  const all = places(unit)
  const at = all.findIndex(p => samePlace(p, after))
  const isOpen = (p: Place): boolean => open(unit, p.row, p.cell, name => picture.shown(unit, p.row, name).text)
  return [...all.slice(at + 1), ...all.slice(0, Math.max(0, at))].find(isOpen)
}

/** How far a unit is: places written, places there are. */
export function progress(unit: Unit, picture: Picture): { done: number; all: number } {
  const counted = places(unit).filter(p => !p.row.out && !p.cell.optional && p.cell.input !== 'reason')
  const left = counted.filter(p => open(unit, p.row, p.cell, name => picture.shown(unit, p.row, name).text)).length
  return { done: counted.length - left, all: counted.length }
}
