/** The binary that people get: its pages against the rules, and a mark on its road from a judge's finger to every board. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { asked, tooWide } from './rules.ts'
import { complaints, openBrowser, openDemo, type Stage, violations } from './stage.ts'

const deskKey = 'browser-test-key'
let demo: Stage
let browser: Awaited<ReturnType<typeof openBrowser>>
let units: Unit[]

interface Unit {
  id: number
  status: string
  event: number
}

before(async () => {
  demo = await openDemo(deskKey)
  browser = await openBrowser({ reducedMotion: 'reduce' })
  const programme = (await get('/c/demo/api/programme')) as {
    events: { id: number; phases: { units: { id: number; status: string }[] }[] }[]
  }
  units = programme.events.flatMap(e => e.phases.flatMap(p => p.units.map(u => ({ id: u.id, status: u.status, event: e.id }))))
})
after(async () => {
  await browser?.close()
  await demo?.close()
})

async function get(path: string): Promise<unknown> {
  const answer = await fetch(demo.url + path)
  assert.equal(answer.status, 200, path)
  return answer.json()
}

const first = (status: string): Unit => {
  const unit = units.find(u => u.status === status)
  assert(unit, `no unit is ${status}`)
  return unit
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${demo.url}/c/demo/judge?key=${deskKey}`)
}

test('every kind of page keeps the rules, in both languages and widths', { timeout: 300_000 }, async () => {
  const page = await browser.context.newPage()
  const heard = complaints(page)
  await signIn(page)
  const [over, on, next] = [first('finished'), first('running'), first('scheduled')]
  await page.goto(`${demo.url}/c/demo/medals`)
  const delegation = await page.locator('medal-table tbody a').first().getAttribute('href')
  const paths = [
    '/',
    '/c/demo',
    '/c/demo/schedule',
    '/c/demo/medals',
    delegation ?? '',
    `/c/demo/events/${over.event}`,
    `/c/demo/events/${on.event}`,
    ...[over, on, next].map(u => `/c/demo/units/${u.id}`),
    `/c/demo/judge/units/${next.id}`,
    `/c/demo/judge/units/${over.id}`,
    '/c/showcase',
    ...Array.from({ length: 12 }, (_, i) => `/c/showcase/units/${i + 1}`),
  ]
  for (const lang of ['zh-CN', 'en']) {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      for (const path of paths) {
        const answer = await page.goto(`${demo.url}${path}?lang=${lang}`)
        assert.equal(answer?.status(), 200, path)
        assert.deepEqual(await asked(lang, width)(page), [], `${path} in ${lang} at ${width}`)
        const wide = await tooWide(page)
        assert.ok(wide <= 0, `${path} in ${lang} at ${width} is ${wide} px too wide`)
        const raw = /\{\{|<no value>|\b(reason|problem|column|status)\.[a-z-]+\b/.exec(
          (await page.locator('main').textContent()) ?? '',
        )?.[0]
        assert.equal(raw, undefined, `${path} in ${lang} shows a raw word`)
      }
    }
    await page.setViewportSize({ width: 1920, height: 1080 })
    for (const path of [
      `/c/demo/board/units/${on.id}`,
      `/c/demo/board/units/${over.id}`,
      '/c/demo/board/medals',
      '/c/showcase/board/units/1',
    ]) {
      await page.goto(`${demo.url}${path}?lang=${lang}`)
      assert.deepEqual(await violations(page), [], `${path} in ${lang}`)
    }
  }
  assert.deepEqual(heard, [])
  await page.close()
})

test('a page that is not there says so', { timeout: 60_000 }, async () => {
  const page = await browser.context.newPage()
  for (const [path, status] of [
    ['/c/nowhere', 404],
    ['/c/demo/units/999999', 404],
    ['/c/demo/units/nonsense', 404],
  ] as const) {
    const answer = await page.goto(`${demo.url}${path}?lang=zh-CN`)
    assert.equal(answer?.status(), status, path)
    assert.ok(await page.getByRole('heading', { level: 1 }).isVisible())
    assert.deepEqual(await violations(page), [], path)
  }
  await page.close()
})

test('from a judge’s finger to a phone and a board: enter, correct, conflict, confirm', { timeout: 120_000 }, async () => {
  const unit = units.filter(u => u.status === 'scheduled').at(1)
  assert(unit)
  const { lines } = (await get(`/c/demo/api/units/${unit.id}`)) as { lines: { start: number; name: string }[] }
  assert.ok(lines.length > 1)
  const [phone, board, judge, other] = await Promise.all([0, 1, 2, 3].map(() => browser.context.newPage()))
  assert(phone && board && judge && other)
  const heard = [phone, board, judge, other].map(complaints)
  await phone.setViewportSize({ width: 390, height: 844 })
  await board.setViewportSize({ width: 1920, height: 1080 })
  await phone.goto(`${demo.url}/c/demo/units/${unit.id}?lang=zh-CN`)
  await board.goto(`${demo.url}/c/demo/board/units/${unit.id}?lang=zh-CN`)
  await signIn(judge)
  for (const page of [judge, other]) await page.goto(`${demo.url}/c/demo/judge/units/${unit.id}`)

  const entry = await judge.locator('.runners [aria-current]').getAttribute('data-line')
  const row = phone.locator(`tbody [data-key="${entry}"]`)
  const field = (page: Page) => page.locator(`#t-${entry}`)
  await field(judge).fill('1:15.07')
  await judge.keyboard.press('Enter')
  await phone.locator('.mark', { hasText: '1:15.07' }).waitFor()
  await board.locator('.mark', { hasText: '1:15.07' }).waitFor()
  assert.ok(await row.evaluate(el => el.classList.contains('lead')))
  assert.ok(await phone.locator('[data-panel]').evaluate(el => el.classList.contains('hall')))
  assert.match((await phone.locator('[data-say]').textContent()) ?? '', /1 分 15 秒 07/)

  // the other judge's page is older: both values are shown, nothing is overwritten
  await field(other).fill('1:15.70')
  await other.keyboard.press('Enter')
  await other.getByRole('heading', { name: '有人先记了' }).waitFor()
  assert.deepEqual(await other.locator('.value').allTextContents(), ['1:15.07', '1:15.70'])
  assert.deepEqual(await violations(other), [])
  assert.match((await row.textContent()) ?? '', /1:15\.07/)
  await other.getByLabel('为什么改').fill('手计更正')
  await other.getByRole('button', { name: '改成我填的' }).click()
  await phone.locator('.mark', { hasText: '1:15.70' }).waitFor()

  // a disqualification needs its rule, and says so without losing anything
  const second = await judge.locator('.runners [aria-current]').getAttribute('data-line')
  await judge.waitForTimeout(450)
  await judge.locator(`[data-form="${second}"]`).getByRole('button', { name: /犯规/ }).click()
  await judge.locator('[data-problems]').waitFor()
  assert.deepEqual(await violations(judge), [])
  await judge.locator(`#r-${second}`).fill('SW 7.6')
  await judge.locator(`[data-form="${second}"]`).getByRole('button', { name: /犯规/ }).click()
  await phone.getByText('犯规（SW 7.6）', { exact: true }).waitFor()

  for (const [i, line] of lines.entries()) {
    if (String(line.start) === entry || String(line.start) === second) continue
    const answer: Response = await fetch(`${demo.url}/c/demo/marks`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${deskKey}` },
      body: JSON.stringify({ command: crypto.randomUUID(), unit: unit.id, start: line.start, mark: `1:2${i}.35`, saw: 0 }),
    })
    assert.equal(answer.status, 200, await answer.text())
  }
  await judge.reload()
  await judge.getByRole('button', { name: '把成绩定为正式' }).click()
  await phone.locator('[data-panel] caption .chip.official').waitFor()
  await board.locator('.state .chip.official').waitFor()
  assert.ok(await phone.locator('[data-panel]').evaluate(el => !el.classList.contains('hall')), 'settled, but still lit')
  assert.deepEqual(heard.flat(), [])
  for (const page of [phone, board, judge, other]) await page.close()
})
