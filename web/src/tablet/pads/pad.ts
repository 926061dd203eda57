/**
 * The pad: one decision, its keys, one button that says what will be saved. It
 * asks nothing of the network and has no time limit.
 */
import { h, icon, named } from '../dom.ts'
import { wrong } from '../marks.ts'
import { join, say } from '../words.ts'
import type { Cell, Place, Shown } from '../work.ts'
import { type Field, fieldOf } from './field.ts'

/** What a pad gives to be kept. */
export interface Given {
  place: Place
  cell: Cell
  mark: string
  irm: string
  rule: string
  reason: string
}

export interface Wishes {
  keep: (given: Given) => void
  back: () => void
}

/** A second tap within this time is the same tap: hands tremble. */
const sameTap = 400

/** What the judge writes over, and whether that needs a reason. */
export interface Under extends Shown {
  needsReason: boolean
}

export class Pad {
  readonly root: HTMLFormElement
  readonly place: Place
  #field: Field
  #under: Under
  #wishes: Wishes
  #save = h('span', {})
  #wrong = h('p', { class: 'error', id: 'wrong', role: 'alert' })
  #reasons: HTMLFieldSetElement
  #irm = ''
  #irmCell: Cell | undefined
  #irmButtons: HTMLButtonElement[] = []
  #rule = h('input', { class: 'input', id: 'rule', autocomplete: 'off', maxlength: '120' })
  #ruleField: HTMLElement
  #made = performance.now()
  #done = false
  #given: Given | undefined

  /** irmCell is where a reason for having no result goes; strip leads to the row's other cells. */
  constructor(place: Place, irmCell: Cell | undefined, under: Under, strip: HTMLElement | undefined, wishes: Wishes) {
    this.place = place
    this.#under = under
    this.#wishes = wishes
    this.#irmCell = irmCell
    const { row, cell } = place
    this.#field = fieldOf(cell, row.sides ?? [], { changed: () => this.#changed(), given: () => this.#submit() })
    this.#ruleField = h('div', { class: 'field', hidden: true }, h('label', { for: 'rule' }, say('judge.rule')), this.#rule)
    this.#reasons = this.#why()
    this.root = h(
      'form',
      { class: `entry ${cell.input}`, id: 'entry', tabindex: '-1', novalidate: true, 'aria-labelledby': 'who' },
      h(
        'h2',
        { id: 'who' },
        named(row.name),
        ' ',
        h('small', {}, join(row.lane && say('judge.lane', row.lane), row.about)),
        row.has ? h('small', { class: 'has' }, row.has) : undefined,
      ),
      strip,
      this.#wrong,
      this.#field.root,
      this.#reasons,
      h(
        'p',
        { class: 'go' },
        h('button', { class: 'btn', type: 'button', onclick: () => wishes.back() }, icon('left'), say('tablet.back')),
        h('button', { class: 'btn primary', type: 'submit' }, icon('check'), this.#save),
      ),
      this.#irmSet(),
    )
    this.root.addEventListener('submit', e => {
      e.preventDefault()
      this.#submit()
    })
    if (under.text && !(irmCell?.reasons ?? []).some(o => o.value === under.text) && cell.input !== 'mark') this.#field.set(under.text)
    this.#changed()
  }

  focus(): void {
    this.#field.focus()
  }

  /** Puts a text into the field, as after a refusal. */
  fill(text: string): void {
    this.#field.set(text)
  }

  /** Whether there is something in the field that is not kept yet. */
  get touched(): boolean {
    return !this.#done && (this.#irm !== '' || (this.#field.text() !== '' && this.#field.text() !== this.#under.text))
  }

  #irmSet(): HTMLElement | undefined {
    const reasons = this.#irmCell?.reasons ?? []
    if (reasons.length === 0) return undefined
    this.#irmButtons = reasons.map(o => {
      const press = (): void => this.#choose(this.#irm === o.value ? '' : o.value)
      return h(
        'button',
        { class: o.value === 'DSQ' ? 'btn danger' : 'btn', type: 'button', value: o.value, 'aria-pressed': 'false', onclick: press },
        h('span', {}, o.label),
        h('small', { lang: 'en' }, o.value),
      )
    })
    return h('fieldset', { class: 'irm' }, h('legend', {}, say('judge.none')), ...this.#irmButtons, this.#ruleField)
  }

  #choose(irm: string): void {
    this.#irm = irm
    for (const b of this.#irmButtons) b.setAttribute('aria-pressed', String(b.value === irm))
    this.#ruleField.hidden = irm !== 'DSQ'
    if (irm === 'DSQ') this.#rule.focus()
    this.#changed()
  }

  /** Why something that stands is changed: two usual reasons, or one's own words. */
  #why(): HTMLFieldSetElement {
    const own = h('input', {
      class: 'input',
      id: 'own-reason',
      autocomplete: 'off',
      maxlength: '400',
      'aria-label': say('tablet.own-reason'),
    })
    const usual = ['tablet.reason-typo', 'tablet.reason-decision'].map(key =>
      h('label', { class: 'check' }, h('input', { type: 'radio', name: 'reason', value: say(key) }), say(key)),
    )
    return h(
      'fieldset',
      { class: 'why field', hidden: !this.#under.needsReason },
      h('legend', {}, say('judge.reason')),
      h('p', { class: 'hint' }, say('judge.now'), ' ', h('b', {}, this.#said(this.#under.text))),
      ...usual,
      own,
    )
  }

  #reason(): string {
    if (!this.#under.needsReason) return ''
    const own = this.#reasons.querySelector<HTMLInputElement>('#own-reason')?.value.trim()
    return own || (this.#reasons.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value ?? '')
  }

  #said(text: string): string {
    const { cell } = this.place
    return [...(cell.choices ?? []), ...(cell.reasons ?? []), ...(this.#irmCell?.reasons ?? [])].find(o => o.value === text)?.label ?? text
  }

  #changed(): void {
    // by keyboard the reason is typed: DNS
    const code = this.#field.text().toUpperCase()
    if (code && this.place.cell.input === 'mark' && (this.#irmCell?.reasons ?? []).some(o => o.value === code)) {
      this.#field.set('')
      this.#choose(code)
      return
    }
    if (this.#irm && this.#field.text() && this.place.cell.input === 'mark' && this.#irmCell !== this.place.cell) this.#choose('')
    const what = this.#irm ? this.#said(this.#irm) : this.#said(this.#field.text())
    this.#save.textContent = what ? say('tablet.save', what) : say('tablet.save-empty')
    if (this.#wrong.textContent) this.#blame('')
  }

  #blame(text: string): void {
    this.#wrong.textContent = text
    this.#field.blame(text ? 'wrong' : '')
  }

  /** Every reason but EXH stands alone, without a mark; and so does EXH where it has a cell of its own. */
  get #alone(): boolean {
    return this.#irm !== '' && (this.#irm !== 'EXH' || this.#irmCell !== this.place.cell)
  }

  /** What has to be put right before it can be kept, and where. */
  #problem(): { text: string; focus: () => void } | undefined {
    const text = this.#alone ? '' : wrong(this.place.cell, this.#field.text())
    if (text) return { text, focus: () => this.#field.focus() }
    if (this.#irm === 'DSQ' && !this.#rule.value.trim()) return { text: say('tablet.rule-missing'), focus: () => this.#rule.focus() }
    if (this.#under.needsReason && !this.#reason())
      return { text: say('tablet.reason-missing'), focus: () => this.#reasons.querySelector('input')?.focus() }
    return undefined
  }

  #submit(): void {
    if (this.#done || performance.now() - this.#made < sameTap) return
    const problem = this.#problem()
    if (problem) {
      this.#blame(problem.text)
      problem.focus()
      return
    }
    this.#done = true
    const { cell } = this.place
    this.#given = {
      place: this.place,
      cell: this.#alone ? (this.#irmCell ?? cell) : cell,
      mark: this.#alone ? '' : this.#field.text(),
      irm: this.#irm,
      rule: this.#irm === 'DSQ' ? this.#rule.value.trim() : '',
      reason: this.#reason(),
    }
    if (cell.input === 'mark') this.#field.set('')
    this.#wishes.keep(this.#given)
  }

  /** What a fast hand has typed since, while the mark was being kept: it belongs to the next pad. */
  get early(): string {
    return this.#done && this.place.cell.input === 'mark' ? this.#field.text() : ''
  }

  /** The mark could not be kept: the pad is as it was. */
  failed(text: string): void {
    this.#done = false
    if (this.#given && this.place.cell.input === 'mark') this.#field.set(this.#given.mark)
    this.#blame(text)
  }
}
