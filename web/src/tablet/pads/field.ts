/** The fields of a pad: one for each kind of input. All of them hold a text, as it will be sent. */
import { h, icon } from '../dom.ts'
import { count, sides, spoken, typed } from '../marks.ts'
import { say } from '../words.ts'
import type { Cell, Option } from '../work.ts'

export interface Field {
  root: HTMLElement
  text: () => string
  set: (text: string) => void
  focus: () => void
  /** Ties the field to the words that say what is wrong with it; empty takes them away. */
  blame: (id: string) => void
}

/** What a field tells its pad: the text has changed; a choice was made that needs no second look. */
export interface Told {
  changed: () => void
  given: () => void
}

/** A page's own keys are there, larger than the device's. */
const touch = (): boolean => matchMedia('(pointer: coarse)').matches

export function fieldOf(cell: Cell, sidesOf: readonly string[], told: Told): Field {
  switch (cell.input) {
    case 'choice':
      return choiceField(cell, told)
    case 'count':
      return countField(cell, cell.label, told)
    case 'score':
      return scoreField(cell, sidesOf, told)
    default:
      return keyedField(cell, told)
  }
}

const key = (value: string, label?: string): HTMLElement =>
  h('button', { class: 'btn', type: 'button', value, ...(label ? { 'aria-label': label } : {}) }, value)

/** A mark, a wind, a sentence: a field with keys, and its echo in words. */
function keyedField(cell: Cell, told: Told): Field {
  const numeric = cell.input !== 'text'
  const input = h('input', {
    class: numeric ? 'input big' : 'input',
    id: 'value',
    autocomplete: 'off',
    inputmode: numeric ? (touch() ? 'none' : 'decimal') : 'text',
    'aria-describedby': 'echo',
  })
  const echo = h('p', { class: 'echo', id: 'echo' })
  const show = (): void => {
    echo.textContent = spoken(cell, typed(input.value))
    for (const button of beside.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.value === input.value))
  }
  const changed = (): void => {
    show()
    told.changed()
  }
  const set = (text: string): void => {
    input.value = text
    changed()
  }
  input.addEventListener('input', e => {
    if (!(e as InputEvent).isComposing && numeric) {
      const text = typed(input.value).toUpperCase()
      const chosen = (cell.choices ?? []).find(o => o.value.toUpperCase() === text)
      input.value = chosen?.value ?? typed(input.value)
    }
    changed()
  })
  const beside = h('div', { class: 'beside', role: 'group', 'aria-label': say('tablet.instead') })
  for (const option of cell.choices ?? []) {
    const pick = (): void => {
      set(input.value === option.value ? '' : option.value)
      input.focus({ preventScroll: true })
    }
    beside.append(
      h(
        'button',
        { class: 'btn', type: 'button', value: option.value, 'aria-pressed': 'false', onclick: pick },
        h('b', {}, option.value),
        ' ',
        option.label,
      ),
    )
  }
  const clear = h(
    'button',
    { class: 'btn del', type: 'button', 'aria-label': say('judge.delete'), onclick: () => set(input.value.slice(0, -1)) },
    icon('back'),
  )
  const root = h(
    'div',
    { class: 'value' },
    h('label', { for: 'value' }, labelOf(cell)),
    h('div', { class: 'typed' }, input, numeric && clear),
    echo,
    numeric && keys(cell, key => set(input.value.length < 12 ? input.value + key : input.value)),
    (cell.choices?.length ?? 0) > 0 && beside,
  )
  show()
  return {
    root,
    text: () => (numeric ? typed(input.value) : input.value.trim()),
    set,
    focus: () => focusOn(input),
    blame: id => blame(input, id, 'echo'),
  }
}

function keys(cell: Cell, press: (key: string) => void): HTMLElement {
  const last =
    cell.input === 'wind' ? ['.', '0', '−'] : cell.measure === 'count' ? ['0'] : cell.measure === 'ms' ? ['.', '0', ':'] : ['.', '0']
  const names: Record<string, string> = { '.': say('judge.point'), ':': say('judge.colon'), '−': say('tablet.minus') }
  const root = h('div', { class: 'keys', role: 'group', 'aria-label': say('judge.keys') })
  for (const k of ['1', '2', '3', '4', '5', '6', '7', '8', '9', ...last]) root.append(key(k, names[k]))
  root.addEventListener('click', e => {
    const value = (e.target as Element).closest('button')?.value
    if (value) press(value)
  })
  return root
}

/** The label says what is asked and in which unit. */
export function labelOf(cell: Cell): string {
  if (cell.input !== 'mark') return cell.label
  const unit = { ms: 'tablet.in-seconds', mm: 'tablet.in-metres', g: 'tablet.in-kilograms', '1/1000': 'tablet.in-points' }[cell.measure]
  return unit ? say(unit, cell.label) : cell.label
}

/** One of several: large buttons, of which the words of a scheme may be part. By keyboard: arrows, or the choice's own character. */
function choiceField(cell: Cell, told: Told): Field {
  const options = cell.choices ?? []
  const lights = options.some(o => o.value === 'white')
  const root = h(
    'fieldset',
    { class: `levels${lights ? ' lights' : ''}${options.some(o => o.detail) ? ' worded' : ''}` },
    h('legend', {}, cell.label),
  )
  const inputs = options.map(option => {
    const input = h('input', { type: 'radio', name: 'choice', value: option.value, onchange: told.changed })
    root.append(level(option, input, lights))
    return input
  })
  // a pointer's tap on a light is the light; arrows only go past it on the way to another
  if (lights) root.addEventListener('click', e => (e as MouseEvent).detail > 0 && e.target instanceof HTMLInputElement && told.given())
  root.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    const own = inputs.find(i => i.value.toUpperCase().startsWith(typed(e.key).toUpperCase()) && e.key.length === 1)
    if (!own) return
    e.preventDefault()
    own.checked = true
    own.focus()
    told.changed()
  })
  return {
    root,
    text: () => inputs.find(i => i.checked)?.value ?? '',
    set: text => {
      for (const i of inputs) i.checked = i.value === text
      told.changed()
    },
    focus: () => focusOn(inputs.find(i => i.checked) ?? inputs[0]),
    blame: id => (id ? root.setAttribute('aria-describedby', id) : root.removeAttribute('aria-describedby')),
  }
}

function level(option: Option, input: HTMLInputElement, light: boolean): HTMLElement {
  const shown = light ? h('span', { class: `light ${option.value}` }, option.value === 'white' ? '✓' : '✗') : h('b', {}, option.value)
  const words = h('span', { class: 'words' }, h('strong', {}, option.label), option.detail)
  return h('label', { class: 'level' }, input, shown, words, icon('check'))
}

/** A whole number with a button on either side. */
function countField(cell: Cell, label: string, told: Told, id = 'value'): Field {
  const input = h('input', { class: 'input big', id, autocomplete: 'off', inputmode: 'numeric', oninput: () => narrowed() })
  const narrowed = (): void => {
    const text = typed(input.value)
    if (text !== input.value) input.value = text
    told.changed()
  }
  const by = (step: number) => (): void => {
    const n = (count(input.value) ?? 0) + step
    input.value = String(Math.max(cell.min, cell.max > 0 ? Math.min(n, cell.max) : n))
    told.changed()
  }
  const step = (n: number, text: string, name: string): HTMLElement =>
    h('button', { class: 'btn step', type: 'button', 'aria-label': say(name, label), onclick: by(n) }, text)
  const root = h(
    'div',
    { class: 'value counted' },
    h('label', { for: id }, label),
    h('div', { class: 'steps' }, step(-1, '−', 'tablet.one-less'), input, step(1, '+', 'tablet.one-more')),
  )
  const set = (text: string): void => {
    input.value = text
    told.changed()
  }
  return { root, text: () => input.value.trim(), set, focus: () => focusOn(input), blame: words => blame(input, words, '') }
}

/** The points of two sides: 11:7. */
function scoreField(cell: Cell, names: readonly string[], told: Told): Field {
  const a = countField(cell, names[0] ?? say('tablet.side-a'), told, 'value')
  const b = countField(cell, names[1] ?? say('tablet.side-b'), told, 'value-b')
  const root = h('fieldset', { class: 'both' }, h('legend', {}, cell.label), a.root, b.root)
  return {
    root,
    text: () => (a.text() === '' && b.text() === '' ? '' : `${a.text()}:${b.text()}`),
    set: text => {
      const [left, right] = sides(text) ?? ['', '']
      a.set(String(left))
      b.set(String(right))
    },
    focus: a.focus,
    blame: id => {
      a.blame(id)
      b.blame(id)
    },
  }
}

const focusOn = (el: HTMLElement | undefined): void => el?.focus({ preventScroll: window.innerWidth > 900 })

function blame(input: HTMLInputElement, id: string, usual: string): void {
  if (id) input.setAttribute('aria-invalid', 'true')
  else input.removeAttribute('aria-invalid')
  const described = [id, usual].filter(Boolean).join(' ')
  if (described) input.setAttribute('aria-describedby', described)
  else input.removeAttribute('aria-describedby')
}
