/**
 * The live parts of a page and the bar that governs them: how fresh the page is
 * in words, one button that holds everything still, and one quiet voice.
 */
import { bind, type Item } from './bind.ts'
import { type Frame, feed, type Line } from './feed.ts'
import { Announcer, paceOf, paces } from './say.ts'

interface State extends Item {
  updated?: string
  sentence?: string
}

/** Puts values into a sentence of the catalogue: {0}, {n}. */
export const fill = (text: string | undefined, values: Record<string, string | number>): string =>
  (text ?? '').replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))

/** Settings that outlive the page. A browser that keeps nothing gets the usual ones. */
const kept = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(name)
    } catch {
      return null
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(name, value)
    } catch {
      // a private window: the setting lasts as long as the page
    }
  },
}

/** <live-status> says how fresh the page is, pauses it, and speaks. */
class LiveStatusElement extends HTMLElement {
  #pending = new Map<LivePart, Frame<State>>()
  #updates = 0
  #stamp = ''
  #line: Line = 'connecting'
  #voice: Announcer | undefined
  #stop: (() => void) | undefined

  connectedCallback(): void {
    this.#stamp = document.querySelector('[data-stamp]')?.textContent ?? ''
    const region = this.querySelector('[data-say]')
    this.#voice = new Announcer(
      text => {
        if (region) region.textContent = text
      },
      (n, newest) => fill(this.dataset.wordSeveral, { n, 0: newest }),
      { later: (run, ms) => window.setTimeout(run, ms), cancel: timer => window.clearTimeout(timer) },
    )
    this.#voice.pace = paceOf(kept.get('say-every'))
    this.querySelector('[data-reload]')?.setAttribute('hidden', '')
    const button = this.querySelector<HTMLButtonElement>('[data-hold]')
    button?.removeAttribute('hidden')
    button?.addEventListener('click', () => this.pause(!this.paused))
    this.#stop = feed().onLine(line => {
      this.#line = line
      this.#tell()
    })
    this.pause(kept.get('paused') === 'yes')
  }

  disconnectedCallback(): void {
    this.#stop?.()
  }

  get paused(): boolean {
    return this.querySelector('[data-hold]')?.getAttribute('aria-pressed') === 'true'
  }

  /** Holds the page still, or lets it go on from now. */
  pause(on: boolean): void {
    this.querySelector('[data-hold]')?.setAttribute('aria-pressed', String(on))
    kept.set('paused', on ? 'yes' : 'no')
    if (!on) {
      for (const [part, frame] of this.#pending) this.#show(part, frame)
      this.#pending.clear()
      this.#updates = 0
    }
    this.#tell()
  }

  /** Takes a frame for a part of the page: shows it, or keeps the newest while paused. */
  take(part: LivePart, frame: Frame<State>): void {
    if (!this.paused) {
      this.#show(part, frame)
    } else {
      this.#pending.set(part, frame)
      this.#updates++
    }
    this.#tell()
  }

  set pace(value: string) {
    kept.set('say-every', value)
    if (this.#voice) this.#voice.pace = paceOf(value)
  }

  get pace(): string {
    return String(paceOf(kept.get('say-every')))
  }

  #show(part: LivePart, frame: Frame<State>): void {
    part.show(frame)
    this.#stamp = frame.data.updated ?? this.#stamp
    this.#voice?.tell(frame.data.sentence ?? '')
  }

  #tell(): void {
    const words = this.dataset
    const says = this.paused
      ? words.wordPaused
      : { connecting: words.wordConnecting, live: words.wordLive, offline: words.wordOffline }[this.#line]
    for (const fresh of document.querySelectorAll('[data-fresh]')) {
      const text = fill(says, { 0: this.#stamp })
      if (fresh.textContent !== text) fresh.textContent = text
      fresh.classList.toggle('stale', this.#line !== 'live' || this.paused)
    }
    const label = this.querySelector('[data-hold] span')
    const n = this.#updates
    const resume = n === 0 ? words.wordResume : n === 1 ? words.wordResumeOne : words.wordResumeMany
    const text = this.paused ? fill(resume, { n }) : (words.wordPause ?? '')
    if (label && label.textContent !== text) label.textContent = text
  }
}

/** What every live part does: watch its topic and show each frame in the markup that the server has made. */
class LivePart extends HTMLElement {
  #stop: (() => void) | undefined

  connectedCallback(): void {
    const topic = this.getAttribute('topic')
    if (!topic) return
    this.#stop = feed().watch<State>(topic, Number(this.getAttribute('seq')), frame => {
      const status = document.querySelector('live-status')
      if (status instanceof LiveStatusElement) status.take(this, frame)
      else this.show(frame)
    })
  }

  disconnectedCallback(): void {
    this.#stop?.()
  }

  show(frame: Frame<State>): void {
    bind(this, frame.data)
    this.setAttribute('seq', String(frame.seq))
    this.dispatchEvent(new CustomEvent('shown'))
  }
}

/** <result-board topic="zh-CN/unit/12" seq="41"> keeps a unit's or an event's tables current. */
class ResultBoardElement extends LivePart {}

/** <schedule-list> keeps lists of units current: today, a day's timetable, a delegation's starts. */
class ScheduleListElement extends LivePart {}

/** <medal-table> keeps the medal table current. */
class MedalTableElement extends LivePart {}

/** <say-every> is the setting of how often results are read out. It is there only where script is. */
class SayEveryElement extends HTMLElement {
  connectedCallback(): void {
    const select = this.querySelector('select')
    const status = document.querySelector('live-status')
    if (!select || !(status instanceof LiveStatusElement)) return
    this.hidden = false
    select.value = paces.map(String).includes(status.pace) ? status.pace : '5'
    select.addEventListener('change', () => {
      status.pace = select.value
    })
  }
}

/** Makes the elements known to the page. */
export function define(): void {
  customElements.define('live-status', LiveStatusElement)
  customElements.define('result-board', ResultBoardElement)
  customElements.define('schedule-list', ScheduleListElement)
  customElements.define('medal-table', MedalTableElement)
  customElements.define('say-every', SayEveryElement)
}

/** Whether the reader holds the page still. */
export const paused = (): boolean => {
  const status = document.querySelector('live-status')
  return status instanceof LiveStatusElement && status.paused
}
