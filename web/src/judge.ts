/**
 * The judge's page, improved: number keys, the time in words while it is typed,
 * and saving without leaving the page. Without this script each form posts and
 * comes back as a page.
 */
import { bind, type Item } from './bind.ts'
import { echo, narrow } from './times.ts'

interface Reply {
  line: Item & { entry: string; saw: number; command: string; got: string }
  notice: string
  problems?: { target: string; text: string }[]
  conflict?: object
  confirm?: Item & { saw: number; ready: boolean }
}

/** A second tap within this time is the same tap: hands tremble. */
const sameTap = 400

class Pad {
  #main: HTMLElement
  #words: DOMStringMap
  #moved = Number.NEGATIVE_INFINITY
  #busy = false

  constructor(main: HTMLElement) {
    this.#main = main
    this.#words = main.dataset
    const touch = matchMedia('(pointer: coarse)').matches
    for (const form of main.querySelectorAll<HTMLFormElement>('[data-form]')) this.#prepare(form, touch)
    main.addEventListener('click', e => {
      const link = (e.target as Element).closest<HTMLElement>('[data-line]')
      if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return
      e.preventDefault()
      this.#open(link.dataset.line ?? '')
    })
    main.querySelector<HTMLElement>('[data-problems]:not([hidden])')?.focus()
  }

  #prepare(form: HTMLFormElement, touch: boolean): void {
    const input = this.#time(form)
    if (!input) return
    if (touch) input.inputMode = 'none' // the page's own keys are there, larger
    const keys = form.querySelector<HTMLElement>('.keys')
    if (keys) keys.hidden = false
    keys?.addEventListener('click', e => {
      input.value += (e.target as Element).closest('button')?.value ?? ''
      this.#echo(form)
    })
    const del = form.querySelector<HTMLElement>('[data-del]')
    if (del) del.hidden = false
    del?.addEventListener('click', () => {
      input.value = input.value.slice(0, -1)
      this.#echo(form)
    })
    input.addEventListener('input', e => {
      if ((e as InputEvent).isComposing) return
      const narrowed = narrow(input.value)
      if (narrowed !== input.value) input.value = narrowed
      this.#echo(form)
    })
    form.addEventListener('submit', e => {
      e.preventDefault()
      void this.#save(form, e.submitter as HTMLButtonElement | null)
    })
    this.#echo(form)
  }

  #time(form: HTMLFormElement): HTMLInputElement | null {
    return form.querySelector('input[name=mark]')
  }

  #echo(form: HTMLFormElement): void {
    const w = this.#words
    const typed = this.#time(form)?.value ?? ''
    const said = form.querySelector('[data-echo]')
    if (said)
      said.textContent = echo(typed, {
        minutes: w.minutes ?? '',
        seconds: w.seconds ?? '',
        whole: w.whole ?? '',
        empty: w.empty ?? '',
        unclear: w.unclear ?? '',
      })
    const save = form.querySelector('[data-save]')
    if (save) save.textContent = (w.save ?? '').replace('{0}', typed)
  }

  /** Shows the form of a line, and says which one it is. */
  #open(entry: string): void {
    for (const form of this.#main.querySelectorAll<HTMLFormElement>('[data-form]')) {
      form.hidden = form.dataset.form !== entry
      if (!form.hidden) this.#time(form)?.focus({ preventScroll: window.innerWidth > 900 })
    }
    for (const link of this.#main.querySelectorAll('[data-line]')) {
      if (link.getAttribute('data-line') === entry) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
    this.#problems([])
    this.#moved = performance.now()
    history.replaceState(null, '', `?line=${encodeURIComponent(entry)}`)
  }

  async #save(form: HTMLFormElement, submitter: HTMLButtonElement | null): Promise<void> {
    if (this.#busy || performance.now() - this.#moved < sameTap) return
    this.#busy = true
    this.#notice(this.#words.late ?? '')
    try {
      const body = new URLSearchParams(new FormData(form, submitter) as unknown as Record<string, string>)
      const answer = await fetch(form.action, {
        method: 'POST',
        body,
        headers: { Accept: 'application/json' },
        signal: AbortSignal.timeout(15_000),
      })
      if (answer.status === 409) return this.#asPage(form, submitter)
      if (!answer.headers.get('Content-Type')?.startsWith('application/json')) throw new Error(`answer ${answer.status}`)
      this.#answered(form, (await answer.json()) as Reply)
    } catch {
      // the form keeps its command id, so pressing again cannot count twice
      this.#notice('')
      this.#problems([{ target: this.#time(form)?.id ?? '', text: this.#words.lost ?? '' }])
    } finally {
      this.#busy = false
    }
  }

  /** Somebody was faster: the same post again as an ordinary one shows both values as a page. */
  #asPage(form: HTMLFormElement, submitter: HTMLButtonElement | null): void {
    if (submitter?.name) {
      const chosen = document.createElement('input')
      chosen.type = 'hidden'
      chosen.name = submitter.name
      chosen.value = submitter.value
      form.append(chosen)
    }
    form.submit()
  }

  #answered(form: HTMLFormElement, reply: Reply): void {
    this.#notice(reply.notice)
    this.#problems(reply.problems ?? [])
    if (reply.problems?.length) return
    const { line } = reply
    for (const name of ['command', 'saw'] as const) this.#set(form, name, String(line[name]))
    for (const name of ['mark', 'rule', 'reason']) this.#set(form, name, '')
    bind(form, line)
    this.#echo(form)
    const item = this.#main.querySelector(`.runners [data-key="${CSS.escape(line.entry)}"]`)
    if (item) bind(item, line)
    this.#confirm(reply)
    const next = this.#next(line.entry)
    if (next) this.#open(next)
    else this.#time(form)?.focus({ preventScroll: true })
  }

  #confirm(reply: Reply): void {
    const form = this.#main.querySelector<HTMLFormElement>('[data-confirm]')
    if (!form || !reply.confirm) return
    bind(form, reply.confirm)
    this.#set(form, 'saw', String(reply.confirm.saw))
    const button = form.querySelector('button')
    if (button) button.disabled = !reply.confirm.ready
  }

  /** The next line in order that has nothing yet, round from the start. */
  #next(after: string): string | undefined {
    const items = [...this.#main.querySelectorAll('.runners [data-key]')]
    const i = items.findIndex(item => item.getAttribute('data-key') === after)
    const open = [...items.slice(i + 1), ...items.slice(0, i)].find(item => !item.querySelector('[data-field=got]')?.textContent)
    return open?.getAttribute('data-key') ?? undefined
  }

  #set(form: HTMLFormElement, name: string, value: string): void {
    const field = form.querySelector<HTMLInputElement>(`input[name=${name}]`)
    if (field) field.value = value
  }

  #notice(text: string): void {
    const notice = this.#main.querySelector('[data-notice]')
    if (notice) notice.textContent = text
  }

  /** Shows what has to be put right, with a link to each field, and goes there. */
  #problems(list: { target: string; text: string }[]): void {
    const box = this.#main.querySelector<HTMLElement>('[data-problems]')
    for (const field of this.#main.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid')
    for (const old of this.#main.querySelectorAll('.error')) old.remove()
    if (!box) return
    box.hidden = list.length === 0
    if (list.length === 0) return
    const title = box.querySelector('h2')
    if (title)
      title.textContent = ((list.length === 1 ? this.#words.problemsOne : this.#words.problemsMany) ?? '').replace(
        '{n}',
        String(list.length),
      )
    box.querySelector('ul')?.replaceChildren(
      ...list.map(p => {
        const link = document.createElement('a')
        link.href = `#${p.target}`
        link.textContent = p.text
        const li = document.createElement('li')
        li.append(link)
        return li
      }),
    )
    for (const p of list) this.#blame(p.target, p.text)
    box.focus()
  }

  /** Puts a problem's words beside its field. */
  #blame(target: string, text: string): void {
    const field = document.getElementById(target)
    if (!field) return
    const words = document.createElement('p')
    words.className = 'error'
    words.id = `${target}-error`
    words.textContent = text
    field.before(words)
    field.setAttribute('aria-invalid', 'true')
    const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter(id => id && document.getElementById(id))
    field.setAttribute('aria-describedby', [words.id, ...described.filter(id => id !== words.id)].join(' '))
  }
}

const main = document.querySelector<HTMLElement>('[data-judge]')
if (main) new Pad(main)
