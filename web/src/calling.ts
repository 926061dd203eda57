/**
 * The page of calls on a phone: one call at a time, and whoever wants it is
 * called by vibration and a flash. The number that somebody gives stays on the
 * phone; the server never hears of it.
 */

/** Puts values into a sentence of the catalogue: {0}. */
const fill = (text: string | undefined, ...values: (string | number)[]): string =>
  (text ?? '').replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)] ?? ''))

/** What a phone remembers between two visits. A browser that keeps nothing asks again. */
const memory = {
  get: (name: string): string => {
    try {
      return localStorage.getItem(name) ?? ''
    } catch {
      return ''
    }
  },
  set: (name: string, value: string): void => {
    try {
      localStorage.setItem(name, value)
    } catch {
      // a private window: it lasts as long as the page
    }
  },
}

/** Three long pulses, told apart from a message's one. */
const pulses = [600, 250, 600, 250, 600]

interface Call {
  key: string
  el: HTMLElement
  title: string
  mine: boolean
}

/** <call-alert> asks for the number and for leave to vibrate, and watches the calls. */
class CallAlertElement extends HTMLElement {
  #calls: HTMLElement | null = null
  #known: Set<string> | undefined
  #shown = ''
  #on = false

  connectedCallback(): void {
    this.#calls = document.querySelector('#calls')
    if (!this.#calls) return
    this.hidden = false
    const number = this.querySelector<HTMLInputElement>('#my-number')
    if (number) {
      number.value = memory.get('call-number')
      number.addEventListener('input', () => {
        memory.set('call-number', number.value.trim())
        this.#look()
      })
    }
    this.querySelector('[data-allow]')?.addEventListener('click', () => this.#allow())
    for (const [button, by] of [
      ['[data-before]', -1],
      ['[data-after]', 1],
    ] as const)
      this.#calls.querySelector(button)?.addEventListener('click', () => this.#turn(by))
    this.#calls.addEventListener('shown', () => this.#look())
    this.#calls.classList.add('one-call')
    this.#look()
  }

  /** A browser vibrates only after a tap; the tap tries it. The screen stays on where it can. */
  #allow(): void {
    this.#on = true
    navigator.vibrate?.(200)
    void navigator.wakeLock?.request('screen').catch(() => undefined)
    const state = this.querySelector('[data-state]')
    if (state) state.textContent = this.dataset.wordOn ?? ''
    this.querySelector('[data-allow]')?.setAttribute('aria-pressed', 'true')
  }

  #mine(el: Element): boolean {
    const number = memory.get('call-number').toLowerCase()
    const all = el.querySelector('[data-numbers]')?.textContent?.toLowerCase() ?? ''
    return number !== '' && all.split(' ').includes(number)
  }

  #open(): Call[] {
    return [...(this.#calls?.querySelectorAll<HTMLElement>('.calling-list > li') ?? [])].map(el => ({
      key: el.dataset.key ?? '',
      el,
      title: el.querySelector('h2')?.textContent ?? '',
      mine: this.#mine(el),
    }))
  }

  /** Looks at what is called now: what is new is shown, and told to whom it concerns. */
  #look(): void {
    const open = this.#open()
    const fresh = this.#known ? open.filter(c => !this.#known?.has(c.key)) : []
    const first = this.#known === undefined
    this.#known = new Set(open.map(c => c.key))
    const anybody = memory.get('call-number') === ''
    const told = fresh.find(c => c.mine) ?? (anybody ? fresh.at(-1) : undefined)
    if (told) {
      this.#shown = told.key
      this.#alarm(told)
    } else if (first || !open.some(c => c.key === this.#shown)) {
      this.#shown = (open.find(c => c.mine) ?? open.at(-1))?.key ?? ''
    }
    const alarm = document.querySelector<HTMLElement>('[data-alarm]')
    if (alarm && !open.some(c => c.key === alarm.dataset.of)) alarm.hidden = true
    for (const el of this.#calls?.querySelectorAll('.call-list > li') ?? []) {
      el.querySelector('.mine')?.toggleAttribute('hidden', !this.#mine(el))
    }
    this.#show(open)
  }

  #show(open: Call[]): void {
    const at = open.findIndex(c => c.key === this.#shown)
    for (const c of open) c.el.classList.toggle('shown', c.key === this.#shown)
    const turn = this.#calls?.querySelector<HTMLElement>('[data-turn]')
    if (turn) turn.hidden = open.length < 2
    const place = this.#calls?.querySelector('[data-place]')
    if (place) place.textContent = fill(this.dataset.wordOf, at + 1, open.length)
  }

  #turn(by: number): void {
    const open = this.#open()
    const at = open.findIndex(c => c.key === this.#shown)
    const next = open[(at + by + open.length) % open.length]
    if (next) this.#shown = next.key
    this.#show(open)
  }

  /** Says a call in words for everybody; the phone shakes and the call flashes for who has allowed it. */
  #alarm(call: Call): void {
    const alarm = document.querySelector<HTMLElement>('[data-alarm]')
    if (alarm) {
      alarm.dataset.of = call.key
      alarm.textContent = fill(call.mine ? this.dataset.wordMine : this.dataset.wordNew, call.title)
      alarm.hidden = false
    }
    if (!this.#on) return
    navigator.vibrate?.(pulses)
    call.el.classList.remove('flashing')
    void call.el.offsetWidth // the same call flashes again at its next round
    call.el.classList.add('flashing')
  }
}

customElements.define('call-alert', CallAlertElement)
