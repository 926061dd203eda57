/** The call room, the page of calls and the announcer: the pages against the rules of accessibility, and their ways by keyboard and on a phone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { ground, keepsRules, reach } from './rules.ts'
import { themeViolations } from './stage.ts'

const paths = [
  '/c/hlj9/call',
  '/c/hlj9/call/wrong',
  '/c/hlj9/call/units/12',
  '/c/hlj9/call/units/11',
  '/c/hlj9/calling',
  '/c/hlj9/calling/none',
  '/c/hlj9/announcer',
  '/c/hlj9/announcer/none',
  '/c/hlj9/names/41',
  '/c/hlj9/names/42',
]

const at = ground()

keepsRules('the call room', at, paths)

test('a call in the theme of high contrast', { timeout: 120_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}/c/hlj9/calling?lang=zh-CN&theme=contrast`)
  assert.deepEqual(await themeViolations(page), [])
  await page.close()
})

/** The address and body of the next post; the page gets no answer of the ledger's. */
async function posted(page: Page, press: () => Promise<void>): Promise<URLSearchParams> {
  const sent = page.waitForRequest(r => r.method() === 'POST')
  await press()
  return new URLSearchParams((await sent).postData() ?? '')
}

test('somebody is checked in by keyboard, and the call is closed', { timeout: 600_000 }, async () => {
  const page = await at.context.newPage()
  const url = `${at.url}/c/hlj9/call/units/12?lang=zh-CN`
  await page.route('**/call/units/12/check', async route => {
    // what the server would lead to: the same unit, with somebody more in it
    const now = await (await fetch(url)).text()
    await route.fulfill({
      contentType: 'text/html',
      body: now.replace('<li id="start-105" class="scheduled"', '<li id="start-105" class="sent"'),
    })
  })
  await page.goto(url)
  await reach(page, '#form-105-42 input[name=card]')
  await page.keyboard.press('Space')
  await reach(page, '#do-105-42')
  const body = await posted(page, () => page.keyboard.press('Enter'))
  assert.deepEqual(
    ['start', 'person', 'do', 'card', 'partner', 'has-partner'].map(k => body.get(k)),
    ['105', '42', 'all', '1', null, '1'],
  )
  await page.locator('#start-105.sent').waitFor()
  assert.equal(page.url(), url, 'the page has not come anew')
  assert.match((await page.locator('[data-say]').textContent()) ?? '', /古丽巴哈尔/)
  assert.ok(await page.locator('#start-105').evaluate(el => el.contains(document.activeElement)), 'the focus is lost')
  await page.locator('#close button').scrollIntoViewIfNeeded()
  await reach(page, '#close input[name=missing]')
  assert.equal(await page.locator('#close input[name=missing]').isChecked(), true)
  await reach(page, '#close button[type=submit]')
  await page.close()
})

test('what a thumb taps is large enough', { timeout: 300_000 }, async () => {
  const page = await at.context.newPage()
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(`${at.url}/c/hlj9/call/units/12?lang=zh-CN`)
  const small = await page
    .locator('.call-do .btn, .call-checks .check, #close .check')
    .evaluateAll(all => all.map(el => el.getBoundingClientRect()).filter(r => r.height < 47.5 || r.width < 47.5).length)
  assert.equal(small, 0)
  await page.close()
})

test('a phone that knows its number is called', { timeout: 600_000 }, async () => {
  const page = await at.context.newPage()
  await page.addInitScript(() => {
    const shaken: unknown[] = []
    Object.assign(globalThis, { shaken })
    navigator.vibrate = pattern => {
      shaken.push(pattern)
      return true
    }
  })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${at.url}/c/hlj9/calling?lang=zh-CN`)
  assert.equal(await page.locator('.calling:visible').count(), 1, 'one call at a time')
  const other = await page.locator('.calling:visible').getAttribute('data-key')
  await page.locator('[data-after]').click()
  assert.notEqual(await page.locator('.calling:visible').getAttribute('data-key'), other)

  await page.locator('#my-number').fill('1041')
  assert.equal(await page.locator('.mine:visible').count(), 1, 'the call to come says so')
  await page.locator('[data-allow]').click()
  const shaken = (): Promise<unknown[]> => page.evaluate(() => (globalThis as unknown as { shaken: unknown[] }).shaken)
  assert.deepEqual(await shaken(), [200])

  /** A frame with another call, as the server sends it. */
  const call = (key: string, numbers: string): Promise<void> =>
    page.evaluate(
      ([key, numbers]) => {
        const list = document.querySelector('.calling-list') as Element
        const li = (list.querySelector('li') as Element).cloneNode(true) as HTMLElement
        li.setAttribute('data-key', key as string)
        ;(li.querySelector('[data-numbers]') as Element).textContent = numbers as string
        list.append(li)
        document.querySelector('#calls')?.dispatchEvent(new CustomEvent('shown'))
      },
      [key, numbers],
    )
  await call('77-1', '3001 3002')
  assert.equal(await page.locator('[data-alarm]:visible').count(), 0, 'somebody else is called')
  await call('78-1', '1041 1050')
  assert.match((await page.locator('[data-alarm]').textContent()) ?? '', /叫你了/)
  assert.equal(await page.locator('.calling:visible').getAttribute('data-key'), '78-1')
  assert.deepEqual((await shaken()).length, 2)
  await page.reload()
  assert.equal(await page.locator('#my-number').inputValue(), '1041', 'the number stays on the phone')
  await page.close()
})
