/** The control room asks for its state again and again, and puts it into the markup that the server has made. */
import { bind, type Item } from './bind.ts'

/** How often it asks, in ms, and for how long it waits for an answer. */
const every = 3000
const patience = 8000

/** <control-room src="…/control/state"> keeps the tables that it wraps current until it is told to hold still. */
class ControlRoomElement extends HTMLElement {
  #timer: number | undefined
  #said = ''

  connectedCallback(): void {
    const hold = this.querySelector<HTMLButtonElement>('[data-hold]')
    hold?.removeAttribute('hidden')
    hold?.addEventListener('click', () => this.#pause(hold))
    this.#next()
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer)
  }

  #pause(hold: HTMLButtonElement): void {
    const on = hold.getAttribute('aria-pressed') !== 'true'
    hold.setAttribute('aria-pressed', String(on))
    hold.textContent = (on ? this.dataset.resume : this.dataset.pause) ?? ''
    window.clearTimeout(this.#timer)
    if (!on) void this.#ask()
  }

  #next(): void {
    this.#timer = window.setTimeout(() => void this.#ask(), every)
  }

  async #ask(): Promise<void> {
    const lost = this.querySelector('[data-lost]')
    try {
      const answer = await fetch(this.getAttribute('src') ?? '', {
        headers: { Accept: 'application/json' },
        signal: AbortSignal.timeout(patience),
      })
      if (!answer.ok) throw new Error(String(answer.status))
      this.#show((await answer.json()) as Item)
      lost?.setAttribute('hidden', '')
    } catch {
      lost?.removeAttribute('hidden') // what is shown stays, with its time
    }
    if (this.querySelector('[data-hold]')?.getAttribute('aria-pressed') !== 'true') this.#next()
  }

  #show(state: Item): void {
    if (this.querySelector('[data-hold]')?.getAttribute('aria-pressed') === 'true') return
    bind(this, state)
    const sentence = String(state.sentence ?? '')
    const voice = this.querySelector('[data-say]')
    if (voice && sentence !== this.#said) voice.textContent = sentence
    this.#said = sentence
  }
}

customElements.define('control-room', ControlRoomElement)
