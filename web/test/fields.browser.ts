/** Small fields and draws: the pages against the rules of accessibility, and the way through them by keyboard alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ground, keepsRules, reach } from './rules.ts'

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

const at = ground()

keepsRules('fields and draws', at, paths)

test('small fields by keyboard: tick, choose, look', { timeout: 120_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}/c/hlj9/desk/fields?lang=zh-CN`)
  await reach(page, 'input[name=id][value="51"]')
  await page.keyboard.press('Space')
  assert.match((await page.locator('[data-chosen]').textContent()) ?? '', /选了 1 项/)
  await reach(page, '#do-51')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.locator('#do-51').inputValue(), 'exhibition')
  await reach(page, '.actions button[type=submit]')
  await page.goto(`${at.url}/c/hlj9/desk/draws/3?lang=zh-CN`)
  await reach(page, '.by-hand summary')
  await page.keyboard.press('Enter')
  await reach(page, '#swap-with')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.locator('#swap-with').inputValue(), '103 1/6')
  await reach(page, '#swap-why')
  await page.close()
})
