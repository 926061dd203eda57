/**
 * What somebody follows, kept on this device alone: a button on the page of an
 * athlete, an event or a delegation, and the page that shows them all.
 */

/** The kinds of things that can be followed, in the order of the page. */
const kinds = ['athlete', 'event', 'delegation'] as const

type List = Partial<Record<(typeof kinds)[number], string[]>>

const place = (root: string): string => `list:${root}`

/** What is followed. A device that keeps nothing has an empty list. */
function read(root: string): List {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(root)) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as List) : {}
  } catch {
    return {}
  }
}

/** Keeps a list; false where the device keeps nothing. */
function write(root: string, list: List): boolean {
  try {
    localStorage.setItem(place(root), JSON.stringify(list))
    return true
  } catch {
    return false
  }
}

/** A list as the question of an address. */
export function question(list: List): string {
  const parts = kinds.flatMap(kind => {
    const ids = (list[kind] ?? []).filter(id => /^\d+$/.test(id))
    return ids.length > 0 ? [`${kind}=${ids.join(',')}`] : []
  })
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

/** <follow-this data-root kind id> is a button that follows, or no longer does. */
class FollowThisElement extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button')
    const root = this.dataset.root ?? ''
    const kind = kinds.find(k => k === this.dataset.kind)
    const id = this.dataset.id ?? ''
    if (!button || !kind) return
    const on = (): boolean => read(root)[kind]?.includes(id) ?? false
    const show = (): void => button.setAttribute('aria-pressed', String(on()))
    button.addEventListener('click', () => {
      const list = read(root)
      const ids = (list[kind] ?? []).filter(one => one !== id)
      if (!on()) ids.push(id)
      if (write(root, { ...list, [kind]: ids })) show()
    })
    show()
    this.hidden = false
  }
}

/** <my-list data-root> leads the page to what is followed on this device. */
class MyListElement extends HTMLElement {
  connectedCallback(): void {
    const wanted = question(read(this.dataset.root ?? ''))
    const asked = new URLSearchParams(location.search)
    if (wanted !== '' && !kinds.some(kind => asked.has(kind))) location.replace(`${location.pathname}${wanted}`)
  }
}

/** Makes the elements known to the page. */
export function defineList(): void {
  customElements.define('follow-this', FollowThisElement)
  customElements.define('my-list', MyListElement)
}
