/** <timed-secret seconds="30"> takes what it shows away after a while, so that a number does not stay on a screen
 *  that somebody has left. Without script it stays until the page is left; nothing keeps the page. */
class TimedSecretElement extends HTMLElement {
  #timer = 0

  connectedCallback(): void {
    this.#timer = window.setTimeout(() => this.#hide(), 1000 * Number(this.getAttribute('seconds')))
    window.addEventListener('pagehide', this.#hide)
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer)
    window.removeEventListener('pagehide', this.#hide)
  }

  #hide = (): void => {
    const said = this.querySelector('[role=status]')
    if (said) said.textContent = this.dataset.hidden ?? ''
  }
}

customElements.define('timed-secret', TimedSecretElement)
