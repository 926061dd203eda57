/**
 * What a judge types, read before it is kept: hours later, when the tablet is
 * back on the network, nobody is there to correct it. The server reads it again
 * and has the last word. Whole numbers throughout, as on the server.
 */
import { echo as echoTime, narrow } from '../times.ts'
import { say } from './words.ts'
import type { Cell } from './work.ts'

/** The largest mark that any measure takes. */
const most = 1_000_000_000

/** Reads a number with at most three decimals as thousandths; undefined where it is none. */
export function thousandths(text: string): number | undefined {
  const m = /^(\d{1,6})(?:\.(\d{1,3}))?$/.exec(text)
  if (!m) return undefined
  return Number(m[1]) * 1000 + Number((m[2] ?? '').padEnd(3, '0'))
}

/** Reads a time in ms: 28.91, 1:02.35, 1:01:02.34. */
export function milliseconds(text: string): number | undefined {
  const m = /^(?:(?:(\d{1,3}):)?(\d{1,3}):(?=[0-5]\d(?:\.|$)))?(\d{1,6}(?:\.\d{1,3})?)$/.exec(text)
  if (!m) return undefined
  if (m[1] !== undefined && Number(m[2]) > 59) return undefined
  const seconds = thousandths(m[3] ?? '')
  return seconds === undefined ? undefined : (Number(m[1] ?? 0) * 60 + Number(m[2] ?? 0)) * 60_000 + seconds
}

/** Reads a mark as a whole number of its measure; undefined where it is none. */
export function readMark(measure: string, text: string): number | undefined {
  const value = measure === 'ms' ? milliseconds(text) : measure === 'count' ? count(text) : thousandths(text)
  return value !== undefined && value <= most ? value : undefined
}

export const count = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)

/** The two sides of 11:7. */
export function sides(text: string): [number, number] | undefined {
  const m = /^(\d{1,4}):(\d{1,4})$/.exec(text)
  return m ? [Number(m[1]), Number(m[2])] : undefined
}

/** The finest difference that a cell takes: hundredths of a second where nothing else is said. */
const stepOf = (cell: Cell): number => cell.step || (cell.measure === 'ms' ? 10 : 1)

/** A mark as it is printed, with the decimals that its step needs. */
export function printed(cell: Cell, value: number): string {
  if (cell.measure === 'count' || cell.input === 'count') return String(value)
  const decimals = stepOf(cell) % 1000 === 0 ? 0 : stepOf(cell) % 100 === 0 ? 1 : stepOf(cell) % 10 === 0 ? 2 : 3
  const fraction = String(value % 1000)
    .padStart(3, '0')
    .slice(0, decimals)
  return `${Math.floor(value / 1000)}${decimals ? `.${fraction}` : ''}`
}

/** What is wrong with an input, as a sentence; empty: nothing. */
export function wrong(cell: Cell, text: string): string {
  if ((cell.choices ?? []).some(o => o.value === text)) return ''
  switch (cell.input) {
    case 'mark':
    case 'count': {
      const value = cell.input === 'count' ? count(text) : readMark(cell.measure, text)
      if (value === undefined) return say(text === '' ? 'tablet.nothing' : cell.measure === 'ms' ? 'echo.unclear' : 'tablet.no-number')
      if (value < cell.min) return say('tablet.too-low', printed(cell, cell.min))
      if (cell.max > 0 && value > cell.max) return say('tablet.too-high', printed(cell, cell.max))
      if (
        cell.input === 'mark' &&
        value === 0 &&
        cell.min === 0 &&
        (cell.measure === 'ms' || cell.measure === 'mm' || cell.measure === 'g')
      )
        return say('tablet.nothing')
      if (value % stepOf(cell) !== 0) return say('tablet.too-fine', printed(cell, stepOf(cell)))
      return ''
    }
    case 'score': {
      const both = sides(text)
      if (!both) return say('tablet.no-score')
      return cell.max > 0 && Math.max(...both) > cell.max ? say('tablet.too-high', cell.max) : ''
    }
    case 'wind':
      return /^[+−-]?\d{1,2}\.\d$/.test(text) ? '' : say('tablet.no-wind')
    case 'text':
      return text === '' ? say('tablet.nothing') : ''
    default:
      return say('tablet.choose')
  }
}

/** Says an input as it is read out: 28 秒 35, 8 米 42, 130.5 公斤. */
export function spoken(cell: Cell, text: string): string {
  if (text === '') return say('echo.empty')
  const chosen = [...(cell.choices ?? []), ...(cell.reasons ?? [])].find(o => o.value === text)
  if (chosen) return chosen.label
  const problem = wrong(cell, text)
  if (problem) return problem
  if (cell.input === 'score') return say('tablet.score', ...(sides(text) ?? []))
  if (cell.input !== 'mark') return text
  switch (cell.measure) {
    case 'ms':
      return /^\d+:\d+:/.test(text)
        ? text
        : echoTime(text, { minutes: say('echo.minutes'), seconds: say('echo.seconds'), whole: say('echo.whole'), empty: '', unclear: text })
    case 'mm': {
      const [whole = '', fraction = ''] = text.split('.')
      return say('spoken.metres', whole, fraction.padEnd(2, '0')).trim()
    }
    case 'g':
      return say('spoken.kilograms', text)
    case '1/1000':
      return say('spoken.points', text)
  }
  return text
}

/** Full-width characters, as Chinese keyboards make them, in their ASCII form. */
export const typed = narrow
