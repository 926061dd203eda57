/** The order in which a hall fills a unit's cells. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cell, nextOpen, Picture, type Place, places, type Row, type Unit } from '../src/tablet/work.ts'

const cell = (name: string, group: string): Cell => ({ name, label: name, group, input: 'choice', measure: 'mm', min: 0, max: 0, step: 0 })

/** Two jumpers with what stands for them, by cell. */
function unit(kind: string, cells: Cell[], stands: [Record<string, string>, Record<string, string>]): Unit {
  const rows = stands.map((texts, i): Row => {
    const stand = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { text, revision: 1, by: '' }]))
    return { key: `${i + 1}`, start: i + 1, lane: '', name: `${i + 1}`, about: '', has: '', out: '', stand }
  })
  const rest = { id: 1, title: '', when: '', venue: '', status: '', status_text: '', closed: false, measure: 'mm' }
  return { ...rest, kind, order: 'group', rows, cells }
}

const said = (p: Place | undefined): string => (p ? `${p.row.key} ${p.cell.name}` : '')
const heights = ['1.60', '1.65'].flatMap(h => [1, 2, 3].map(n => cell(`${h}-${n}`, h)))

test('at a bar everybody has the first try before anybody has the second', () => {
  const next = (a: Record<string, string>, b: Record<string, string>): string =>
    said(nextOpen(unit('vertical', heights, [a, b]), undefined, new Picture([])))
  assert.equal(next({}, {}), '1 1.60-1')
  assert.equal(next({ '1.60-1': 'X' }, {}), '2 1.60-1')
  assert.equal(next({ '1.60-1': 'X' }, { '1.60-1': 'X' }), '1 1.60-2')
  assert.equal(next({ '1.60-1': 'X', '1.60-2': 'O' }, { '1.60-1': 'X' }), '2 1.60-2')
  assert.equal(next({ '1.60-1': '-' }, { '1.60-1': 'O' }), '1 1.65-1')
  assert.equal(next({ '1.60-1': 'r' }, { '1.60-1': 'O' }), '2 1.65-1')
})

test('a throw and its wind are written together, before the next thrower', () => {
  const cells = [cell('attempt-1', 'attempt-1'), cell('attempt-1/wind', 'attempt-1'), cell('attempt-2', 'attempt-2')]
  assert.deepEqual(places(unit('series', cells, [{}, {}])).map(said), [
    '1 attempt-1',
    '1 attempt-1/wind',
    '2 attempt-1',
    '2 attempt-1/wind',
    '1 attempt-2',
    '2 attempt-2',
  ])
})
