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
  'list/42',
  'list',
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

test('what is followed stays on the device and leads to the list', { timeout: 60_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}${root}/athletes/42?lang=zh-CN`)
  const button = page.locator('follow-this button')
  await reach(page, 'follow-this button')
  assert.equal(await button.getAttribute('aria-pressed'), 'false')
  await page.keyboard.press('Enter')
  assert.equal(await button.getAttribute('aria-pressed'), 'true')
  await page.goto(`${at.url}${root}/list`)
  await page.waitForURL('**/list?athlete=42')
  await page.goto(`${at.url}${root}/athletes/42`)
  await button.click()
  await page.goto(`${at.url}${root}/list`)
  assert.equal(new URL(page.url()).search, '')
  await page.close()
})
