/** The yellow banner: whom or what is being scored, by whom, and where the marks are. Always in sight. */
import { chip, h, icon } from './dom.ts'
import type { Counts } from './outbox.ts'
import { many, say } from './words.ts'

export interface State {
  title: string
  judge: string
  seat: string
  line: 'up' | 'down' | 'out'
  counts: Counts
  last: string
  /** Clocks apart by so many ms. */
  skew: number
}

export class Banner {
  readonly root: HTMLElement
  #title = h('b', { id: 'scoring' })
  #seat = h('small', {})
  #judge = h('b', {})
  #me = h('p', { class: 'seat me' }, h('span', {}, this.#seat, this.#judge))
  #chips = h('span', { class: 'chips' })
  #line = h('span', { class: 'net' })
  #last = h('span', { class: 'last' })

  constructor(menu: HTMLElement) {
    this.root = h(
      'header',
      { class: 'scoring' },
      h('p', { class: 'seat' }, icon('person'), h('span', {}, h('small', {}, say('judge.scoring')), this.#title)),
      this.#me,
      h('div', { class: 'outbox', role: 'group', 'aria-label': say('tablet.outbox') }, this.#chips, this.#line, this.#last),
      menu,
    )
  }

  show(s: State): void {
    put(this.#title, s.title)
    put(this.#seat, s.seat)
    put(this.#judge, s.judge)
    this.#me.hidden = !s.judge
    const c = s.counts
    const chips: [string, string][] = [['sent', say('tablet.delivered-n', c.delivered)]]
    if (c.waiting > 0) chips.push(['saved', say('tablet.saved-n', c.waiting)])
    if (c.attention > 0) chips.push(['alert', say('tablet.attention-n', c.attention)])
    if (c.late > 0) chips.push(['protested', say('tablet.late-n', c.late)])
    const key = chips.flat().join('|')
    if (this.#chips.dataset.key !== key) {
      this.#chips.dataset.key = key
      this.#chips.replaceChildren(...chips.map(([kind, text]) => chip(kind, text)))
    }
    this.root.dataset.line = s.line
    const word = s.line === 'up' ? 'tablet.online' : s.line === 'out' ? 'tablet.out' : 'tablet.offline'
    const skewed = Math.abs(s.skew) > 60_000 ? ` · ${say('tablet.skew', Math.round(Math.abs(s.skew) / 60_000))}` : ''
    put(this.#line, say(word) + skewed)
    put(this.#last, s.last ? say('tablet.last', s.last) : '')
  }
}

const put = (el: HTMLElement, text: string): void => {
  if (el.textContent !== text) el.textContent = text
}

/** What is said aloud when marks have been delivered. */
export const deliveredSentence = (one: string, n: number): string =>
  n === 1 ? `${one} · ${say('judge.delivered')}` : many('tablet.delivered-said', n)
