/** The public site beyond the live pages: search, people, parts of the timetable, against the rules of accessibility and by keyboard. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ground, keepsRules, reach, tooWide } from './rules.ts'

const root = '/c/hlj9'
const paths = [
  'search',
  'search/blank',
  'search/none',
  'athletes/42',
  'athletes/43',
  'schedule/part',
  'medals/2',
  'records',
  'records/none',
  'delegations/HRB',
].map(p => `${root}/${p}`)

const at = ground()

keepsRules('the public site', at, paths)

test('search by keyboard, and what is found leads on', { timeout: 60_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}${root}/search/blank?lang=zh-CN`)
  await reach(page, '#q')
  await page.keyboard.type('wxy')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/search?q=wxy')
  await reach(page, '.found a[href$="/athletes/41"]')
  await page.close()
})

test('at 400 % and in large text nothing runs over the edge', { timeout: 60_000 }, async () => {
  const page = await at.context.newPage()
  await page.setViewportSize({ width: 320, height: 256 })
  for (const path of paths) {
    await page.goto(`${at.url}${path}?lang=zh-CN&text=large`)
    const over = await tooWide(page)
    assert.ok(over <= 0, `${path} is ${over} px too wide`)
  }
  await page.close()
})
