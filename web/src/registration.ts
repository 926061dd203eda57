/**
 * Registration pages, improved. Each works as plain forms without this: here a file shows how far it has come,
 * a cell is checked as soon as it is left, and a list narrows while a name is typed.
 */

/** A page fetched in the background. Parsed by the browser as a page, never as text: nothing in it can become script. */
function ask(method: string, url: string, body: XMLHttpRequestBodyInit | null, sent?: (percent: number) => void): Promise<XMLHttpRequest> {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest()
    x.open(method, url)
    x.responseType = 'document'
    if (sent)
      x.upload.addEventListener('progress', e => {
        if (e.lengthComputable) sent(Math.floor((100 * e.loaded) / e.total))
      })
    x.addEventListener('load', () => done(x))
    x.addEventListener('error', () => fail(new Error('no answer')))
    x.addEventListener('abort', () => fail(new Error('no answer')))
    x.send(body)
  })
}

/** Sends a file and says how much of it has gone; then goes where the form would have gone. */
function uploads(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>('[data-progress]')
  form.addEventListener('submit', e => {
    const word = form.dataset.sending
    if (!said || !word) return
    e.preventDefault()
    const button = form.querySelector<HTMLButtonElement>('button[type=submit]')
    const say = (percent: number) => {
      said.textContent = `${word} ${percent} %`
    }
    if (button) button.disabled = true
    say(0)
    ask('POST', form.action, new FormData(form), say)
      .then(x => {
        if (x.status < 400) location.assign(x.responseURL)
        else form.submit() // the server's own page says what is wrong with it
      })
      .catch(() => {
        said.textContent = form.dataset.lost ?? ''
        if (button) button.disabled = false
      })
  })
}

/** Waits for a file to be read, and shows its page as soon as it is. */
class UploadProgressElement extends HTMLElement {
  #timer = 0

  connectedCallback(): void {
    this.#timer = window.setInterval(() => void this.#look(), 1000)
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const answer = await fetch(this.dataset.state ?? '', { headers: { Accept: 'application/json' } }).catch(() => undefined)
    if (!answer?.ok) return // a network that comes back finds the file as far as it has come
    const { state, said } = (await answer.json()) as { state: string; said: string }
    const line = this.querySelector('[data-said]')
    if (line && line.textContent !== said) line.textContent = said
    if (state !== 'reading') location.reload()
  }
}

/** A file's problems: a cell is checked when it is left, and the rows that this changes are put in their new state. */
class Fixes {
  #form: HTMLFormElement
  #busy: Promise<void> = Promise.resolve()

  constructor(form: HTMLFormElement) {
    this.#form = form
    form.addEventListener('change', e => {
      const field = e.target as HTMLInputElement
      if (field.name.startsWith('f-') && field.value !== this.#was(field)) this.#queue(field)
    })
    form.addEventListener('keydown', e => {
      const field = e.target as HTMLInputElement
      if (e.key !== 'Enter' || !field.name?.startsWith('f-') || field instanceof HTMLTextAreaElement) return
      e.preventDefault() // Enter checks this cell; the button checks them all
      if (field.value !== this.#was(field)) this.#queue(field)
    })
  }

  #was(field: HTMLInputElement): string {
    return this.#form.querySelector<HTMLInputElement>(`input[name="was-${CSS.escape(field.name)}"]`)?.value ?? ''
  }

  /** One cell after the other: each answer is the whole page as it is then. */
  #queue(field: HTMLInputElement): void {
    const body = new URLSearchParams()
    for (const name of [field.name, `at-${field.name}`, `was-${field.name}`]) {
      const part = this.#form.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)
      if (part) body.set(name, part.value)
    }
    const typed = field.value
    this.#busy = this.#busy.then(() => this.#send(field, typed, body))
  }

  async #send(field: HTMLInputElement, typed: string, body: URLSearchParams): Promise<void> {
    this.#say(this.#form.dataset.saving ?? '')
    this.#form.toggleAttribute('data-busy', true)
    try {
      const x = await ask('POST', this.#form.action, body)
      const page = x.response as Document | null
      const rows = page?.querySelector<HTMLElement>('[data-fixes]')
      if (x.status >= 400 || !page || !rows) throw new Error(`status ${x.status}`)
      const was = this.#form.querySelector<HTMLInputElement>(`input[name="was-${CSS.escape(field.name)}"]`)
      if (was) was.value = typed // what is kept now
      this.#take(page)
    } catch {
      this.#say(this.#form.dataset.lost ?? '')
    } finally {
      this.#form.toggleAttribute('data-busy', false)
    }
  }

  /** Puts the new rows in the place of the old. What somebody is typing, and where they are, stays. */
  #take(page: Document): void {
    const here = document.activeElement?.id ?? ''
    for (const id of ['counts', 'next', 'rows-title']) this.#swap(page, id)
    const body = this.#form.querySelector('tbody')
    const fresh = page.querySelector('[data-fixes] tbody')
    const old = new Map([...(body?.children ?? [])].map(row => [row.id, row]))
    const rows = [...(fresh?.children ?? [])].map(row => {
      const mine = old.get(row.id)
      return mine && this.#typing(mine) ? mine : document.importNode(row, true)
    })
    body?.replaceChildren(...rows)
    if (here && document.activeElement?.id !== here) document.getElementById(here)?.focus({ preventScroll: true })
    this.#say(document.querySelector('#next strong')?.textContent ?? '')
  }

  #swap(page: Document, id: string): void {
    const [mine, fresh] = [document.getElementById(id), page.getElementById(id)]
    if (mine && fresh) mine.replaceWith(document.importNode(fresh, true))
  }

  /** A row in which something is typed that has not been sent. */
  #typing(row: Element): boolean {
    return [...row.querySelectorAll<HTMLInputElement>('[name^="f-"]')].some(field => field.value !== this.#was(field))
  }

  #say(text: string): void {
    const line = this.#form.querySelector('[data-said]')
    if (line) line.textContent = text
  }
}

/** Says how many people of a list are chosen. */
function counts(form: HTMLFormElement): void {
  const line = form.querySelector<HTMLElement>('[data-chosen]')
  const none = line?.textContent ?? ''
  const count = () => {
    const n = form.querySelectorAll('input[name=id]:checked').length
    if (line)
      line.textContent = n === 0 ? none : n === 1 ? (line.dataset.single ?? '') : (line.dataset.many ?? '').replace('{n}', String(n))
  }
  form.addEventListener('change', count)
  count()
}

/** Hides the people of a whole list whose row does not have what is typed. */
function narrows(form: HTMLFormElement): void {
  const query = form.querySelector<HTMLInputElement>('[name=q]')
  if (!form.hasAttribute('data-whole') || !query) return
  query.addEventListener('input', () => {
    const wanted = query.value.trim().toLowerCase()
    for (const row of document.querySelectorAll<HTMLElement>('[data-person]'))
      row.hidden = !(row.textContent ?? '').toLowerCase().includes(wanted)
    for (const table of document.querySelectorAll<HTMLElement>('.people-table'))
      table.hidden = !table.querySelector('[data-person]:not([hidden])')
  })
}

const each = <E extends HTMLElement>(selector: string, improve: (found: E) => void): void => {
  for (const found of document.querySelectorAll<E>(selector)) improve(found)
}

customElements.define('upload-progress', UploadProgressElement)
each<HTMLFormElement>('[data-upload]', uploads)
each<HTMLFormElement>('[data-fixes]', form => new Fixes(form))
each<HTMLFormElement>('[data-choose]', counts)
each<HTMLFormElement>('[data-filter]', narrows)
each<HTMLButtonElement>('[data-print]', button => {
  button.hidden = false
  button.addEventListener('click', () => print())
})
document.querySelector<HTMLElement>('[data-problems]')?.focus()
