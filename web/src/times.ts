/** Times as judges type them. The server reads them too and has the last word. */

/** Full-width digits and signs, as Chinese keyboards make them, in their ASCII form. */
export const narrow = (text: string): string =>
  text
    .replace(/[！-～]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[。｡]/g, '.')
    .replace(/\u3000/g, ' ')
    .trim()

/** The parts of a typed time as texts, undefined where it is not one. */
export interface Typed {
  minutes: string
  seconds: string
  fraction: string
}

/** Reads 62.35, 1:02.35 or 28. */
export function read(text: string): Typed | undefined {
  const m = /^(?:(\d{1,3}):(?=[0-5]\d(?:\.|$)))?(\d{1,6})(?:\.(\d{1,3}))?$/.exec(text)
  if (!m) return undefined
  const whole = Number(m[2])
  const minutes = Number(m[1] ?? 0) + Math.floor(whole / 60)
  const seconds = whole % 60
  return {
    minutes: minutes > 0 ? String(minutes) : '',
    seconds: minutes > 0 ? String(seconds).padStart(2, '0') : String(seconds),
    fraction: m[3] ?? '',
  }
}

/** Words for times: sentences of the catalogue with {0} and {1}. */
export interface Words {
  minutes: string
  seconds: string
  whole: string
  empty: string
  unclear: string
}

/** Says a typed time as it is read out: 1 分 02 秒 35. */
export function echo(text: string, words: Words): string {
  const typed = narrow(text)
  if (typed === '') return words.empty
  const t = read(typed)
  if (!t) return words.unclear
  const put = (s: string, a: string, b: string): string => s.replace('{0}', a).replace('{1}', b)
  const seconds = put(t.fraction ? words.seconds : words.whole, t.seconds, t.fraction)
  return t.minutes ? put(words.minutes, t.minutes, seconds) : seconds
}
