import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { backoff, Feed, type Line, type World } from '../src/feed.ts'

/** A world in which sockets and clocks do what the test says. */
class Scene implements World {
  sockets: Socket[] = []
  timers = new Map<number, { run: () => void; ms: number }>()
  asked: { url: string; tag: string | null }[] = []
  answer: (url: string) => Response = () => new Response(null, { status: 304 })
  #next = 1
  socket = (url: string): WebSocket => {
    const s = new Socket(url)
    this.sockets.push(s)
    return s as unknown as WebSocket
  }
  fetch = (url: string, init: RequestInit): Promise<Response> => {
    this.asked.push({ url, tag: new Headers(init.headers).get('If-None-Match') })
    return Promise.resolve().then(() => this.answer(url))
  }
  random = (): number => 0.5
  later = (run: () => void, ms: number): number => {
    this.timers.set(this.#next, { run, ms })
    return this.#next++
  }
  cancel = (timer: number): void => void this.timers.delete(timer)

  get last(): Socket {
    const s = this.sockets.at(-1)
    assert(s, 'no socket was opened')
    return s
  }
  /** Runs the timer that is due first. */
  tick(): number {
    const [id, timer] = [...this.timers].sort(([, a], [, b]) => a.ms - b.ms)[0] ?? []
    assert(id !== undefined && timer, 'nothing is waiting')
    this.timers.delete(id)
    timer.run()
    return timer.ms
  }
}

class Socket {
  readyState = 0
  sent: { type: string; topics: { topic: string; epoch?: string; seq?: number }[] }[] = []
  onmessage: ((e: { data: string }) => void) | undefined
  onclose: ((e: { code: number; reason: string }) => void) | undefined
  constructor(readonly url: string) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.readyState = 3
  }
  says(message: object): void {
    this.readyState = 1
    this.onmessage?.({ data: JSON.stringify(message) })
  }
  ends(code: number, reason = ''): void {
    this.readyState = 3
    this.onclose?.({ code, reason })
  }
}

beforeEach(() => {
  Object.assign(globalThis, { location: { href: 'https://games.example/c/hlj9/units/12' } })
})

const settle = (): Promise<void> => new Promise(done => setImmediate(done))

test('watches with what the page has, and shows only what is newer', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  const shown: number[] = []
  feed.watch('en/unit/12', 41, f => shown.push(f.seq))
  assert.equal(scene.last.url, 'wss://games.example/c/hlj9/live')
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 45, keep_alive: 15000 })
  assert.deepEqual(scene.last.sent, [{ type: 'watch', topics: [{ topic: 'en/unit/12', epoch: 'e1', seq: 41 }] }])
  for (const seq of [41, 42, 40, 42, 45]) scene.last.says({ type: 'frame', topic: 'en/unit/12', epoch: 'e1', seq, data: {} })
  assert.deepEqual(shown, [42, 45])
})

test('a new epoch starts the numbers again', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  const shown: string[] = []
  feed.watch('en/medals', 90, f => shown.push(`${f.epoch}-${f.seq}`))
  scene.last.says({ type: 'hello', epoch: 'e2', seq: 3 })
  scene.last.says({ type: 'frame', topic: 'en/medals', epoch: 'e2', seq: 3, data: {} })
  scene.last.says({ type: 'frame', topic: 'en/medals', epoch: 'e2', seq: 2, data: {} })
  assert.deepEqual(shown, ['e2-3'])
})

test('a log that was put back is read from the start', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  const shown: number[] = []
  feed.watch('en/medals', 90, f => shown.push(f.seq))
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 80 })
  assert.deepEqual(scene.last.sent[0]?.topics, [{ topic: 'en/medals' }])
  scene.last.says({ type: 'frame', topic: 'en/medals', epoch: 'e1', seq: 80, data: {} })
  assert.deepEqual(shown, [80])
})

test('a server that cannot read its log is not live', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  feed.watch('en/medals', 1, () => {})
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 1 })
  scene.last.says({ type: 'alive', epoch: 'e1', seq: 1, current: false })
  assert.equal(feed.line, 'offline')
  scene.last.says({ type: 'alive', epoch: 'e1', seq: 1, current: true })
  assert.equal(feed.line, 'live')
})

test('comes back with what it has, after the time the server asks for', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  const lines: Line[] = []
  feed.onLine(l => lines.push(l))
  feed.watch('en/unit/12', 1, () => {})
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 7 })
  scene.last.says({ type: 'frame', topic: 'en/unit/12', epoch: 'e1', seq: 7, data: {} })
  scene.last.ends(1012, '1700')
  assert.equal(scene.tick(), 1700)
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 9 })
  assert.deepEqual(scene.last.sent[0]?.topics, [{ topic: 'en/unit/12', epoch: 'e1', seq: 7 }])
  assert.deepEqual(lines, ['connecting', 'live', 'offline', 'live'])
})

test('does not come back when it is told to stay away', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  feed.watch('en/unit/12', 1, () => {})
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 7 })
  scene.last.ends(4404)
  assert.equal(scene.timers.size, 0)
  assert.equal(feed.line, 'offline')
})

test('a silent line is a dead line', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  feed.watch('en/unit/12', 1, () => {})
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 7, keep_alive: 15000 })
  assert.equal(scene.tick(), 20_000)
  assert.equal(feed.line, 'offline')
  assert.equal(scene.sockets[0]?.readyState, 3)
})

test('where sockets are blocked it asks by HTTP, and stops when one opens', async () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  const shown: number[] = []
  feed.watch('zh-CN/unit/12', 4, f => shown.push(f.seq))
  for (let i = 0; i < 3; i++) {
    scene.last.ends(1006)
    if (i < 2) scene.tick()
  }
  scene.answer = () => Response.json({ topic: 'zh-CN/unit/12', epoch: 'e1', seq: 6, data: {} }, { headers: { ETag: '"e1-6"' } })
  scene.tick()
  await settle()
  assert.deepEqual(scene.asked, [{ url: '/c/hlj9/state/zh-CN/unit/12', tag: '"e1-4"' }])
  assert.deepEqual(shown, [6])
  assert.equal(feed.line, 'live')
  const polls = scene.asked.length
  while (scene.sockets.length < 4) scene.tick()
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 6 })
  await settle()
  assert.ok(scene.asked.length - polls <= 2)
  assert.ok([...scene.timers.values()].every(t => t.ms > 6_000))
})

test('waiting times grow, never beyond thirty seconds, and differ', () => {
  for (let n = 0; n < 12; n++) {
    assert.ok(backoff(n, () => 0) >= 500)
    assert.ok(backoff(n, () => 0.999) <= 30_000)
    assert.ok(backoff(n, () => 0.2) <= backoff(n, () => 0.8))
  }
  assert.ok(backoff(8, () => 0.999) > 25_000)
})

test('stops watching a topic when its last watcher goes', () => {
  const scene = new Scene()
  const feed = new Feed('/c/hlj9', 'e1', scene)
  const stop = feed.watch('en/medals', 1, () => {})
  const stopToo = feed.watch('en/medals', 1, () => {})
  scene.last.says({ type: 'hello', epoch: 'e1', seq: 1 })
  stop()
  assert.equal(scene.last.sent.length, 1)
  stopToo()
  assert.equal(scene.last.sent.at(-1)?.type, 'unwatch')
})
