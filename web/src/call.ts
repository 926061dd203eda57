/**
 * The call room and the announcer's page, kept current: what others have noted
 * appears by itself, and a form is sent without the page coming anew. Without
 * script every form and every link does the same.
 */

/** How often a page looks what others have done, in milliseconds. */
const every = 4000

/** Fetches a page of ours as a document; undefined when it cannot be had now. XMLHttpRequest reads HTML without a string that would have to be trusted. */
const page = (url: string, body?: URLSearchParams): Promise<Document | undefined> =>
  new Promise(done => {
    const ask = new XMLHttpRequest()
    ask.open(body ? 'POST' : 'GET', url)
    ask.responseType = 'document'
    ask.timeout = 8000
    ask.setRequestHeader('Accept', 'text/html')
    ask.onloadend = () => done(ask.status > 0 ? (ask.responseXML ?? undefined) : undefined)
    ask.send(body ?? null)
  })

/** What makes two states of a part the same: everything but the numbers that only the next command carries. */
const face = (el: Element): string => el.outerHTML.replaceAll(/name="command" value="[^"]*"/g, '')

/** Somebody is at work in a part: it has the focus, or something in it was typed or ticked. */
function busy(el: Element): boolean {
  if (el.contains(document.activeElement)) return true
  for (const input of el.querySelectorAll('input')) {
    const changed = input.type === 'checkbox' ? input.checked !== input.defaultChecked : input.value !== input.defaultValue
    if (changed) return true
  }
  return false
}

/** The parts of a page that change by themselves. */
const partsOf = (root: Element): Element[] => [...root.querySelectorAll(':scope > [id], :scope > ol > li[id]')]

const idsOf = (root: Element): string =>
  partsOf(root)
    .map(el => el.id)
    .join()

/** Puts a newer page in the place of the older one, part by part where it has the same parts; what somebody is at stays unless forced. */
function take(root: Element, doc: Document, force: boolean): void {
  const newer = doc.querySelector(root.tagName)
  if (!newer) return
  if (idsOf(root) !== idsOf(newer)) {
    if (force || !busy(root)) root.replaceChildren(...[...newer.childNodes].map(n => document.importNode(n, true)))
    return
  }
  const next = partsOf(newer)
  for (const [i, old] of partsOf(root).entries()) {
    const el = next[i] as Element
    if (face(old) !== face(el) && (force || !busy(old))) old.replaceWith(document.importNode(el, true))
  }
}

/** <call-room> shows lists that others change: units by their call, what is read out. */
class CallRoomElement extends HTMLElement {
  #timer: number | undefined

  connectedCallback(): void {
    const look = async (): Promise<void> => {
      if (!document.hidden) {
        const found = await page(location.href)
        if (found && this.isConnected) take(this, found, false)
      }
      if (this.isConnected) this.#timer = window.setTimeout(look, every)
    }
    this.#timer = window.setTimeout(look, every)
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer)
  }
}

/** <call-unit> is a call with its forms. */
class CallUnitElement extends CallRoomElement {
  #sending = false

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('submit', event => {
      const form = event.target
      if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-call') || form.hasAttribute('data-whole')) return
      event.preventDefault()
      void this.#send(form, event.submitter)
    })
  }

  async #send(form: HTMLFormElement, by: HTMLElement | null): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    const start = form.closest('li')?.id
    const data = new URLSearchParams([...new FormData(form, by)].map(([name, value]) => [name, String(value)]))
    try {
      const found = await page(form.action, data)
      if (!found?.querySelector('call-unit')) {
        this.#whole(form, by).submit() // the browser's own way shows what went wrong; the command's ID makes it count once
        return
      }
      take(this, found, true)
      this.#tell(start, Boolean(found.querySelector('[data-problems]')))
    } finally {
      this.#sending = false
    }
  }

  /** A form as the browser would send it, with the button that was pressed. */
  #whole(form: HTMLFormElement, by: HTMLElement | null): HTMLFormElement {
    if (by instanceof HTMLButtonElement && by.name) {
      const pressed = document.createElement('input')
      pressed.type = 'hidden'
      pressed.name = by.name
      pressed.value = by.value
      form.append(pressed)
    }
    return form
  }

  /** Brings the focus back to where it was, and says what came of it. */
  #tell(start: string | undefined, wrong: boolean): void {
    const problems = this.querySelector<HTMLElement>('[data-problems]')
    if (wrong && problems) {
      problems.focus()
      return
    }
    const li = start ? document.getElementById(start) : null
    const said = li?.querySelector('.chip')?.textContent ?? ''
    const name = li?.querySelector('h2')?.textContent ?? ''
    const voice = this.querySelector('[data-say]')
    if (voice) voice.textContent = [name, said || this.dataset.wordDone].filter(Boolean).join(' ')
    const next = li?.querySelector<HTMLElement>('button') ?? li ?? this.querySelector<HTMLElement>('#call-head button')
    next?.focus()
  }
}

customElements.define('call-room', CallRoomElement)
customElements.define('call-unit', CallUnitElement)
