/**
 * Puts a frame's state into the markup that the server has made. The markup says
 * where things go; nothing is computed here, and nothing becomes HTML.
 *
 *   data-field="mark"       its text is that field
 *   data-has="record"       it is hidden while that field is empty
 *   data-unless="lines"     it is hidden while that field is not
 *   data-each="lines"       it holds one child for each item of that list, made
 *   data-by="entry"         from its <template>, recognised by that key
 *   data-when="lead"        it has that class while that field is true
 *   data-href="url"         its address is that field
 *   data-chip, data-medal, data-icon, data-count, data-panel: see below
 */

export type Item = { readonly [name: string]: unknown }

const at = (data: Item, path: string | undefined): unknown =>
  (path ?? '').split('.').reduce<unknown>((v, name) => (v as Item | undefined)?.[name], data)

const textAt = (data: Item, path: string | undefined): string => {
  const v = at(data, path)
  return v === undefined || v === null ? '' : String(v)
}

const filled = (v: unknown): boolean => (Array.isArray(v) ? v.length > 0 : Boolean(v))

/** Sets an element's text and leaves it alone when it has it. A name may break only after a ·. */
export function setText(el: Element, text: string): void {
  if (el.textContent === text) return
  if (!el.classList.contains('name') || !text.includes('·')) {
    el.textContent = text
    return
  }
  const parts = text.split(/(?<=·)/).map(part => {
    const span = document.createElement('span')
    span.className = 'part'
    span.textContent = part
    return span
  })
  el.replaceChildren(...parts.flatMap((part, i) => (i === 0 ? [part] : [document.createElement('wbr'), part])))
}

const set = (el: Element, name: string, value: string): void => {
  if (el.getAttribute(name) !== value) el.setAttribute(name, value)
}

/** A link; what leads nowhere is none. */
const link = (el: Element, url: string): void => (url === '' ? el.removeAttribute('href') : set(el, 'href', url))

/** Every element that takes part, the lists' own children left to the lists. */
function parts(root: Element): Element[] {
  const found: Element[] = []
  const walk = (el: Element): void => {
    found.push(el)
    if (el.hasAttribute('data-each')) return
    for (const child of el.children) walk(child)
  }
  walk(root)
  return found
}

/** Fills everything inside root from data. */
export function bind(root: Element, data: Item): void {
  for (const el of parts(root)) {
    const d = (el as HTMLElement | SVGElement).dataset
    if (d.field !== undefined) setText(el, textAt(data, d.field))
    if (d.has !== undefined) el.toggleAttribute('hidden', !filled(at(data, d.has)))
    if (d.unless !== undefined) el.toggleAttribute('hidden', filled(at(data, d.unless)))
    if (d.href !== undefined) link(el, textAt(data, d.href))
    if (d.chip !== undefined) chip(el, textAt(data, d.chip))
    if (d.medal !== undefined) set(el, 'href', `#m-${textAt(data, d.medal)}`)
    if (d.icon !== undefined) set(el, 'href', `#i-${textAt(data, d.icon)}`)
    if (d.count !== undefined) count(el, textAt(data, d.count))
    if (d.panel !== undefined) el.classList.toggle('hall', data.status === 'live')
    for (const name of d.when?.split(' ') ?? []) el.classList.toggle(name, filled(at(data, name)))
    if (d.each !== undefined) each(el, (at(data, d.each) ?? []) as readonly Item[], d.by ?? '')
  }
}

/** A status chip: shape and colour by the code, the word by its own field. */
function chip(el: Element, status: string): void {
  set(el, 'class', `chip ${status}`)
  const use = el.querySelector('use')
  if (use) set(use, 'href', `#i-${status}`)
}

/** A number that keeps the room of .5 in a column with halves. */
function count(el: Element, number: string): void {
  setText(el, number)
  el.classList.toggle('whole', !number.includes('.'))
}

/**
 * Makes the list's children be the items, in their order. A child stays the
 * same element as long as its key is there, and the one with the focus is never
 * moved: the others are moved round it, so that focus and reading stay with the
 * same person.
 */
function each(list: Element, items: readonly Item[], by: string): void {
  const blank = list.querySelector(':scope > template')
  if (!(blank instanceof HTMLTemplateElement)) return
  const had = new Map<string, Element>()
  for (const child of list.children) {
    const key = child.getAttribute('data-key')
    if (key !== null) had.set(key, child)
  }
  const rows = items.map(item => {
    const key = textAt(item, by)
    let row = had.get(key)
    had.delete(key)
    if (!row) {
      row = document.importNode(blank.content, true).firstElementChild ?? document.createElement('div')
      row.setAttribute('data-key', key)
    }
    bind(row, item)
    return row
  })
  for (const gone of had.values()) gone.remove()
  arrange(list, rows)
}

function arrange(list: Element, rows: readonly Element[]): void {
  const held = rows.findIndex(row => row.contains(document.activeElement))
  let next: Element | null = null
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as Element
    if (i !== held && (row.parentElement !== list || row.nextElementSibling !== next)) list.insertBefore(row, next)
    next = row
  }
}
