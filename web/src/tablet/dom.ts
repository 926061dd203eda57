/** Small helpers for making elements. Nothing that people or the server have written ever becomes HTML. */

type Child = Node | string | undefined | false
type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>

/** Makes an element: h('button', {class: 'btn', onclick: save}, 'text'). An attribute that is true stands empty, one that is false or undefined not at all. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') el.addEventListener(name.slice(2), value)
    else if (value === true) el.setAttribute(name, '')
    else if (typeof value === 'string') el.setAttribute(name, value)
  }
  el.append(...children.filter((c): c is Node | string => Boolean(c)))
  return el
}

const svg = 'http://www.w3.org/2000/svg'

/** An icon of the page's own drawings; the words beside it say the same. */
export function icon(name: string): SVGSVGElement {
  const el = document.createElementNS(svg, 'svg')
  el.setAttribute('class', 'icon')
  el.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(svg, 'use')
  use.setAttribute('href', `#i-${name}`)
  el.append(use)
  return el
}

/** A chip: shape, word, colour. */
export const chip = (kind: string, text: string): HTMLElement => h('span', { class: `chip ${kind}` }, icon(kind), h('span', {}, text))

/** A name may break only after a ·. */
export function named(name: string): HTMLElement {
  const el = h('span', { class: 'name' })
  if (!name.includes('·')) {
    el.textContent = name
    return el
  }
  name.split(/(?<=·)/).forEach((part, i) => {
    if (i > 0) el.append(document.createElement('wbr'))
    el.append(h('span', { class: 'part' }, part))
  })
  return el
}

/** Whether the keyboard is in use elsewhere: a key must not do two things. */
export const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !['radio', 'checkbox', 'button'].includes(target.type))
