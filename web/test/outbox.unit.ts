import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Deliverer, type Heard, type Journal, read, run, wait } from '../src/tablet/deliver.ts'
import { answered, type Command, counts, type Kept, newest, queues, type State, saw, unsure, withdrawn } from '../src/tablet/outbox.ts'

const cell = (unit: number, start: number, saw: number, mark: string, author = '邢玉兰'): Command => ({
  command: '',
  author,
  reason: '',
  unit,
  start,
  cell: 'time',
  mark,
  irm: '',
  rule: '',
  clear: false,
  saw,
})

let made = 0
const kept = (command: Command, state: State = 'waiting', more: Partial<Kept> = {}): Kept => {
  const n = ++made
  return {
    n,
    id: `id-${n}`,
    unit: command.unit,
    state,
    command: { ...command, command: `id-${n}` },
    text: command.mark,
    about: '',
    at: 0,
    tried: 0,
    ...more,
  }
}

test('a new mark writes over the last of one’s own, told or not', () => {
  const c = cell(1, 5, 0, '28.91')
  assert.equal(saw([], c, 0), 0)
  assert.equal(saw([], c, 3), 3)
  const first = kept(cell(1, 5, 3, '28.91'))
  const second = kept(cell(1, 5, 4, '28.19'))
  assert.equal(saw([first, second], c, 3), 5)
  assert.equal(saw([kept(cell(1, 5, 3, '28.91'), 'delivered', { revision: 4 })], c, 3), 4, 'the receipt is newer than the page')
  assert.equal(saw([kept(cell(1, 5, 3, '28.91'), 'withdrawn')], c, 3), 3)
  assert.equal(saw([kept(cell(1, 6, 3, '28.91'))], c, 3), 3, 'another line')
})

test('somebody was faster: the last of one’s own stands beside it, the earlier ones are replaced', () => {
  const journal = [kept(cell(1, 5, 0, '28.91'), 'waiting', { tried: 1 }), kept(cell(1, 5, 1, '28.19')), kept(cell(1, 6, 0, '30.00'))]
  const present = { text: '28.95', revision: 2, by: '董长河' }
  const change = answered(journal, journal[0]?.id ?? '', { kind: 'stale', present, problem: 'somebody was faster' })
  assert.deepEqual(
    change.map(k => [k.text, k.state, k.present?.text]),
    [
      ['28.91', 'replaced', undefined],
      ['28.19', 'stale', '28.95'],
    ],
  )
})

test('a mark that is refused gives its place to the next one', () => {
  const journal = [kept(cell(1, 5, 2, '2891'), 'waiting', { tried: 1 }), kept(cell(1, 5, 3, '28.91')), kept(cell(1, 5, 4, '28.19'))]
  const change = answered(journal, journal[0]?.id ?? '', { kind: 'refused', problem: 'too long' })
  assert.deepEqual(
    change.map(k => [k.state, k.command.saw]),
    [
      ['refused', 2],
      ['waiting', 2],
      ['waiting', 3],
    ],
  )
})

test('an answer that another tab has had already changes nothing', () => {
  const journal = [kept(cell(1, 5, 0, '28.91'), 'delivered', { revision: 1 })]
  assert.deepEqual(answered(journal, journal[0]?.id ?? '', { kind: 'late', problem: '' }), [])
})

test('only what has certainly never gone out is simply taken back', () => {
  const never = kept(cell(1, 5, 0, '28.91'))
  const later = kept(cell(1, 5, 1, '28.19'))
  assert.deepEqual(
    withdrawn([never, later], never.id)?.map(k => [k.state, k.command.saw]),
    [
      ['withdrawn', 0],
      ['waiting', 0],
    ],
  )
  const perhaps = kept(cell(1, 5, 0, '28.91'), 'waiting', { tried: 1 })
  assert.equal(withdrawn([perhaps], perhaps.id), undefined)
})

test('nobody’s marks go out under another name, and units do not wait for each other', () => {
  const journal = [
    kept(cell(1, 5, 0, '1')),
    kept(cell(2, 7, 0, '2')),
    kept(cell(1, 6, 0, '3')),
    kept(cell(1, 8, 0, '4', '别人')),
    kept(cell(3, 9, 0, '5'), 'stale'),
  ]
  const units = queues(journal, '邢玉兰')
  assert.deepEqual(
    [...units].map(([unit, queue]) => [unit, queue.map(k => k.text)]),
    [
      [1, ['1', '3']],
      [2, ['2']],
    ],
  )
  assert.deepEqual(counts(journal, '邢玉兰'), { waiting: 4, held: 1, heldBy: ['别人'], delivered: 0, attention: 1, late: 0 })
})

test('receipts of a log that was put back are asked for again', () => {
  const journal = [
    kept(cell(1, 5, 0, '1'), 'delivered', { epoch: 'a', tried: 1 }),
    kept(cell(1, 6, 0, '2'), 'delivered', { epoch: 'b' }),
    kept(cell(1, 7, 0, '3'), 'settled'),
  ]
  assert.deepEqual(
    unsure(journal, 'b').map(k => [k.text, k.state, k.tried]),
    [['1', 'waiting', 1]],
  )
})

test('what is shown in a cell is one’s own until the server’s picture contains it', () => {
  const mine = kept(cell(1, 5, 2, '28.91'), 'delivered', { revision: 3 })
  assert.equal(newest([mine], 1, 5, 'time', 2)?.text, '28.91')
  assert.equal(newest([mine], 1, 5, 'time', 3), undefined)
  assert.equal(newest([kept(cell(1, 5, 3, '1'), 'withdrawn')], 1, 5, 'time', 3), undefined)
})

test('what is no answer of ours decides nothing', () => {
  assert.equal(read(200, { message: 'hello' }, 'e'), undefined, 'a log-in page of the hall')
  assert.equal(read(503, { status: 'unknown' }, 'e'), undefined)
  assert.equal(read(500, { status: 'internal' }, 'e'), undefined)
  assert.equal(read(500, { status: 'invalid' }, 'e'), undefined)
  assert.equal(read(429, { status: 'limited' }, 'e'), undefined)
  assert.equal(read(409, { status: 'stale', present: { text: '1', revision: 2, by: 'b' } }, 'e')?.kind, 'stale')
  assert.equal(read(409, { status: 'closed', problem: 'unit-official' }, 'e')?.kind, 'refused', 'nobody said that it was kept')
  assert.equal(read(409, { status: 'closed', problem: 'mark-late' }, 'e')?.kind, 'late')
  assert.equal(read(409, { status: 'closed', problem: 'mark-moved' }, 'e')?.kind, 'late')
  assert.equal(read(409, { status: 'stale', problem: 'mark-handed', present: { text: '1', revision: 2, by: 'b' } }, 'e')?.kind, 'late')
  assert.equal(read(422, { status: 'invalid', message: 'no' }, 'e')?.kind, 'refused')
})

test('waiting times stay between their bounds', () => {
  for (let failures = 1; failures < 40; failures++)
    for (const r of [0, 0.5, 0.999]) {
      const ms = wait(failures, () => r)
      assert.ok(ms >= 500 && ms <= 8_000, `${failures}: ${ms}`)
    }
})

/** A journal in memory, and a server that keeps commands by ID and may lose a request or its answer. */
class Rig implements Journal {
  journal: Kept[] = []
  log = new Map<string, { body: string; revision: number }>()
  revisions = new Map<string, number>()
  sent: string[] = []
  fate: (n: number) => 'ok' | 'lost' | 'answer-lost' | 'login' | 'broken' = () => 'ok'
  clock = 0
  #n = 0

  waiting = async (): Promise<Kept[]> => this.journal.filter(k => k.state === 'waiting')
  trying = async (ids: readonly string[]): Promise<Kept[]> => {
    const noted = this.journal.filter(k => ids.includes(k.id) && k.state === 'waiting')
    for (const kept of noted) kept.tried++
    return noted
  }
  answered = async (heard: readonly Heard[]): Promise<void> => {
    for (const { id, answer } of heard)
      for (const k of answered(this.journal, id, answer)) this.journal[this.journal.findIndex(old => old.id === k.id)] = k
  }
  fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    const fate = this.fate(this.#n++)
    if (fate === 'lost') throw new TypeError('network')
    if (fate === 'login') return new Response('<html>', { status: 200 })
    if (fate === 'broken') return Response.json({ status: 'internal' }, { status: 500 })
    const body = String(init.body)
    const c = JSON.parse(body) as Command
    const key = `${c.unit}/${c.start}/${c.cell}`
    const first = this.log.get(c.command)
    let answer: Response
    if (first) {
      assert.equal(body, first.body, 'the same ID with other content')
      answer = Response.json({ seq: 1, repeated: true, outcome: { revision: first.revision } })
    } else if ((this.revisions.get(key) ?? 0) !== c.saw) {
      answer = Response.json(
        { status: 'stale', problem: 'mark-stale', present: { text: '?', revision: this.revisions.get(key), by: '?' } },
        { status: 409 },
      )
    } else {
      const revision = c.saw + 1
      this.revisions.set(key, revision)
      this.log.set(c.command, { body, revision })
      this.sent.push(`${c.unit}:${c.mark}`)
      answer = Response.json({ seq: this.log.size, outcome: { revision } })
    }
    if (fate === 'answer-lost') throw new TypeError('network')
    return answer
  }
  deliverer(random: () => number): Deliverer {
    const d = new Deliverer(this, '/c/hlj9/marks', { fetch: this.fetch, random, now: () => this.clock, sleep: async () => undefined })
    d.author = '邢玉兰'
    d.epoch = 'e'
    return d
  }
}

/** Numbers that look random and are the same each time. */
const dice = (seed: number): (() => number) => {
  let x = seed
  return () => {
    x = (x * 1664525 + 1013904223) % 4294967296
    return x / 4294967296
  }
}

test('whatever is lost on the way, each mark counts once and in the order of its unit', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const rig = new Rig()
    const random = dice(seed)
    for (let i = 0; i < 60; i++) {
      const unit = 1 + Math.floor(random() * 4)
      const c = cell(unit, 1 + Math.floor(random() * 3), 0, String(i))
      c.saw = saw(rig.journal, c, 0)
      rig.journal.push(kept(c))
    }
    const fates = ['ok', 'lost', 'answer-lost', 'login', 'broken'] as const
    rig.fate = n => (n > 400 ? 'ok' : (fates[Math.floor(random() * fates.length)] ?? 'ok'))
    const deliverer = rig.deliverer(random)
    for (let round = 0; round < 2_000 && rig.journal.some(k => k.state === 'waiting'); round++) {
      await deliverer.round()
      rig.clock += 10_000
    }
    assert.ok(
      rig.journal.every(k => k.state === 'delivered'),
      `seed ${seed}: ${JSON.stringify(counts(rig.journal, '邢玉兰'))}`,
    )
    assert.equal(rig.log.size, 60)
    for (const unit of [1, 2, 3, 4]) {
      const order = rig.sent.filter(s => s.startsWith(`${unit}:`)).map(s => Number(s.slice(2)))
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
        `seed ${seed}, unit ${unit}`,
      )
    }
  }
})

test('a unit that is stuck does not hold the others', async () => {
  const rig = new Rig()
  rig.journal.push(kept(cell(1, 5, 0, 'stuck')), kept(cell(2, 6, 0, 'free')), kept(cell(1, 7, 0, 'behind')))
  const fetch = rig.fetch
  rig.fetch = async (url, init) =>
    String(init.body).includes('"unit":1') ? Response.json({ status: 'internal' }, { status: 500 }) : fetch(url, init)
  const deliverer = rig.deliverer(() => 0.5)
  await deliverer.round()
  assert.deepEqual(rig.sent, ['2:free'])
  rig.clock += 60_000
  await deliverer.round()
  assert.deepEqual(
    rig.journal.map(k => k.tried),
    [2, 1, 1],
    'a unit that is stuck is asked with one mark',
  )
})

test('marks are noted together only where none is built upon another', () => {
  const queue = [cell(1, 5, 0, 'a'), cell(1, 6, 0, 'b'), cell(1, 5, 1, 'c'), cell(1, 7, 0, 'd')].map(c => kept(c))
  const texts = (marks: readonly Kept[]): string[] => marks.map(k => k.text)
  assert.deepEqual(texts(run(queue, 8)), ['a', 'b'])
  assert.deepEqual(texts(run(queue.slice(2), 8)), ['c', 'd'])
  assert.deepEqual(texts(run(queue, 1)), ['a'])
  assert.deepEqual(run([], 8), [])
})

test('when the sign-in has ended, everything stays and nothing goes on', async () => {
  const rig = new Rig()
  rig.journal.push(kept(cell(1, 5, 0, '1')), kept(cell(2, 6, 0, '2')))
  let asked = 0
  rig.fetch = async () => {
    asked++
    return Response.json({ status: 'forbidden', problem: 'sign-in' }, { status: 403 })
  }
  const heard: string[] = []
  const deliverer = rig.deliverer(() => 0.5)
  deliverer.heard = line => heard.push(line)
  await deliverer.round()
  rig.clock += 60_000
  await deliverer.round()
  assert.ok(asked <= 2, 'it kept asking')
  assert.ok(rig.journal.every(k => k.state === 'waiting'))
  assert.equal(heard[0], 'out')
})
