import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Announcer, type Pace, paceOf } from '../src/say.ts'

/** An announcer on a clock that only the test moves. */
function scene(pace: Pace) {
  const said: string[] = []
  let timers: { run: () => void; at: number; id: number }[] = []
  let now = 0
  let next = 1
  const clock = {
    later: (run: () => void, ms: number) => {
      timers.push({ run, at: now + ms, id: next })
      return next++
    },
    cancel: (id: number) => {
      timers = timers.filter(t => t.id !== id)
    },
  }
  const voice = new Announcer(
    text => said.push(text),
    (n, newest) => `${n}: ${newest}`,
    clock,
  )
  voice.pace = pace
  const pass = (ms: number): void => {
    now += ms
    for (const t of timers.filter(t => t.at <= now)) {
      timers = timers.filter(o => o !== t)
      t.run()
    }
  }
  return { voice, said, pass }
}

test('two hundred changes in ten seconds are at most three sentences, the last one the newest', () => {
  const { voice, said, pass } = scene(5)
  for (let i = 1; i <= 200; i++) {
    voice.tell(`change ${i}.`)
    pass(i < 200 ? 50 : 49)
  }
  assert.ok(said.length <= 2, `${said.length} announcements in ten seconds`)
  pass(5_000)
  assert.equal(said.length, 3)
  assert.match(said.at(-1) ?? '', /change 200\./)
})

test('up to four sentences are said in full', () => {
  const { voice, said, pass } = scene(5)
  voice.tell('a.')
  for (const s of ['b.', 'c.', 'd.', 'e.']) voice.tell(s)
  pass(5_000)
  assert.deepEqual(said, ['a.', 'b. c. d. e.'])
})

test('at once means at once', () => {
  const { voice, said } = scene(0)
  voice.tell('a.')
  voice.tell('b.')
  assert.deepEqual(said, ['a.', 'b.'])
})

test('off is silent, and turning it on again does not bring up what was', () => {
  const { voice, said, pass } = scene('off')
  voice.tell('a.')
  voice.pace = 15
  voice.tell('b.')
  pass(15_000)
  assert.deepEqual(said, ['b.'])
})

test('nothing is said twice', () => {
  const { voice, said, pass } = scene(5)
  voice.tell('a.')
  pass(5_000)
  pass(5_000)
  assert.deepEqual(said, ['a.'])
})

test('settings that are none mean five seconds', () => {
  assert.equal(paceOf(null), 5)
  assert.equal(paceOf('7'), 5)
  assert.equal(paceOf('off'), 'off')
  assert.equal(paceOf('0'), 0)
})
