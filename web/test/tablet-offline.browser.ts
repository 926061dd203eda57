/** A tablet that loses the network, the page, the browser, the sign-in, the answer: nothing is lost, nothing counts twice. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { banner, Hall, openPage, signIn, Tablet, until } from './tablet-stage.ts'

let hall: Hall

before(async () => {
  hall = await Hall.open()
})
after(async () => {
  await hall?.close()
})

/** A page on which a hand that enters two hundred marks needs no pause between two taps: its clock for them runs a hundred times as fast. */
async function quickPage(tablet: Tablet): Promise<Page> {
  const page = tablet.context.pages()[0] ?? (await tablet.context.newPage())
  await page.addInitScript(() => {
    const real = performance.now.bind(performance)
    performance.now = () => real() * 100
  })
  return page
}

/** Types the next marks of the heat that is open, each with Enter, and waits until each is kept and the pad has moved on. */
async function type(page: Page, marks: readonly string[]): Promise<void> {
  const { saved, sent } = await banner(page)
  for (const [i, mark] of marks.entries()) {
    await page.locator('#value').fill(mark)
    await page.locator('#entry').evaluate(pad => pad.setAttribute('data-old', ''))
    await page.keyboard.press('Enter')
    await page.waitForFunction(
      n => {
        const of = (kind: string): number => Number(/\d+/.exec(document.querySelector(`.chips .${kind}`)?.textContent ?? '')?.[0] ?? 0)
        return of('saved') + of('sent') === n && !document.querySelector('[data-old]')
      },
      saved + sent + i + 1,
      { polling: 10 },
    )
  }
}

/** Opens the n-th unit of the day. */
async function open(page: Page, n: number): Promise<void> {
  await page.locator('.menu button').first().click()
  await page.locator('.units .runner').nth(n).click()
}

/**
 * Waits until marks go out or the tablet asks who is there. A browser writes cookies down within half a minute: one that is
 * killed before has lost a young sign-in, and the marks wait on the disk until their judge has signed in again.
 */
async function asksWho(page: Page): Promise<boolean> {
  const asked = page.locator('.notes .alert', { hasText: '登录到期' })
  for (let i = 0; i < 300; i++) {
    if (await asked.isVisible()) return true
    if ((await banner(page)).sent > 0) return false
    await page.waitForTimeout(100)
  }
  throw new Error('the line is back, and nothing goes out')
}

test('200 marks without a network, the page reloaded and the browser killed in between: 200 delivered once', {
  timeout: 420_000,
}, async () => {
  const before = (await hall.log()).length
  let tablet = await Tablet.open()
  try {
    let page = await quickPage(tablet)
    await signIn(page, hall, 1)
    await openPage(page, hall)
    await hall.cut()
    const want: string[] = []
    const enter = async (from: number, to: number): Promise<void> => {
      for (let h = from; h < to; h++) {
        await open(page, h)
        const marks = Array.from({ length: 8 }, (_, l) => `${60 + h}.${10 + l}`)
        want.push(...marks)
        await type(page, marks)
      }
    }
    await enter(0, 8)
    await page.reload()
    await until(page, 'saved', 64)
    await enter(8, 16)
    await tablet.kill()
    tablet = await Tablet.open(tablet.dir)
    page = await quickPage(tablet)
    const from = Date.now()
    await page.goto(`${hall.url}/c/games/tablet`)
    await until(page, 'saved', 128)
    console.log(`opened without a network after a kill in ${Date.now() - from} ms`)
    await enter(16, 25)
    assert.equal((await hall.log()).length, before, 'something went out while the line was cut')
    await hall.heal()
    if (await asksWho(page)) await signIn(page, hall, 1)
    const took = await until(page, 'sent', 200, 60_000)
    console.log(`200 marks delivered ${took} ms after the line was back`)
    const log = (await hall.log()).slice(before)
    assert.equal(log.length, 200)
    assert.equal(new Set(log.map(e => e.command)).size, 200)
    assert.ok(log.every(e => e.author === '邢玉兰'))
    for (const unit of new Set(log.map(e => e.payload.unit))) {
      const order = log.filter(e => e.payload.unit === unit).map(e => e.payload.mark)
      assert.deepEqual(order, [...order].sort(), 'a heat arrived out of order')
    }
    assert.deepEqual(log.map(e => e.payload.mark).sort(), want.sort())
  } finally {
    await tablet.close()
  }
})
