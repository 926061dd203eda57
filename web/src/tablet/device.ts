/** What belongs to the device and not to the games: which hand, how large, whether the browser keeps what it is given, the file out and in. */
import { h } from './dom.ts'
import { read, write } from './file.ts'
import type { Kept } from './outbox.ts'
import type { Store } from './store.ts'
import { many, say } from './words.ts'

export interface Settings {
  hand: 'right' | 'left'
  size: 'usual' | 'large'
}

export const usual: Settings = { hand: 'right', size: 'usual' }

/** Puts the settings where the styles look for them. */
export function wear(settings: Settings): void {
  document.documentElement.dataset.hand = settings.hand
  document.documentElement.dataset.size = settings.size
}

/** Asks the browser to keep the journal however little room there is; false where it refuses. */
export async function persist(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist())
  } catch {
    return false
  }
}

interface Facts {
  root: string
  competition: string
  kept: boolean
  skew: number
  settings: Settings
  change: (settings: Settings) => void
  told: (text: string) => void
}

export function deviceScreen(store: Store, journal: readonly Kept[], facts: Facts): HTMLElement {
  const unsent = journal.filter(k => k.state === 'waiting' || k.state === 'stale' || k.state === 'refused')
  return h(
    'div',
    { class: 'stack device' },
    choice(
      'hand',
      say('tablet.hand-title'),
      facts.settings.hand,
      { right: say('tablet.hand-right'), left: say('tablet.hand-left') },
      hand => facts.change({ ...facts.settings, hand: hand as Settings['hand'] }),
    ),
    choice(
      'size',
      say('tablet.size-title'),
      facts.settings.size,
      { usual: say('tablet.size-usual'), large: say('tablet.size-large') },
      size => facts.change({ ...facts.settings, size: size as Settings['size'] }),
    ),
    h(
      'p',
      { class: facts.kept ? 'note official' : 'note alert' },
      h('span', {}, say(facts.kept ? 'tablet.persisted' : 'tablet.not-persisted')),
    ),
    Math.abs(facts.skew) > 60_000 &&
      h('p', { class: 'note unofficial' }, h('span', {}, say('tablet.skew', Math.round(Math.abs(facts.skew) / 60_000)))),
    h(
      'section',
      { class: 'card stack', 'aria-labelledby': 'file' },
      h('h2', { id: 'file' }, say('tablet.file')),
      h('p', {}, many('tablet.file-lead', unsent.length)),
      ...files(store, unsent, facts),
    ),
    h(
      'p',
      { class: 'row' },
      h('a', { class: 'btn', href: `${facts.root}/judge` }, say('tablet.plain')),
      h('a', { class: 'btn', href: `${facts.root}/desk/outbox` }, say('outbox.title')),
    ),
  )
}

function choice(name: string, title: string, chosen: string, options: Record<string, string>, pick: (value: string) => void): HTMLElement {
  return h(
    'fieldset',
    { class: 'field' },
    h('legend', {}, title),
    ...Object.entries(options).map(([value, label]) =>
      h(
        'label',
        { class: 'check' },
        h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => pick(value) }),
        label,
      ),
    ),
  )
}

function files(store: Store, unsent: readonly Kept[], facts: Facts): HTMLElement[] {
  const out = h(
    'button',
    { class: 'btn', type: 'button', disabled: unsent.length === 0, onclick: () => void save(unsent, facts.competition) },
    say('tablet.file-out'),
  )
  const input = h('input', { class: 'input', type: 'file', id: 'file-in', accept: 'application/json,.json' })
  input.addEventListener('change', () => void take(store, input, facts))
  return [
    h('p', {}, out),
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'file-in' }, say('tablet.file-in')),
      h('p', { class: 'hint' }, say('tablet.file-in-hint')),
      input,
    ),
  ]
}

async function save(unsent: readonly Kept[], competition: string): Promise<void> {
  const now = new Date()
  const file = await write(competition, unsent, now)
  const url = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: 'application/json' }))
  h('a', { href: url, download: `${competition}-${now.toISOString().slice(0, 16).replaceAll(':', '')}.json` }).click()
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

async function take(store: Store, input: HTMLInputElement, facts: Facts): Promise<void> {
  const chosen = input.files?.[0]
  const file = chosen && (await read(await chosen.text(), facts.competition))
  input.value = ''
  if (!file) return facts.told(say('tablet.file-bad'))
  let taken = 0
  for (const { command, text, about, at } of file.marks)
    if (await store.restore({ id: command.command, unit: command.unit, state: 'waiting', command, text, about, at, tried: 1 })) taken++
  facts.told(many('tablet.file-taken', taken))
}
