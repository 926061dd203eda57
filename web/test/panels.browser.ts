/** The classification days: the pages against the rules of accessibility, targets as wide as a finger, and a panel's way by keyboard alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, openBrowser, openStage, type Stage, violations } from './stage.ts'

const paths = [
  '/c/hlj9/desk/panels',
  '/c/hlj9/desk/panels/none',
  '/c/hlj9/desk/panels/new',
  '/c/hlj9/desk/panels/1',
  '/c/hlj9/desk/panels/slots',
  '/c/hlj9/desk/slots/13',
  '/c/hlj9/desk/slots/13/wrong',
  '/c/hlj9/desk/cases',
  '/c/hlj9/desk/cases/4',
  '/c/hlj9/desk/cases/4/panel',
  '/c/hlj9/desk/cases/4/look',
  '/c/hlj9/desk/watch',
  '/c/hlj9/team/2/classification',
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

for (const [lang, width] of [
  ['zh-CN', 360],
  ['en', 360],
  ['zh-CN', 1280],
] as const) {
  test(`pages of the classification days in ${lang} at ${width}`, { timeout: 240_000 }, async () => {
    const page = await browser.context.newPage()
    const heard = complaints(page)
    await page.setViewportSize({ width, height: 800 })
    for (const path of paths) {
      await page.goto(`${stage.url}${path}?lang=${lang}&theme=${lang === 'en' ? 'dark' : 'light'}`)
      assert.deepEqual(await violations(page), [], path)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(over <= 0, `${path} is ${over} px too wide`)
    }
    assert.deepEqual(heard, [])
    await page.close()
  })
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

test('a panel decides by keyboard, on targets of at least 48 px', { timeout: 120_000 }, async () => {
  const page = await browser.context.newPage()
  await page.goto(`${stage.url}/c/hlj9/desk/slots/13?lang=zh-CN`)
  const small = await page
    .locator('.picks label, .panel-act .btn')
    .evaluateAll(all => all.filter(el => el.checkVisibility() && el.getBoundingClientRect().height < 48).map(el => el.textContent))
  assert.deepEqual(small, [])
  await reach(page, '#why-5')
  await page.keyboard.type('分级')
  await reach(page, 'input[name=class-0][value=T53]')
  await page.keyboard.press('ArrowDown')
  assert.ok(await page.locator('input[name=class-0][value=T54]').isChecked())
  await reach(page, 'input[name=status-0][value=C]')
  await page.keyboard.press('ArrowDown')
  assert.ok(await page.locator('input[name=status-0][value=OA]').isChecked())
  await reach(page, '#review-0')
  await reach(page, '#why')
  await page.keyboard.type('躯干功能')
  await reach(page, '#outcome ~ form button[type=submit], section form .btn.primary')
  await page.close()
})

test('an organiser finds slots by keyboard: untick one, give the rest; move one', { timeout: 120_000 }, async () => {
  const page = await browser.context.newPage()
  await page.goto(`${stage.url}/c/hlj9/desk/panels/slots?lang=en`)
  await reach(page, 'input[name=slot]')
  await page.keyboard.press('Space')
  assert.ok(!(await page.locator('input[name=slot]').first().isChecked()))
  await reach(page, '#participant')
  await page.goto(`${stage.url}/c/hlj9/desk/panels/1?lang=en`)
  await reach(page, '.panel-slots summary')
  await page.keyboard.press('Enter')
  await reach(page, '#k-12')
  await page.close()
})
