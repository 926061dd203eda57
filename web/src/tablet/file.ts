/**
 * The last resort: what waits on a device goes out as a file and in at the desk
 * or on another tablet, under the same IDs, so that nothing counts twice however
 * often and wherever it is taken in. Each mark carries the SHA-256 over the sum
 * before it and its own bytes: a file that was cut short or touched is noticed.
 */
import type { Command, Kept } from './outbox.ts'

export const schema = 'tongchang/outbox/1'

export interface OutboxFile {
  schema: string
  competition: string
  /** When the file was made, by this device's clock. */
  made: string
  marks: { command: Command; text: string; about: string; at: number; sum: string }[]
  /** The last mark's sum: without it, marks may be missing at the end. */
  seal: string
}

async function sha256(text: string): Promise<string> {
  const sum = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(sum)].map(b => b.toString(16).padStart(2, '0')).join('')
}

/** The sum of a mark: over the sum before it and the command, as it is posted. */
export const sumOf = (before: string, command: Command): Promise<string> => sha256(`${before}\n${JSON.stringify(command)}`)

export async function write(competition: string, waiting: readonly Kept[], now: Date): Promise<OutboxFile> {
  const file: OutboxFile = { schema, competition, made: now.toISOString(), marks: [], seal: '' }
  for (const { command, text, about, at } of waiting) {
    file.seal = await sumOf(file.seal, command)
    file.marks.push({ command, text, about, at, sum: file.seal })
  }
  return file
}

/** Reads a file back; undefined where it is none of this competition's, or not as it was written. */
export async function read(text: string, competition: string): Promise<OutboxFile | undefined> {
  let file: OutboxFile
  try {
    file = JSON.parse(text) as OutboxFile
  } catch {
    return undefined
  }
  if (file.schema !== schema || file.competition !== competition || !Array.isArray(file.marks)) return undefined
  let sum = ''
  for (const mark of file.marks) {
    sum = await sumOf(sum, mark.command)
    if (sum !== mark.sum) return undefined
  }
  return sum === file.seal ? file : undefined
}
