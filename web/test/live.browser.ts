/** Live pages: rows move, focus and scroll do not; a pause holds everything; one voice speaks. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Page, WebSocketRoute } from 'playwright-core'
import { complaints, openBrowser, openStage, type Stage, step } from './stage.ts'

let stage: Stage
let browser: Awaited<ReturnType<typeof openBrowser>>

before(async () => {
  stage = await openStage()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await stage?.close()
})
beforeEach(() => step(stage, 1))

const names = (page: Page): Promise<string[]> => page.locator('result-board tbody > [data-key] .who').allTextContents()
const order = async (page: Page): Promise<string> => (await names(page)).map(n => n.slice(0, 2)).join(' ')

async function openUnit(lang = 'zh-CN'): Promise<{ page: Page; heard: string[] }> {
  const page = await browser.context.newPage()
  const heard = complaints(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${stage.url}/c/hlj9/units/12?lang=${lang}`)
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await live(page)
  return { page, heard }
}

const live = (page: Page): Promise<unknown> =>
  page
    .getByText(/^(实时|Live) /)
    .first()
    .waitFor()
const mark = (page: Page, text: string): Promise<void> => page.locator('.mark', { hasText: text }).first().waitFor()

test('a mark moves its row; focus and scroll stay', { timeout: 60_000 }, async () => {
  await step(stage, 4)
  const { page, heard } = await openUnit()
  await mark(page, '1:05.98')
  const waiting = page.locator('[data-key="102"]')
  const before = await order(page)
  const summary = page.locator('[data-key="106"] summary')
  await summary.focus()
  await page.evaluate(() => scrollTo(0, 260))
  const [y, element] = await Promise.all([page.evaluate(() => scrollY), waiting.elementHandle()])
  await step(stage, 5)
  await mark(page, '1:11.02')
  assert.equal(await page.evaluate(() => scrollY), y)
  assert.ok(await summary.evaluate(el => el === document.activeElement), 'the focus moved')
  assert.ok(await waiting.evaluate((el, was) => el === was, element), 'the row is another element')
  assert.ok(await waiting.evaluate(el => el.classList.contains('changed')))
  await step(stage, 2)
  await page.locator('[data-key="106"] .mark', { hasText: '1:05.98' }).waitFor({ state: 'hidden' })
  assert.ok(await page.locator('[data-key="106"] details').isHidden())
  await step(stage, 5)
  await mark(page, '1:11.02')
  assert.equal(await order(page), before)
  assert.deepEqual(heard, [])
  await page.close()
})

test('five hundred updates move no focus', { timeout: 120_000 }, async () => {
  const { page } = await openUnit()
  const button = page.locator('[data-hold]')
  await button.focus()
  await page.evaluate(() => scrollTo(0, 300))
  const y = await page.evaluate(() => scrollY)
  for (let i = 0; i < 500; i++) await step(stage, 1 + (i % 5))
  await step(stage, 5)
  await mark(page, '1:11.02')
  assert.ok(await button.evaluate(el => el === document.activeElement))
  assert.equal(await page.evaluate(() => scrollY), y)
  await page.close()
})

test('pause is the second tab stop, freezes the page, counts, and resumes to now', { timeout: 60_000 }, async () => {
  const { page } = await openUnit()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  const button = page.locator('[data-hold]')
  assert.ok(await button.evaluate(el => el === document.activeElement))
  await page.keyboard.press('Enter')
  assert.equal(await button.getAttribute('aria-pressed'), 'true')
  const frozen = await page.locator('result-board').innerHTML()
  await step(stage, 3)
  await page.getByText('继续，有 1 项更新').waitFor()
  await step(stage, 5)
  await page.getByText('继续，有 2 项更新').waitFor()
  assert.equal(await page.locator('result-board').innerHTML(), frozen)
  assert.match((await page.locator('[data-fresh]').textContent()) ?? '', /^已暂停/)
  await page.keyboard.press('Enter')
  await mark(page, '1:11.02')
  await page.locator('[data-say]', { hasText: '现列第 5' }).waitFor()
  await page.keyboard.press('Enter')
  await page.reload()
  assert.equal(await button.getAttribute('aria-pressed'), 'true', 'the pause is not remembered')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.close()
})

test('the voice is outside the table, empty at first, and speaks sentences', { timeout: 60_000 }, async () => {
  const { page } = await openUnit('en')
  const voice = page.locator('[data-say]')
  assert.equal(await voice.textContent(), '')
  assert.equal(await page.locator('table [aria-live], [aria-live] table').count(), 0)
  await step(stage, 2)
  await page.getByText('now 2nd').first().waitFor()
  assert.match((await voice.textContent()) ?? '', /^Lane 5: .*, 1 min 05\.07 seconds, now 2nd\.$/)
  await page.getByLabel('How often').selectOption('30')
  await page.reload()
  assert.equal(await page.getByLabel('How often').inputValue(), '30')
  await page.getByLabel('How often').selectOption('off')
  await step(stage, 3)
  await mark(page, '1:05.07')
  assert.equal(await voice.textContent(), '')
  await page.close()
})

test('a broken line is said, and mended', { timeout: 60_000 }, async () => {
  const page = await browser.context.newPage()
  const lines: WebSocketRoute[] = []
  await page.routeWebSocket(/\/live$/, line => {
    line.connectToServer()
    lines.push(line)
  })
  await page.goto(`${stage.url}/c/hlj9/units/12?lang=zh-CN`)
  await live(page)
  await lines[0]?.close({ code: 1012, reason: '1500' })
  await page.getByText(/^离线 · 显示 14:03:21 的成绩$/).waitFor()
  await step(stage, 5)
  await mark(page, '1:11.02')
  await live(page)
  assert.equal(lines.length, 2, 'the line was not opened again')
  await page.close()
})

test('the same states come by HTTP where sockets are blocked', { timeout: 60_000 }, async () => {
  const page = await browser.context.newPage()
  await page.routeWebSocket(/\/live$/, socket => socket.close())
  await page.goto(`${stage.url}/c/hlj9/units/12?lang=zh-CN`)
  await step(stage, 5)
  await mark(page, '1:11.02')
  await live(page)
  await page.close()
})

test('a board turns its pages, stops when paused, and goes by key', { timeout: 60_000 }, async () => {
  const page = await browser.context.newPage()
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.clock.install()
  await page.goto(`${stage.url}/c/hlj9/board/medals?lang=zh-CN`)
  const at = page.locator('[data-at]')
  assert.equal(await at.textContent(), '第 1 页，共 2 页')
  await page.clock.runFor(9_000)
  assert.equal(await at.textContent(), '第 1 页，共 2 页')
  await page.clock.runFor(1_500)
  assert.equal(await at.textContent(), '第 2 页，共 2 页')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.clock.runFor(60_000)
  assert.equal(await at.textContent(), '第 2 页，共 2 页')
  await page.locator('[data-back]').focus()
  await page.keyboard.press('Enter')
  assert.equal(await at.textContent(), '第 1 页，共 2 页')
  await page.locator('[data-hold]').focus()
  await page.keyboard.press('Enter')
  await page.close()
})
