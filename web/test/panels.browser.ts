/** The classification days: the pages against the rules of accessibility, targets as wide as a finger, and a panel's way by keyboard alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ground, keepsRules, reach } from './rules.ts'

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

const at = ground()

keepsRules('the classification days', at, paths, [
  ['zh-CN', 'light', 360],
  ['en', 'dark', 360],
  ['zh-CN', 'light', 1280],
])

test('a panel decides by keyboard, on targets of at least 48 px', { timeout: 120_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}/c/hlj9/desk/slots/13?lang=zh-CN`)
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
  const page = await at.context.newPage()
  await page.goto(`${at.url}/c/hlj9/desk/panels/slots?lang=en`)
  await reach(page, 'input[name=slot]')
  await page.keyboard.press('Space')
  assert.ok(!(await page.locator('input[name=slot]').first().isChecked()))
  await reach(page, '#participant')
  await page.goto(`${at.url}/c/hlj9/desk/panels/1?lang=en`)
  await reach(page, '.panel-slots summary')
  await page.keyboard.press('Enter')
  await reach(page, '#k-12')
  await page.close()
})
