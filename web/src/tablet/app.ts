/**
 * The judge's tablet. It works alone: what there is to do and every mark are on
 * the device; the network only brings news and takes marks away. See
 * docs/tablet.md for how a mark travels.
 */
import { attentionList } from './attention.ts'
import { Banner, deliveredSentence } from './banner.ts'
import { Deliverer } from './deliver.ts'
import { deviceScreen, persist, type Settings, usual, wear } from './device.ts'
import { h, icon } from './dom.ts'
import { Beat, battery, type Heard, type Message, WorkLine } from './line.ts'
import { aspectList, rowList, saidIn, strip, unitList } from './lists.ts'
import { counts, type Kept } from './outbox.ts'
import { type Given, Pad } from './pads/pad.ts'
import { Store } from './store.ts'
import { join, learn, say } from './words.ts'
import { cellsOf, nextOpen, Picture, type Place, places, progress, type Row, samePlace, type Unit, type Work } from './work.ts'

type Screen = 'units' | 'unit' | 'attention' | 'device'

class App {
  #root: string
  #competition: string
  #version: string
  #store: Store
  #main = h('main', { class: 'pad', id: 'main', tabindex: '-1' })
  #banner: Banner
  #say = h('p', { class: 'vh', role: 'status', 'aria-live': 'polite' })
  #alarm = h('p', { class: 'vh', role: 'alert', 'aria-live': 'assertive' })
  #notes = h('section', { class: 'notes' })
  #lists = h('div', { class: 'list' })
  #menu: { units: HTMLButtonElement; attention: HTMLButtonElement; device: HTMLButtonElement }
  #line: WorkLine
  #beat: Beat
  #deliverer: Deliverer
  #work: Work | undefined
  #picture = new Picture([])
  #screen: Screen = 'units'
  #at: { unit: number; place: Place } | undefined
  #pad: Pad | undefined
  #state: Heard['line'] = 'down'
  #skew = 0
  #kept = true
  #settings: Settings = usual
  #message = ''
  #messages: Message[] = []
  #read = new Set<number>()
  #news = false
  #looking = false

  constructor(body: HTMLElement, store: Store) {
    this.#root = body.dataset.root ?? ''
    this.#competition = body.dataset.competition ?? ''
    this.#version = body.dataset.version ?? ''
    this.#store = store
    const item = (name: string, screen: Screen): HTMLButtonElement =>
      h(
        'button',
        { type: 'button', class: 'btn', onclick: () => this.#open(screen) },
        icon(name),
        h('span', {}, say(`tablet.menu-${screen}`)),
      )
    this.#menu = { units: item('list', 'units'), attention: item('alert', 'attention'), device: item('text', 'device') }
    this.#banner = new Banner(
      h('nav', { class: 'menu', 'aria-label': say('nav.label') }, this.#menu.units, this.#menu.attention, this.#menu.device),
    )
    body.replaceChildren(
      h('a', { class: 'skip', href: '#main' }, say('judge.skip')),
      this.#banner.root,
      this.#notes,
      this.#main,
      this.#say,
      this.#alarm,
      ...body.querySelectorAll(':scope > svg'),
    )
    this.#line = new WorkLine(this.#root)
    this.#beat = new Beat(this.#root)
    this.#deliverer = new Deliverer(store, `${this.#root}/marks`, {
      fetch: (url, init) => fetch(url, init),
      random: Math.random,
      now: () => performance.now(),
      sleep: ms => new Promise(done => window.setTimeout(done, ms)),
    })
  }

  async start(): Promise<void> {
    this.#settings = (await this.#store.thing<Settings>('settings')) ?? usual
    wear(this.#settings)
    this.#work = await this.#store.thing<Work>('work')
    this.#picture = new Picture(await this.#store.journal())
    const last = Number(sessionStorage.getItem(`${this.#competition}-unit`))
    const unit = this.#work?.units.find(u => u.id === last)
    if (unit) this.#enter(unit, undefined, false)
    else this.#open('units', false)
    this.#store.changed = () => void this.#look()
    this.#line.heard = heard => void this.#heard(heard)
    this.#deliverer.heard = line => this.#lined(line)
    void this.#line.ask()
    void this.#deliver()
    void persist().then(kept => {
      this.#kept = kept
      if (this.#screen === 'device') this.#draw()
    })
    void this.#store.forget(Date.now())
    window.setInterval(() => void this.#tell(), 20_000)
    window.addEventListener('beforeunload', e => {
      if (this.#pad?.touched) e.preventDefault() // typed, not kept: the browser asks
    })
  }

  /** One tab of this device delivers; the others wait for the lock, which falls free when it closes or dies. */
  async #deliver(): Promise<void> {
    const run = (): Promise<void> => this.#deliverer.run(new AbortController().signal)
    if (navigator.locks) await navigator.locks.request(`deliver-${this.#competition}`, run)
    else await run() // two tabs then send twice, which the server counts once
  }

  /** News from the server, or that there is none. */
  async #heard({ work, line, skew }: Heard): Promise<void> {
    if (skew !== undefined) this.#skew = skew
    if (line === 'out') this.#deliverer.author = ''
    if (work) {
      if (this.#deliverer.epoch !== work.epoch) await this.#store.doubt(work.epoch)
      this.#deliverer.author = work.judge
      this.#deliverer.epoch = work.epoch
      const other = this.#work && this.#work.judge !== work.judge
      this.#work = work
      await this.#store.keep('work', work)
      if (other) this.#open('units')
      else this.#refresh()
    }
    const back = this.#state !== 'up' && line === 'up'
    this.#lined(line)
    if (back || work) this.#deliverer.hurry()
  }

  #lined(line: Heard['line']): void {
    const was = this.#state
    this.#state = line
    if (was === 'up' && line === 'down') this.#tellPolitely(say('tablet.offline'))
    this.#show()
  }

  async #tell(): Promise<void> {
    if (this.#state !== 'up') return
    const charge = await battery()
    const messages = await this.#beat.send({
      unsent: counts(this.#picture.journal, '').waiting,
      ...(charge === undefined ? {} : { battery: charge }),
      version: this.#version,
      clock: Date.now(),
      read: [...this.#read],
    })
    if (!messages) return
    const fresh = messages.filter(m => !this.#read.has(m.id))
    const [first] = fresh.filter(m => !this.#messages.some(old => old.id === m.id))
    this.#messages = fresh
    if (first) this.#alarm.textContent = first.text
    this.#show()
  }

  /** A message has been read; the control room hears of it with the next beat. */
  #readMessage(id: number): void {
    this.#read.add(id)
    this.#messages = this.#messages.filter(m => m.id !== id)
    this.#show()
    void this.#tell()
  }

  /** Looks at the journal once for all the changes that come while it looks. */
  async #look(): Promise<void> {
    this.#news = true
    if (this.#looking) return
    this.#looking = true
    try {
      while (this.#news) {
        this.#news = false
        await this.#changed()
      }
    } finally {
      this.#looking = false
    }
  }

  /** The journal has changed, here or in another tab. */
  async #changed(): Promise<void> {
    const before = new Map(this.#picture.journal.map(k => [k.id, k.state]))
    const journal = await this.#store.journal()
    this.#picture = new Picture(journal)
    const turned = (state: Kept['state']): Kept[] => journal.filter(k => k.state === state && before.get(k.id) === 'waiting')
    const delivered = turned('delivered')
    const [first] = delivered
    if (first) this.#tellPolitely(deliveredSentence(join(first.about, first.text), delivered.length))
    const [bad] = [...turned('stale'), ...turned('refused'), ...turned('late')]
    if (bad) this.#alarm.textContent = join(bad.about, bad.state === 'late' ? say('tablet.late-title') : say('tablet.attention'))
    this.#deliverer.poke()
    this.#refresh()
  }

  #tellPolitely(text: string): void {
    this.#say.textContent = text
  }

  get #judge(): string {
    return this.#work?.judge ?? ''
  }

  #unit(): Unit | undefined {
    return this.#work?.units.find(u => u.id === this.#at?.unit)
  }

  #open(screen: Screen, focus = true): void {
    this.#screen = screen
    this.#pad = undefined
    if (screen !== 'unit') sessionStorage.removeItem(`${this.#competition}-unit`)
    this.#draw()
    if (focus) this.#main.focus()
  }

  /** Opens a unit at a place, or at the first that is still to be written. */
  #enter(unit: Unit, place: Place | undefined, focus = true): void {
    const first = places(unit).find(p => p.cell.input !== 'reason')
    const at = place ?? nextOpen(unit, undefined, this.#picture) ?? first
    if (!at) return
    if (this.#screen !== 'unit') window.scrollTo(0, 0)
    this.#screen = 'unit'
    this.#at = { unit: unit.id, place: at }
    sessionStorage.setItem(`${this.#competition}-unit`, String(unit.id))
    this.#draw()
    if (focus) this.#pad?.focus()
  }

  /** Makes the screen anew. */
  #draw(): void {
    const unit = this.#unit()
    if (this.#screen === 'unit' && unit && this.#at) this.#drawUnit(unit, this.#at.place)
    else if (this.#screen === 'attention') this.#page(say('tablet.menu-attention'), attentionList(this.#picture.journal, this.#ways()))
    else if (this.#screen === 'device') this.#page(say('tablet.menu-device'), this.#device())
    else this.#page(say('tablet.menu-units'), this.#units())
    this.#show()
  }

  #page(title: string, content: HTMLElement): void {
    this.#main.className = 'pad one'
    this.#main.replaceChildren(h('h1', {}, title), content)
  }

  #units(): HTMLElement {
    if (!this.#work) return h('p', { class: 'empty' }, say(this.#state === 'out' ? 'tablet.sign-in-first' : 'tablet.no-work'))
    return unitList(this.#work.units, this.#picture, unit => this.#enter(unit, undefined))
  }

  #device(): HTMLElement {
    return deviceScreen(this.#store, this.#picture.journal, {
      root: this.#root,
      competition: this.#competition,
      kept: this.#kept,
      skew: this.#skew,
      settings: this.#settings,
      change: settings => {
        this.#settings = settings
        wear(settings)
        void this.#store.keep('settings', settings)
      },
      told: text => {
        this.#message = text
        this.#alarm.textContent = text
        this.#show()
      },
    })
  }

  #drawUnit(unit: Unit, place: Place): void {
    const shown = this.#picture.shown(unit, place.row, place.cell.name)
    const irmCell = place.cell.reasons?.length ? place.cell : cellsOf(unit, place.row).find(c => c.input === 'reason')
    const never = shown.mine?.state === 'waiting' && shown.mine.tried === 0
    const needsReason = shown.text !== '' && !place.cell.running && !never
    this.#pad = new Pad(
      place,
      irmCell,
      { ...shown, needsReason },
      strip(unit, place, this.#picture, p => this.#enter(unit, p)),
      {
        keep: given => void this.#keep(unit, given),
        back: () => this.#back(unit, place),
      },
    )
    this.#lists = h('div', { class: 'list' })
    this.#fillLists(unit)
    this.#main.className = 'pad'
    this.#main.replaceChildren(
      h('section', { class: 'desk', 'aria-label': unit.title }, this.#pad.root),
      h('section', { class: 'beside-pad', 'aria-labelledby': 'heat' }, this.#lists, h('p', { class: 'undo' }, this.#undoButton(unit))),
    )
    this.#main.querySelector('.strip [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }

  /** Whether the list shows the aspects of one work, or the lines of the unit. */
  #byAspect = (unit: Unit): boolean => unit.order === 'work'

  #fillLists(unit: Unit): void {
    if (!this.#at) return
    const { place } = this.#at
    const { done, all } = progress(unit, this.#picture)
    const head = h('h1', { id: 'heat' }, say('tablet.progress', done, all))
    if (this.#byAspect(unit)) {
      const rows = unit.rows
      const step = (by: number): HTMLElement => {
        const row = rows[rows.findIndex(r => r.key === place.row.key) + by]
        const to = row && nextOpen({ ...unit, rows: [row] }, undefined, this.#picture)
        const first = row && { row, cell: cellsOf(unit, row)[0] as Place['cell'] }
        return h(
          'button',
          { class: 'btn', type: 'button', disabled: !row, onclick: () => row && this.#enter(unit, to ?? first) },
          say(by < 0 ? 'tablet.work-before' : 'tablet.work-after'),
        )
      }
      this.#lists.replaceChildren(
        head,
        aspectList(unit, place, this.#picture, p => this.#enter(unit, p)),
        h('p', { class: 'row works' }, step(-1), step(1)),
      )
      return
    }
    this.#lists.replaceChildren(
      head,
      rowList(unit, place, this.#picture, row => this.#enter(unit, this.#placeOf(unit, row, place))),
    )
  }

  /** Where tapping a line leads: to the same cell of it, or to the first that is open. */
  #placeOf(unit: Unit, row: Row, from: Place): Place {
    const cells = cellsOf(unit, row)
    const same = cells.find(c => c.name === from.cell.name) ?? cells.find(c => c.input !== 'reason')
    const to = nextOpen({ ...unit, rows: [row] }, undefined, this.#picture)
    return unit.order === 'group' || !to ? { row, cell: same as Place['cell'] } : to
  }

  #back(unit: Unit, place: Place): void {
    const all = places(unit).filter(p => p.cell.input !== 'reason' && !p.row.out)
    const i = all.findIndex(p => samePlace(p, place))
    this.#enter(unit, all.at(i > 0 ? i - 1 : -1))
  }

  /** Keeps a mark: on the disk first, then shown, then sent. */
  async #keep(unit: Unit, given: Given): Promise<void> {
    const { place, cell } = given
    const shown = this.#picture.shown(unit, place.row, cell.name)
    const text = given.mark || given.irm
    const about = join(
      place.row.lane && say('judge.lane', place.row.lane),
      place.row.name,
      cellsOf(unit, place.row).length > 1 ? cell.label : '',
    )
    try {
      if (
        shown.mine?.state === 'waiting' &&
        shown.mine.tried === 0 &&
        !(await this.#store.withdraw(shown.mine.id, unit.id)) &&
        !given.reason &&
        !cell.running
      ) {
        await this.#gone(unit, given)
        return
      }
      if (shown.mine?.state === 'refused') await this.#store.settle(shown.mine.id, unit.id)
      await this.#store.add(
        {
          command: {
            author: this.#judge,
            reason: given.reason,
            unit: unit.id,
            start: place.row.start,
            cell: cell.name,
            mark: given.mark,
            irm: given.irm,
            rule: given.rule,
            clear: false,
          },
          text,
          about,
          at: Date.now(),
        },
        place.row.stand[cell.name]?.revision ?? 0,
      )
    } catch {
      this.#pad?.failed(say('tablet.not-kept'))
      return
    }
    this.#tellPolitely(join(about, saidIn(unit, place.row, cell.name, text), say('tablet.saved')))
    const picture = new Picture(await this.#store.journal())
    this.#picture = picture
    const next = nextOpen(unit, place, picture)
    const early = this.#pad?.early ?? ''
    this.#enter(unit, next ?? place)
    if (early && next?.cell.input === 'mark') this.#pad?.fill(early)
    if (!next) this.#pad?.root.classList.add('over')
  }

  /** The mark before has gone out in the meantime: this one is a correction now, and needs a reason. */
  async #gone(unit: Unit, given: Given): Promise<void> {
    this.#picture = new Picture(await this.#store.journal())
    this.#enter(unit, given.place)
    this.#pad?.fill(given.mark)
    this.#pad?.failed(say('tablet.reason-missing'))
  }

  #lastOf(unit: Unit): Kept | undefined {
    return this.#picture.journal
      .filter(
        k =>
          k.unit === unit.id && k.command.author === this.#judge && !k.command.clear && (k.state === 'waiting' || k.state === 'delivered'),
      )
      .filter(k => {
        const row = unit.rows.find(r => r.start === k.command.start)
        return row && this.#picture.shown(unit, row, k.command.cell).text === k.text
      })
      .at(-1)
  }

  #undoButton(unit: Unit): HTMLElement {
    return h(
      'button',
      { class: 'btn', type: 'button', disabled: unit.closed, onclick: () => void this.#undo(unit) },
      icon('left'),
      say('tablet.undo'),
    )
  }

  /** Takes the last mark back: out of the box if it never left it, else by a command that everybody can read in the log. */
  async #undo(unit: Unit): Promise<void> {
    const last = this.#lastOf(unit)
    if (!last) {
      this.#tellPolitely(say('tablet.undo-none'))
      return
    }
    if (!(await this.#store.withdraw(last.id, unit.id))) {
      const c = last.command
      const told = unit.rows.find(r => r.start === c.start)?.stand[c.cell]?.revision ?? 0
      const command = {
        author: this.#judge,
        reason: say('tablet.undo-reason'),
        unit: c.unit,
        start: c.start,
        cell: c.cell,
        mark: '',
        irm: '',
        rule: '',
        clear: true,
      }
      await this.#store.add({ command, text: say('tablet.undone'), about: last.about, at: Date.now() }, told)
    }
    this.#tellPolitely(join(last.about, last.text, say('tablet.undone')))
    this.#picture = new Picture(await this.#store.journal())
    const place = places(unit).find(p => p.row.start === last.command.start && p.cell.name === last.command.cell)
    this.#enter(unit, place)
  }

  #ways(): Parameters<typeof attentionList>[1] {
    const go = (act: Promise<void>): void => void act.then(() => this.#line.ask())
    return {
      keepTheirs: k => go(this.#store.settle(k.id, k.unit)),
      insist: (k, reason) => go(this.#store.insist(k.id, k.unit, reason)),
      hand: k => go(this.#store.hand(k.id, k.unit)),
      again: k => go(this.#store.again(k.id, k.unit)),
      drop: k => go(this.#store.settle(k.id, k.unit)),
      correct: k => {
        const unit = this.#work?.units.find(u => u.id === k.unit)
        const place = unit && places(unit).find(p => p.row.start === k.command.start && p.cell.name === k.command.cell)
        if (!unit || !place) return
        this.#enter(unit, place)
        this.#pad?.fill(k.command.mark)
      },
    }
  }

  /** Shows news without disturbing what is being typed. */
  #refresh(): void {
    const unit = this.#unit()
    if (this.#screen === 'unit' && unit && this.#at) {
      const { place } = this.#at
      const row = unit.rows.find(r => r.key === place.row.key)
      const cell = row && cellsOf(unit, row).find(c => c.name === place.cell.name)
      if (!row || !cell) {
        this.#open('units')
        return
      }
      this.#at = { unit: unit.id, place: { row, cell } }
      if (this.#pad?.touched || this.#main.contains(document.activeElement)) this.#keepFocus(() => this.#fillLists(unit))
      else this.#drawUnit(unit, this.#at.place)
    } else this.#keepFocus(() => this.#draw())
    this.#show()
  }

  /** Redraws a part in which something may have the focus, which then goes to the same thing again. */
  #keepFocus(draw: () => void): void {
    const held = document.activeElement as HTMLElement | null
    const inside = held && held !== this.#main && this.#main.contains(held)
    const index = inside ? [...this.#main.querySelectorAll('button, input, a')].indexOf(held) : -1
    const value = held instanceof HTMLInputElement && held.type === 'text' ? held.value : undefined
    draw()
    if (!inside || document.contains(held)) return
    const again = this.#main.querySelectorAll<HTMLElement>('button, input, a')[index]
    if (value !== undefined && again instanceof HTMLInputElement && again.type === 'text') again.value = value
    again?.focus({ preventScroll: true })
  }

  /** The banner, the notes under it, the menu. */
  #show(): void {
    const unit = this.#screen === 'unit' ? this.#unit() : undefined
    const c = counts(this.#picture.journal, this.#judge)
    const last = this.#picture.journal
      .filter(k => k.state === 'delivered')
      .reduce<Kept | undefined>((a, k) => ((k.seq ?? 0) > (a?.seq ?? -1) ? k : a), undefined)
    this.#banner.show({
      title: unit?.title ?? say('tablet.choose-unit'),
      judge: this.#judge,
      seat: this.#work?.seat || this.#work?.role || '',
      line: this.#state,
      counts: c,
      last: last ? join(last.about, last.text) : '',
      skew: this.#skew,
    })
    for (const [screen, button] of Object.entries(this.#menu)) {
      if (screen === this.#screen) button.setAttribute('aria-current', 'page')
      else button.removeAttribute('aria-current')
    }
    this.#menu.attention.classList.toggle('danger', c.attention > 0)
    const notes = this.#noteTexts(unit, c)
    const key = notes.map(n => n.text).join('|')
    if (this.#notes.dataset.key === key) return
    this.#notes.dataset.key = key
    this.#notes.hidden = notes.length === 0
    this.#notes.setAttribute('aria-label', say('tablet.notes'))
    this.#notes.replaceChildren(...notes.map(n => h('p', { class: `note ${n.kind}` }, icon(n.icon), h('span', {}, n.text, ' ', n.link))))
  }

  #noteTexts(unit: Unit | undefined, c: ReturnType<typeof counts>): { kind: string; icon: string; text: string; link?: HTMLElement }[] {
    const notes = []
    const signIn = h('a', { href: `${this.#root}/sign-in?next=${encodeURIComponent(location.pathname)}` }, say('tablet.sign-in'))
    for (const { id, text, by } of this.#messages) {
      const seen = h('button', { class: 'btn', type: 'button', onclick: () => this.#readMessage(id) }, say('tablet.seen'))
      notes.push({ kind: 'live', icon: 'speak', text: join(text, by), link: seen })
    }
    if (this.#message) notes.push({ kind: 'live', icon: 'speak', text: this.#message })
    if (this.#state === 'out')
      notes.push({
        kind: 'alert',
        icon: 'alert',
        text: c.waiting > 0 ? say('tablet.out-kept', c.waiting, c.heldBy[0] ?? this.#judge) : say('tablet.out-lead'),
        link: signIn,
      })
    else if (c.held > 0) notes.push({ kind: 'alert', icon: 'alert', text: say('tablet.held', c.held, c.heldBy.join('、')), link: signIn })
    if (this.#state === 'down') notes.push({ kind: 'saved', icon: 'saved', text: say('tablet.offline-lead') })
    if (unit?.closed) notes.push({ kind: 'unofficial', icon: 'official', text: say('tablet.closed') })
    if (this.#work && this.#work.version !== this.#version && !this.#pad?.touched)
      notes.push({ kind: 'live', icon: 'alert', text: say('tablet.newer'), link: h('a', { href: location.pathname }, say('live.reload')) })
    return notes
  }
}

/** The page without a network needs a worker that has kept it. */
async function install(body: HTMLElement): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const url = `${body.dataset.root}/tablet/worker.js`
  // the one address that may become script; the page's policy asks for it to be named
  const trust = (
    window as {
      trustedTypes?: {
        createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => { createScriptURL: (url: string) => unknown }
      }
    }
  ).trustedTypes
  const trusted = trust?.createPolicy('worker', { createScriptURL: () => url }).createScriptURL(url) ?? url
  await navigator.serviceWorker.register(trusted as string, { scope: `${body.dataset.root}/tablet` })
}

const body = document.querySelector<HTMLElement>('body[data-tablet]')
if (body) {
  learn()
  void install(body).catch(() => undefined) // without it the page still works as long as it stays open
  try {
    await new App(body, await Store.open(body.dataset.competition ?? '')).start()
  } catch (e) {
    body.querySelector('[data-broken]')?.removeAttribute('hidden')
    throw e
  }
}
