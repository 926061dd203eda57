/** Small fields and draws: the pages against the rules of accessibility, and the way through them by keyboard alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, openBrowser, openStage, type Stage, violations } from './stage.ts'

const paths = [
  '/c/hlj9/desk/fields',
  '/c/hlj9/desk/fields/wrong',
  '/c/hlj9/desk/fields/none',
  '/c/hlj9/desk/fields/check',
  '/c/hlj9/desk/draws',
  '/c/hlj9/desk/draws/check',
  '/c/hlj9/desk/draws/3',
  '/c/hlj9/desk/draws/3/change',
  '/c/hlj9/events/3/draw',
  '/c/hlj9/events/4/draw',
  '/c/hlj9/events/5/draw',
  '/c/hlj9/team/2/notices',
]

let stage: Stage
let browser: Awaited<ReturnType<typeof openBrowser>>

before(async () => {
  stage = await openStage()
  browser = await openBrowser({ reducedMotion: 'reduce' })
})
after(async () => {
  await browser?.close()
  await stage?.close()
})

for (const lang of ['zh-CN', 'en']) {
  for (const width of [360, 1280]) {
    test(`pages of fields and draws in ${lang} at ${width}`, { timeout: 240_000 }, async () => {
      const page = await browser.context.newPage()
      const heard = complaints(page)
      await page.setViewportSize({ width, height: 800 })
      for (const path of paths) {
        await page.goto(`${stage.url}${path}?lang=${lang}&theme=${width === 360 ? 'dark' : 'light'}`)
        assert.deepEqual(await violations(page), [], path)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        assert.ok(over <= 0, `${path} is ${over} px too wide`)
      }
      assert.deepEqual(heard, [])
      await page.close()
    })
  }
}

/** Goes by Tab until the element has the focus. */
async function reach(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab')
    if (
      await page
        .locator(selector)
        .first()
        .evaluate(el => el === document.activeElement)
    )
      return
  }
  throw new Error(`no way by Tab to ${selector}`)
}

test('small fields by keyboard: tick, choose, look', { timeout: 120_000 }, async () => {
  const page = await browser.context.newPage()
  await page.goto(`${stage.url}/c/hlj9/desk/fields?lang=zh-CN`)
  await reach(page, 'input[name=id][value="51"]')
  await page.keyboard.press('Space')
  assert.match((await page.locator('[data-chosen]').textContent()) ?? '', /选了 1 项/)
  await reach(page, '#do-51')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.locator('#do-51').inputValue(), 'exhibition')
  await reach(page, '.actions button[type=submit]')
  await page.goto(`${stage.url}/c/hlj9/desk/draws/3?lang=zh-CN`)
  await reach(page, '.by-hand summary')
  await page.keyboard.press('Enter')
  await reach(page, '#swap-with')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.locator('#swap-with').inputValue(), '103 1/6')
  await reach(page, '#swap-why')
  await page.close()
})
