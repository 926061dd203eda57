/** What needs the judge: somebody was faster, the server refused, the result was official already. Nothing is decided here by itself. */
import { h, icon } from './dom.ts'
import type { Kept } from './outbox.ts'
import { say } from './words.ts'

export interface Ways {
  keepTheirs: (kept: Kept) => void
  insist: (kept: Kept, reason: string) => void
  hand: (kept: Kept) => void
  correct: (kept: Kept) => void
  again: (kept: Kept) => void
  drop: (kept: Kept) => void
}

/** Cards for all that waits for a decision, the oldest first. */
export function attentionList(journal: readonly Kept[], ways: Ways): HTMLElement {
  const open = journal.filter(k => k.state === 'stale' || k.state === 'refused' || k.state === 'late')
  if (open.length === 0) return h('p', { class: 'empty' }, say('tablet.nothing-to-do'))
  return h(
    'div',
    { class: 'stack decisions' },
    ...open.map(k => (k.state === 'stale' ? conflict(k, ways) : k.state === 'late' ? late(k, ways) : refused(k, ways))),
  )
}

const button = (text: string, act: () => void, kind = ''): HTMLElement =>
  h('button', { type: 'button', class: `btn ${kind}`.trim(), onclick: act }, text)

function conflict(kept: Kept, ways: Ways): HTMLElement {
  const id = `reason-${kept.n}`
  const reason = h('input', { class: 'input', id, autocomplete: 'off', maxlength: '400' })
  const wrong = h('p', { class: 'error', id: `${id}-wrong`, role: 'alert' })
  const insist = (): void => {
    if (reason.value.trim()) {
      ways.insist(kept, reason.value.trim())
      return
    }
    wrong.textContent = say('tablet.reason-missing')
    reason.setAttribute('aria-invalid', 'true')
    reason.setAttribute('aria-describedby', wrong.id)
    reason.focus()
  }
  return h(
    'section',
    { class: 'card stack', 'aria-label': kept.about },
    h('h2', {}, icon('alert'), ' ', say('conflict.title')),
    h('p', {}, h('b', {}, kept.about)),
    h('p', {}, say('conflict.lead')),
    h(
      'div',
      { class: 'versus' },
      h(
        'div',
        { class: 'card' },
        h('h3', {}, say('conflict.theirs')),
        h('p', { class: 'value' }, kept.present?.text || '—'),
        h('p', { class: 'meta' }, kept.present?.by ?? ''),
        button(say('conflict.keep', kept.present?.text || '—'), () => ways.keepTheirs(kept)),
      ),
      h(
        'div',
        { class: 'card' },
        h('h3', {}, say('conflict.yours')),
        h('p', { class: 'value' }, kept.text || '—'),
        h('div', { class: 'field' }, h('label', { for: id }, say('judge.reason')), wrong, reason),
        button(say('conflict.mine'), insist, 'danger'),
      ),
    ),
    h(
      'p',
      {},
      button(say('tablet.hand'), () => ways.hand(kept)),
    ),
  )
}

function refused(kept: Kept, ways: Ways): HTMLElement {
  return h(
    'section',
    { class: 'card stack', 'aria-label': kept.about },
    h('h2', {}, icon('alert'), ' ', say('tablet.refused')),
    h('p', {}, h('b', {}, kept.about), ' ', kept.text),
    h('p', {}, kept.problem),
    h(
      'p',
      { class: 'row' },
      button(say('tablet.correct'), () => ways.correct(kept), 'primary'),
      button(say('tablet.again'), () => ways.again(kept)),
      button(say('tablet.drop'), () => ways.drop(kept), 'danger'),
    ),
  )
}

function late(kept: Kept, ways: Ways): HTMLElement {
  return h(
    'section',
    { class: 'card stack', 'aria-label': kept.about },
    h('h2', {}, icon('protested'), ' ', say('tablet.late-title')),
    h('p', {}, h('b', {}, kept.about), ' ', kept.text),
    h('p', {}, kept.present?.text ? say('tablet.late-lead-stands', kept.present.text) : say('tablet.late-lead')),
    h(
      'p',
      {},
      button(say('tablet.seen'), () => ways.drop(kept)),
    ),
  )
}
