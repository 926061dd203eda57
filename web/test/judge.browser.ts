/** The judge's page, by keyboard, by thumb, without script and without a network. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, openBrowser, openStage, type Stage } from './stage.ts'

let stage: Stage
let browser: Awaited<ReturnType<typeof openBrowser>>

before(async () => {
  stage = await openStage()
  browser = await openBrowser({ hasTouch: true })
})
after(async () => {
  await browser?.close()
  await stage?.close()
})

const posts = async (): Promise<number> => Number(await (await fetch(`${stage.url}/-/posts`)).text())

async function openPad(): Promise<{ page: Page; heard: string[] }> {
  const page = await browser.context.newPage()
  const heard = complaints(page)
  await page.setViewportSize({ width: 1024, height: 768 })
  await page.goto(`${stage.url}/c/hlj9/judge/units/12?lang=zh-CN`)
  return { page, heard }
}

const got = (page: Page, entry: string): Promise<unknown> => page.locator(`.runners [data-key="${entry}"] .chip`).waitFor()
const active = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '')

test('a heat by keyboard: digits and one key for each mark', { timeout: 60_000 }, async () => {
  const { page, heard } = await openPad()
  await page.locator('#t-103').focus()
  await page.keyboard.type('65.07')
  assert.equal(await page.locator('#echo-103').textContent(), '1 分 05 秒 07')
  assert.equal(await page.locator('[data-form="103"] [data-save]').textContent(), '存下 65.07')
  await page.keyboard.press('Enter')
  await got(page, '103')
  await page.waitForFunction(() => document.activeElement?.id === 't-106')
  await page.waitForTimeout(450)
  await page.keyboard.type('１：０５．９８')
  assert.equal(await page.locator('#t-106').inputValue(), '1:05.98')
  await page.keyboard.press('Enter')
  await got(page, '106')
  await page.waitForFunction(() => document.activeElement?.id === 't-102')
  assert.match((await page.locator('[data-notice]').textContent()) ?? '', /孟庆荷 · 1:05\.98 · 已送达/)
  assert.match(page.url(), /line=102$/)
  assert.deepEqual(heard, [])
  await page.close()
})

test('a mark by thumb: the keys of the page', { timeout: 60_000 }, async () => {
  const { page } = await openPad()
  for (const key of ['1', '冒号，分和秒之间', '0', '5', '小数点', '0', '8', '删一位', '7'])
    await page.locator('[data-form="103"]').getByRole('button', { name: key, exact: true }).tap()
  assert.equal(await page.locator('#t-103').inputValue(), '1:05.07')
  const before = await posts()
  const save = page.locator('[data-form="103"]').getByRole('button', { name: /^存下/ })
  const box = await save.boundingBox()
  assert.ok(box && box.y + box.height <= 768, 'the button is below the fold')
  await page.touchscreen.tap(box.x + 40, box.y + 20)
  await page.touchscreen.tap(box.x + 40, box.y + 20)
  await got(page, '103')
  await page.waitForTimeout(300)
  assert.equal((await posts()) - before, 1, 'a trembling hand entered two marks')
  await page.close()
})

test('what is wrong is said on top and beside the field, and the focus goes there', { timeout: 60_000 }, async () => {
  const { page } = await openPad()
  await page.locator('#t-103').fill('9:99')
  await page.keyboard.press('Enter')
  const box = page.locator('[data-problems]')
  await box.waitFor()
  await page.waitForFunction(() => document.activeElement?.matches('[data-problems]'))
  assert.equal(await box.getByRole('heading').textContent(), '有 1 处要改')
  const words = await box.getByRole('link').textContent()
  assert.equal(await page.locator('#t-103').getAttribute('aria-invalid'), 'true')
  const id = (await page.locator('#t-103').getAttribute('aria-describedby'))?.split(' ')[0]
  assert.equal(await page.locator(`#${id}`).textContent(), words)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await active(page), 't-103')
  assert.equal(await page.locator('#t-103').inputValue(), '9:99')
  await page.goto(`${stage.url}/c/hlj9/judge/units/12/wrong?lang=zh-CN`)
  assert.match(await page.title(), /^错误：/)
  await page.waitForFunction(() => document.activeElement?.matches('[data-problems]'))
  await page.close()
})

test('without a network the mark stays, and pressing again counts once', { timeout: 60_000 }, async () => {
  const { page } = await openPad()
  const before = await posts()
  await page.locator('#t-103').fill('65.07')
  let cut = true
  await page.route('**/results', async route => {
    if (!cut) return route.continue()
    await route.fetch() // the server counts it, the answer is lost
    return route.abort()
  })
  await page.keyboard.press('Enter')
  await page.getByText('没有送到').first().waitFor()
  assert.equal(await page.locator('#t-103').inputValue(), '65.07')
  cut = false
  await page.locator('#t-103').focus()
  await page.keyboard.press('Enter')
  await got(page, '103')
  assert.equal((await posts()) - before, 1)
  await page.close()
})

test('without script each line is a form of its own', { timeout: 60_000 }, async () => {
  const plain = await openBrowser({ javaScriptEnabled: false })
  try {
    const page = await plain.context.newPage()
    await page.goto(`${stage.url}/c/hlj9/judge/units/12?lang=zh-CN`)
    assert.equal(await page.locator('.keys:visible').count(), 0)
    const before = await posts()
    await page.locator('#t-103').fill('1:05.07')
    await page.keyboard.press('Enter')
    await page.waitForURL(/line=103/)
    assert.equal((await posts()) - before, 1)
  } finally {
    await plain.close()
  }
})
