/** The sentences of the page, in the language that it was made in: the server puts them beside the markup. */

let sentences: Record<string, string> = {}

export function learn(): void {
  sentences = JSON.parse(document.getElementById('words')?.textContent ?? '{}') as Record<string, string>
}

/** Says a sentence with what belongs into it; what is not there is said as its key, so that nothing is ever silent. */
export const say = (key: string, ...with_: (string | number)[]): string =>
  with_.reduce<string>((text, w, i) => text.replaceAll(`{${i}}`, String(w)), sentences[key] ?? key)

/** Says how many: the sentence of the key for one, of key-many for others. */
export const many = (key: string, n: number): string => (n === 1 ? say(key, n) : say(`${key}-many`, n))

/** Puts parts together, leaving out what is empty. */
export const join = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' · ')
