/**
 * What screen readers are told: sentences, at most one batch in so many
 * seconds, the newest never lost. A live table would be read without its
 * headings; a live region that speaks all the time cannot be listened to.
 */

/** Seconds between two announcements; 'off' says nothing. */
export type Pace = 0 | 5 | 15 | 30 | 'off'

export const paces: readonly Pace[] = [0, 5, 15, 30, 'off']

/** Reads a pace from a setting; whatever is not one means five seconds. */
export const paceOf = (text: string | null): Pace => paces.find(p => String(p) === text) ?? 5

/** More sentences than this become one that counts them. */
const most = 4

export interface Clock {
  later: (run: () => void, ms: number) => number
  cancel: (timer: number) => void
}

export class Announcer {
  #say: (text: string) => void
  #several: (count: number, newest: string) => string
  #clock: Clock
  #pace: Pace = 5
  #waiting: string[] = []
  #timer: number | undefined

  /** several makes the sentence for more than four at once. */
  constructor(say: (text: string) => void, several: (count: number, newest: string) => string, clock: Clock) {
    this.#say = say
    this.#several = several
    this.#clock = clock
  }

  set pace(pace: Pace) {
    this.#pace = pace
    if (pace === 'off') this.#waiting = []
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer)
    this.#timer = undefined
    this.#flush()
  }

  /** Says a sentence now or with the next batch. */
  tell(sentence: string): void {
    if (!sentence || this.#pace === 'off') return
    this.#waiting.push(sentence)
    if (this.#timer === undefined) this.#flush()
  }

  #flush(): void {
    const newest = this.#waiting.at(-1)
    if (newest === undefined || this.#pace === 'off') return
    this.#say(this.#waiting.length > most ? this.#several(this.#waiting.length, newest) : this.#waiting.join(' '))
    this.#waiting = []
    if (this.#pace === 0) return
    this.#timer = this.#clock.later(() => {
      this.#timer = undefined
      this.#flush()
    }, this.#pace * 1000)
  }
}
