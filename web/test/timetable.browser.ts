/** The timetable: the pages against the rules of accessibility, and moving a unit by keyboard alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, openBrowser, openStage, type Stage, violations } from './stage.ts'

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
    test(`pages of the timetable in ${lang} at ${width}`, { timeout: 300_000 }, async () => {
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
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab')
    const there = await page
      .locator(selector)
      .first()
      .evaluate(el => el === document.activeElement)
    if (there) return
  }
  throw new Error(`no way by Tab to ${selector}`)
}

test('a unit is moved by keyboard: to the next free place, by a list, at a time', { timeout: 120_000 }, async () => {
  const page = await browser.context.newPage()
  const asked: string[] = []
  await page.route(`**${desk}/units/12/check`, async route => {
    if (route.request().method() === 'POST') {
      asked.push(decodeURIComponent(route.request().postData() ?? ''))
      await route.fulfill({ status: 204 })
    } else await route.continue()
  })
  await page.goto(`${stage.url}${desk}?lang=zh-CN`)
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
