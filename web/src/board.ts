/** The hall screens: lines that do not fit are shown page by page, and nothing is ever cut. */
import { define, fill, paused } from './live.ts'

/** A name of more lines than this is set smaller, though never smaller than the delegation beside it. */
const tallest = (rows: number): number => (rows > 6 ? 1 : 2)
const shortest = 10
/** Fewer lines than this on a page are no taller than these. */
const fewest = 4

const linesOf = (name: HTMLElement): number => Math.round(name.offsetHeight / Number.parseFloat(getComputedStyle(name).lineHeight))

/**
 * <board-pages rows="8" seconds="10"> shows as many lines as fit, at most rows.
 * A long name makes its line taller, and then fewer lines are shown at once.
 */
class BoardPagesElement extends HTMLElement {
  #page = 0
  #pages = 1
  #timer: number | undefined
  #again = (): void => this.#layout()
  #watcher = new ResizeObserver(this.#again)

  connectedCallback(): void {
    this.parentElement?.addEventListener('shown', this.#again)
    // the head and the caption grow with their words, and the lines get what is left
    const pane = this.querySelector('.pane')
    if (pane) this.#watcher.observe(pane)
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
    this.#watcher.disconnect()
    window.clearInterval(this.#timer)
  }

  turn(by: number): void {
    this.#page = (this.#page + by + this.#pages) % this.#pages
    this.#layout()
  }

  /** Finds the most lines that fit, and gives each its share of the height. */
  #layout(): void {
    const table = this.querySelector('table')
    const pane = table?.parentElement
    if (!table || !pane) return
    const lines = [...table.querySelectorAll<HTMLElement>('tbody > [data-key]')]
    table.classList.remove('full')
    for (let rows = Math.max(1, Number(this.getAttribute('rows'))); rows > 0; rows--) {
      table.style.removeProperty('--h')
      this.#show(table, lines, rows)
      if (table.offsetHeight > pane.clientHeight && rows > 1) continue
      const head = table.tHead?.offsetHeight ?? 0
      if (lines.filter(line => !line.hidden).length === rows) table.classList.add('full')
      else table.style.setProperty('--h', `${Math.floor((pane.clientHeight - head) / Math.max(rows, fewest))}px`)
      break
    }
    const where = this.querySelector('[data-at]')
    if (where) where.textContent = fill(this.dataset.page, { 0: this.#page + 1, 1: this.#pages })
  }

  #show(table: HTMLTableElement, lines: HTMLElement[], rows: number): void {
    this.#pages = Math.max(1, Math.ceil(lines.length / rows))
    this.#page = Math.min(this.#page, this.#pages - 1)
    const pager = this.querySelector<HTMLElement>('[data-pager]')
    if (pager) pager.hidden = this.#pages < 2
    lines.forEach((line, i) => {
      line.hidden = Math.floor(i / rows) !== this.#page
    })
    table.classList.toggle('many', rows > 6)
    for (const line of lines) {
      const cell = line.querySelector('th')
      const name = cell?.querySelector<HTMLElement>('.name')
      cell?.classList.remove('long')
      if (name && !line.hidden && linesOf(name) > tallest(rows)) cell?.classList.add('long')
    }
  }
}

define()
customElements.define('board-pages', BoardPagesElement)
