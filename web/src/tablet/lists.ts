/** The lists beside and before the pad: the units of the day, the lines of a unit, the aspects of a work. */
import { chip, h, icon, named } from './dom.ts'
import type { Kept } from './outbox.ts'
import { join, say } from './words.ts'
import { type Cell, cellsOf, hidden, type Picture, type Place, places, progress, type Row, samePlace, type Unit } from './work.ts'

/** Shape and word of where a mark is. */
export function delivery(mine: Kept | undefined, stands: boolean): HTMLElement | undefined {
  const [shape, word] = whereIs(mine, stands)
  return shape ? chip(shape, word) : undefined
}

/** What a cell's text is called: a choice or reason by its words. */
export function saidIn(unit: Unit, row: Row, name: string, text: string): string {
  if (text === hidden) return say('tablet.given')
  const cell = cellsOf(unit, row).find(c => c.name === name)
  return [...(cell?.choices ?? []), ...(cell?.reasons ?? [])].find(o => o.value === text)?.label ?? text
}

/** The units of the day, those still open first. */
export function unitList(units: readonly Unit[], picture: Picture, open: (unit: Unit) => void): HTMLElement {
  if (units.length === 0) return h('p', { class: 'empty' }, say('tablet.no-units'))
  const sorted = [...units].sort((a, b) => Number(a.closed) - Number(b.closed))
  return h(
    'ol',
    { class: 'runners units', role: 'list' },
    ...sorted.map(unit => {
      const { done, all } = progress(unit, picture)
      return h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'runner', 'data-unit': String(unit.id), onclick: () => open(unit) },
          h('span', { class: 'person' }, h('span', { class: 'name' }, unit.title), h('small', {}, join(unit.when, unit.venue))),
          h('span', { class: 'got' }, h('span', {}, `${done} / ${all}`), chip(unit.status, unit.status_text)),
        ),
      )
    }),
  )
}

/** What stands for a row in the group that is being written: its mark, or all of the group's. */
function summary(unit: Unit, row: Row, at: Cell, picture: Picture): { text: string; mine?: Kept } {
  const cells = cellsOf(unit, row)
  const reason = cells.find(c => c.input === 'reason')
  const group = cells.filter(c => c.input !== 'reason' && (unit.order !== 'group' || c.group === at.group))
  const asked = [...(reason ? [reason] : []), ...group]
  const shown = asked.map(c => ({ cell: c, ...picture.shown(unit, row, c.name) })).filter(s => s.text !== '' || s.mine)
  const worst =
    shown.find(s => s.mine && s.mine.state !== 'waiting' && s.mine.state !== 'delivered') ??
    shown.find(s => s.mine?.state === 'waiting') ??
    shown[0]
  const text = shown.map(s => saidIn(unit, row, s.cell.name, s.text)).join(' ')
  return worst?.mine ? { text, mine: worst.mine } : { text }
}

/** The lines of a unit; the one on the pad is current. */
export function rowList(unit: Unit, at: Place, picture: Picture, open: (row: Row) => void): HTMLElement {
  return h(
    'ol',
    { class: 'runners', role: 'list' },
    ...unit.rows.map((row, i) => {
      const { text, mine } = summary(unit, row, at.cell, picture)
      return h(
        'li',
        {},
        h(
          'button',
          {
            type: 'button',
            class: 'runner',
            'data-row': row.key,
            'aria-current': row.key === at.row.key ? 'true' : undefined,
            onclick: () => open(row),
          },
          h('span', { class: 'lane' }, h('span', { class: 'vh' }, say('unit.lane')), row.lane || String(i + 1)),
          h(
            'span',
            { class: 'person' },
            named(row.name),
            h('small', {}, row.about),
            row.has ? h('small', { class: 'has' }, row.has) : undefined,
          ),
          h('span', { class: 'got' }, h('span', {}, row.out || text), row.out ? undefined : delivery(mine, text !== '')),
        ),
      )
    }),
  )
}

/** The drawing and the word of where a mark is; empty where there is none. */
function whereIs(mine: Kept | undefined, stands: boolean): [string, string] {
  if (mine?.state === 'waiting') return ['saved', say('tablet.saved')]
  if (mine?.state === 'stale' || mine?.state === 'refused') return ['alert', say('tablet.attention')]
  if (mine?.state === 'late') return ['protested', say('tablet.late')]
  return stands ? ['sent', say('judge.delivered')] : ['', '']
}

/** Everything that is to be said about one work, aspect by aspect. */
export function aspectList(unit: Unit, at: Place, picture: Picture, open: (place: Place) => void): HTMLElement {
  const mine = places(unit).filter(p => p.row.key === at.row.key && p.cell.input !== 'reason')
  return h(
    'ol',
    { class: 'aspects', role: 'list' },
    ...mine.map(place => {
      const shown = picture.shown(unit, place.row, place.cell.name)
      const [state, word] = whereIs(shown.mine, shown.text !== '')
      return h(
        'li',
        {},
        h(
          'button',
          {
            type: 'button',
            class: `aspect-row ${state}`,
            'aria-current': samePlace(place, at) ? 'true' : undefined,
            onclick: () => open(place),
          },
          h('span', {}, place.cell.label),
          h('b', {}, shown.text || '—'),
          state ? icon(state) : undefined,
          word ? h('span', { class: 'vh' }, word) : undefined,
        ),
      )
    }),
  )
}

/** The other cells of the line on the pad: attempts, heights, lights. */
export function strip(unit: Unit, at: Place, picture: Picture, open: (place: Place) => void): HTMLElement | undefined {
  const cells = cellsOf(unit, at.row).filter(c => c.input !== 'reason')
  if (cells.length < 2) return undefined
  return h(
    'ol',
    { class: 'strip', role: 'list', 'aria-label': say('tablet.strip') },
    ...cells.map(cell => {
      const { text, mine } = picture.shown(unit, at.row, cell.name)
      const current = cell.name === at.cell.name
      const [state] = whereIs(mine, text !== '')
      return h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: state, 'aria-current': current ? 'true' : undefined, onclick: () => open({ row: at.row, cell }) },
          h('small', {}, cell.label),
          h('b', {}, saidIn(unit, at.row, cell.name, text) || '—'),
        ),
      )
    }),
  )
}
