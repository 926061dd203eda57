/**
 * The journal on the device, in IndexedDB. A mark is on the disk before anything
 * else happens to it: every transaction that writes is strict, and whoever calls
 * waits until it is complete. Each change reads and writes inside one
 * transaction, so that two tabs cannot cross each other.
 */
import type { Heard } from './deliver.ts'
import { answered, type Command, handed, insisted, type Kept, saw, unsure, withdrawn } from './outbox.ts'

const version = 1

/** Days after which what was delivered may leave the device. A restored server can ask for it until then. */
const keepDays = 14

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** A mark before the store has given it its place: what it writes over is found inside the transaction. */
export type Draft = Omit<Kept, 'n' | 'state' | 'tried' | 'id' | 'unit' | 'command'> & { command: Omit<Command, 'command' | 'saw'> }

export class Store {
  #db: IDBDatabase
  /** Called after every change, for what this tab shows. */
  changed: () => void = () => undefined
  #others: BroadcastChannel

  private constructor(db: IDBDatabase, name: string) {
    this.#db = db
    this.#others = new BroadcastChannel(name)
    this.#others.onmessage = () => this.changed()
    // a newer page in another tab wants to change the database: let go of it, the reload reads everything again
    db.onversionchange = () => db.close()
  }

  /** Opens the journal of one competition. It fails where the browser keeps nothing: then nothing may be entered. */
  static async open(competition: string): Promise<Store> {
    const name = `tablet-${competition}`
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => {
      const marks = request.result.createObjectStore('marks', { keyPath: 'n', autoIncrement: true })
      marks.createIndex('id', 'id', { unique: true })
      marks.createIndex('unit', 'unit')
      marks.createIndex('state', 'state')
      request.result.createObjectStore('things')
    }
    return new Store(await done(request), name)
  }

  /** Runs a change in one strict transaction and waits until it is on the disk. What nobody sees is no news. */
  async #write<T>(change: (marks: IDBObjectStore) => Promise<T>, news = true): Promise<T> {
    const tx = this.#db.transaction('marks', 'readwrite', { durability: 'strict' })
    const complete = new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve()
      tx.onabort = tx.onerror = () => reject(tx.error)
    })
    complete.catch(() => undefined) // awaited below; a change that fails first must not leave it unheard
    let result: T
    try {
      result = await change(tx.objectStore('marks'))
    } catch (e) {
      tx.abort()
      throw e
    }
    await complete
    if (news) {
      this.changed()
      this.#others.postMessage('changed')
    }
    return result
  }

  #unit(marks: IDBObjectStore, unit: number): Promise<Kept[]> {
    return done(marks.index('unit').getAll(unit) as IDBRequest<Kept[]>)
  }

  /** Keeps a mark under an ID of its own. told is the newest revision of the cell that the server has told. */
  add(draft: Draft, told: number): Promise<Kept> {
    const id = crypto.randomUUID()
    return this.#write(async marks => {
      const { unit } = draft.command
      const journal = await this.#unit(marks, unit)
      const c = draft.command
      const command: Command = {
        command: id,
        author: c.author,
        reason: c.reason,
        unit,
        start: c.start,
        cell: c.cell,
        mark: c.mark,
        irm: c.irm,
        rule: c.rule,
        clear: c.clear,
        saw: 0,
      }
      command.saw = saw(journal, command, told)
      const kept: Kept = { ...draft, id, unit, state: 'waiting', tried: 0, command }
      kept.n = Number(await done(marks.add(kept)))
      return kept
    })
  }

  /** Keeps a mark of a file under the ID that it has; one that is here already stays as it is. */
  restore(kept: Kept): Promise<boolean> {
    return this.#write(async marks => {
      if (await done(marks.index('id').getKey(kept.id))) return false
      const { n: _, ...rest } = kept
      await done(marks.add({ ...rest, state: 'waiting', tried: Math.max(1, rest.tried) }))
      return true
    })
  }

  /** Notes, before they are sent, that marks may go out; those that do not wait any more are left out. */
  trying(ids: readonly string[]): Promise<Kept[]> {
    return this.#write(async marks => {
      const noted: Kept[] = []
      for (const id of ids) {
        const kept = (await done(marks.index('id').get(id))) as Kept | undefined
        if (kept?.state !== 'waiting') continue
        const now: Kept = { ...kept, tried: kept.tried + 1 }
        await done(marks.put(now))
        noted.push(now)
      }
      return noted
    }, false)
  }

  /** Writes answers down, each over what the one before has left. */
  answered(heard: readonly Heard[]): Promise<void> {
    return this.#write(async marks => {
      for (const { id, unit, answer } of heard)
        for (const kept of answered(await this.#unit(marks, unit), id, answer)) await done(marks.put(kept))
    })
  }

  /** Takes back a mark that never went out; false where a command has to. */
  async withdraw(id: string, unit: number): Promise<boolean> {
    let possible = true
    await this.#apply(unit, journal => {
      const change = withdrawn(journal, id)
      possible = change !== undefined
      return change ?? []
    })
    return possible
  }

  /** The judge has chosen, or has seen what there was to see. */
  settle(id: string, unit: number): Promise<void> {
    return this.#apply(unit, journal => journal.filter(k => k.id === id).map(k => ({ ...k, state: 'settled' as const })))
  }

  /** The judge keeps to a mark although somebody was faster. */
  insist(id: string, unit: number, reason: string): Promise<void> {
    return this.#write(async marks => {
      const kept = (await this.#unit(marks, unit)).find(k => k.id === id)
      const change = kept && insisted(kept, crypto.randomUUID(), reason)
      if (!change) return
      await done(marks.put(change[0]))
      await done(marks.add(change[1]))
    })
  }

  /** The judge leaves it to the chief judge. */
  hand(id: string, unit: number): Promise<void> {
    return this.#apply(unit, journal => journal.filter(k => k.id === id).flatMap(handed))
  }

  /** A refused mark goes out again as it is: what stood in its way was not in it. */
  again(id: string, unit: number): Promise<void> {
    return this.#apply(unit, journal =>
      journal.filter(k => k.id === id && k.state === 'refused').map(k => ({ ...k, state: 'waiting' as const })),
    )
  }

  #apply(unit: number, change: (journal: Kept[]) => Kept[]): Promise<void> {
    return this.#write(async marks => {
      for (const kept of change(await this.#unit(marks, unit))) await done(marks.put(kept))
    })
  }

  /** Receipts of another life of the log are asked for again. */
  doubt(epoch: string): Promise<number> {
    return this.#write(async marks => {
      const again = unsure((await done(marks.index('state').getAll('delivered'))) as Kept[], epoch)
      for (const kept of again) await done(marks.put(kept))
      return again.length
    })
  }

  /** Lets go of what has long been delivered or decided. now is this device's clock: too early or late is harmless. */
  forget(now: number): Promise<void> {
    return this.#write(async marks => {
      const old = ((await done(marks.getAll())) as Kept[]).filter(k => !['waiting', 'stale', 'refused'].includes(k.state))
      for (const k of old) if (k.n !== undefined && k.at < now - keepDays * 86_400_000) await done(marks.delete(k.n))
    })
  }

  async journal(): Promise<Kept[]> {
    return (await done(this.#db.transaction('marks').objectStore('marks').getAll())) as Kept[]
  }

  async waiting(): Promise<Kept[]> {
    const all = this.#db.transaction('marks').objectStore('marks').index('state').getAll('waiting')
    return ((await done(all)) as Kept[]).sort((a, b) => (a.n ?? 0) - (b.n ?? 0))
  }

  /** Things that are no marks: the work as it was last told, settings. Losing one loses nothing that counts. */
  async thing<T>(name: string): Promise<T | undefined> {
    return (await done(this.#db.transaction('things').objectStore('things').get(name))) as T | undefined
  }

  async keep(name: string, thing: unknown): Promise<void> {
    await done(this.#db.transaction('things', 'readwrite').objectStore('things').put(thing, name))
  }
}
