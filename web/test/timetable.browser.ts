/** The timetable: the pages against the rules of accessibility, and moving a unit by keyboard alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ground, keepsRules, reach } from './rules.ts'

const desk = '/c/hlj9/desk/timetable'
const paths = [
  desk,
  `${desk}/first`,
  `${desk}/wrong`,
  `${desk}/drafts/d1`,
  `${desk}/drafts/d2`,
  `${desk}/units/12`,
  `${desk}/units/12/check`,
  `${desk}/settings`,
  `${desk}/venues/v1`,
  '/c/hlj9/calendars',
  '/c/hlj9/team/2/people/41/calendar',
  '/c/hlj9/team/2/people/42/calendar',
]

const at = ground()

keepsRules('the timetable', at, paths)

test('a unit is moved by keyboard: to the next free place, by a list, at a time', { timeout: 120_000 }, async () => {
  const page = await at.context.newPage()
  const asked: string[] = []
  await page.route(`**${desk}/units/12/check`, async route => {
    if (route.request().method() === 'POST') {
      asked.push(decodeURIComponent(route.request().postData() ?? ''))
      await route.fulfill({ status: 204 })
    } else await route.continue()
  })
  await page.goto(`${at.url}${desk}?lang=zh-CN`)
  await reach(page, `.placed a[href="${desk}/units/12"]`)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**${desk}/units/12`)
  await reach(page, '.slot-buttons button')
  await page.keyboard.press('Enter')
  await reach(page, '#free-to')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.locator('#free-to').inputValue(), 'v1-1/1/2')
  await reach(page, 'form:has(#free-to) button')
  await page.keyboard.press('Enter')
  await reach(page, 'form:has(#time) button')
  await page.keyboard.press('Enter')
  await assert.doesNotReject(async () => {
    for (let i = 0; i < 100 && asked.length < 3; i++) await page.waitForTimeout(50)
  })
  assert.deepEqual(asked, ['to=v1-1/1/1', 'to=v1-1/1/2', 'day=2027-06-19&time=10:00&place=v1-1/1'])
  await page.close()
})
