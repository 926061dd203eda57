/** <show-secret> puts a button beside a password that shows it as it is typed, for whoever cannot check it by feel.
 *  Without script the field is an ordinary password field. */
export class ShowSecretElement extends HTMLElement {
  connectedCallback(): void {
    const field = this.querySelector('input')
    if (!field || this.querySelector('button')) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn'
    button.textContent = this.dataset.show ?? ''
    button.setAttribute('aria-label', this.dataset.label ?? '')
    button.setAttribute('aria-controls', field.id)
    button.setAttribute('aria-pressed', 'false')
    button.addEventListener('click', () => {
      const shown = field.type === 'text'
      field.type = shown ? 'password' : 'text'
      button.setAttribute('aria-pressed', String(!shown))
      field.focus()
    })
    // browsers offer to save what was typed only from a password field
    field.form?.addEventListener('submit', () => {
      field.type = 'password'
    })
    this.append(button)
  }
}
customElements.define('show-secret', ShowSecretElement)
