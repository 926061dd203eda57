/** The hall screens: lines that do not fit are shown page by page, and nothing is ever cut. */
import { define, fill, paused } from './live.ts'

const fewest = 4
const shortest = 10

/**
 * <board-pages rows="8" seconds="10"> shows as many lines as fit, at most rows.
 * A long name makes its line taller, and then fewer lines are shown at once.
 */
class BoardPagesElement extends HTMLElement {
  #page = 0
  #pages = 1
  #timer: number | undefined
  #again = (): void => this.#layout()

  connectedCallback(): void {
    this.parentElement?.addEventListener('shown', this.#again)
    window.addEventListener('resize', this.#again)
    this.querySelector('[data-back]')?.addEventListener('click', () => this.turn(-1))
    this.querySelector('[data-forth]')?.addEventListener('click', () => this.turn(1))
    const seconds = Math.max(shortest, Number(this.getAttribute('seconds')))
    this.#timer = window.setInterval(() => {
      if (!paused()) this.turn(1)
    }, seconds * 1000)
    this.#layout()
  }

  disconnectedCallback(): void {
    this.parentElement?.removeEventListener('shown', this.#again)
    window.removeEventListener('resize', this.#again)
    window.clearInterval(this.#timer)
  }

  turn(by: number): void {
    this.#page = (this.#page + by + this.#pages) % this.#pages
    this.#layout()
  }

  #layout(): void {
    const table = this.querySelector('table')
    if (!table) return
    const lines = [...table.querySelectorAll<HTMLElement>('tbody > [data-key]')]
    let rows = Math.max(fewest, Number(this.getAttribute('rows')))
    for (; ; rows--) {
      this.#show(table, lines, rows)
      if (rows <= fewest || table.offsetHeight <= this.clientHeight) break
    }
    const pager = this.querySelector<HTMLElement>('[data-pager]')
    const where = this.querySelector('[data-at]')
    if (pager) pager.hidden = this.#pages < 2
    if (where) where.textContent = fill(this.dataset.page, { 0: this.#page + 1, 1: this.#pages })
  }

  #show(table: HTMLTableElement, lines: HTMLElement[], rows: number): void {
    this.#pages = Math.max(1, Math.ceil(lines.length / rows))
    this.#page = Math.min(this.#page, this.#pages - 1)
    lines.forEach((line, i) => {
      line.hidden = Math.floor(i / rows) !== this.#page
    })
    for (const name of [...table.classList]) if (name.startsWith('lanes-')) table.classList.remove(name)
    table.classList.add(`lanes-${rows}`)
  }
}

define()
customElements.define('board-pages', BoardPagesElement)
