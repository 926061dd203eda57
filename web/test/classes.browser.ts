/** Sport classes: the pages against the rules of accessibility, and the ways through them by keyboard alone, in the binary that people get. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { asked, ground, reach, tooWide } from './rules.ts'
import { complaints, openDemo, type Stage, violations } from './stage.ts'

const paths = [
  '/c/hlj9/desk/classes',
  '/c/hlj9/desk/classes/none',
  '/c/hlj9/classes',
  '/c/hlj9/desk/classes/1/41',
  '/c/hlj9/desk/classes/1/42',
  '/c/hlj9/desk/classes/1/43',
  '/c/hlj9/desk/classes/1/41/check',
  '/c/hlj9/desk/classes/outcomes',
  '/c/hlj9/desk/classes/outcomes/wrong',
  '/c/hlj9/desk/classes/outcomes/a',
  '/c/hlj9/desk/classes/outcomes/b',
  '/c/hlj9/desk/classes/outcomes/a/check',
  '/c/hlj9/events',
  '/c/hlj9/events/none',
  '/c/hlj9/events/5',
  '/c/hlj9/events/6',
]

const at = ground()
let demo: Stage

before(async () => {
  demo = await openDemo('browser-test-key')
})
after(async () => {
  await demo?.close()
})

for (const lang of ['zh-CN', 'en']) {
  for (const width of [360, 1280]) {
    test(`pages of classes and events in ${lang} at ${width}`, { timeout: 480_000 }, async () => {
      const page = await at.context.newPage()
      const heard = complaints(page)
      await page.setViewportSize({ width, height: 800 })
      for (const path of paths) {
        await page.goto(`${at.url}${path}?lang=${lang}&theme=${width === 360 ? 'dark' : 'light'}`)
        await sound(page, `${path} in ${lang} at ${width}`, asked(lang, width))
      }
      assert.deepEqual(heard, [])
      await page.close()
    })
  }
}

/** Nothing of the rules is broken, nothing is too wide, nothing shows a key in the place of words. */
async function sound(page: Page, where: string, broken = violations): Promise<void> {
  assert.deepEqual(await broken(page), [], where)
  const over = await tooWide(page)
  assert.ok(over <= 0, `${where} is ${over} px too wide`)
  const raw = /\{\{|<no value>|\b(problem|classes|outcomes|contests|class-do)\.[a-z-]+\b/.exec(
    (await page.locator('main').textContent()) ?? '',
  )?.[0]
  assert.equal(raw, undefined, `${where} shows a raw word`)
}

/** Presses Enter on what has the focus, and waits for the page that it leads to. */
async function enter(page: Page): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

/** The text of an element. */
const said = async (page: Page, selector: string): Promise<string> => ((await page.locator(selector).textContent()) ?? '').trim()

/** Goes in as the demo's organiser, who may decide upon every class. */
async function asOrganiser(page: Page): Promise<void> {
  await page.goto(`${demo.url}/?lang=en`)
  await Promise.all([page.waitForNavigation(), page.locator('.doors button').first().click()])
}

/** What everybody can read of an event, without the time of reading and the drawings. */
const read = async (page: Page, path: string): Promise<string> => {
  await page.goto(demo.url + path)
  return (await page.locator('main').textContent()) ?? ''
}

test('a change of class by keyboard: found, looked at, applied, taken back', { timeout: 300_000 }, async () => {
  const page = await at.context.newPage()
  await asOrganiser(page)
  await page.goto(`${demo.url}/c/entries/desk/classes?lang=en`)
  await reach(page, '#f-state')
  await page.keyboard.press('ArrowDown') // status N
  await reach(page, '.filter button')
  await enter(page)
  assert.match(page.url(), /state=N/)
  await reach(page, '#people tbody a')
  await enter(page)
  const person = page.url()
  const held = await said(page, '#held-1')
  await reach(page, '#class-1')
  await page.keyboard.type('NE')
  await reach(page, '#panel-1')
  await page.keyboard.type('Panel A')
  await reach(page, '#day-1')
  await page.keyboard.type('yesterday')
  await reach(page, '#reason-1')
  await page.keyboard.type('not eligible for this sport')
  await reach(page, '.section form button.primary')
  await enter(page)
  await page.locator('#day-1-e').waitFor()
  assert.equal(await page.locator('#class-1').inputValue(), 'NE')
  await sound(page, 'a form that was refused')
  await page.locator('#day-1').fill('2027-06-17')
  await page.locator('#day-1').focus()
  await reach(page, '.section form button.primary')
  await enter(page)
  assert.match(await said(page, '#part-0 + *'), /Leaves/)
  await sound(page, 'what a change comes to')
  await reach(page, 'form button.primary')
  await enter(page)
  await page.locator('.note.done').waitFor()
  assert.match(await said(page, '#held-1'), /^NE/)
  await reach(page, 'details.undo summary')
  await page.keyboard.press('Enter')
  await reach(page, 'details.undo input[name=reason]')
  await page.keyboard.type('wrong person')
  await reach(page, 'details.undo button')
  await enter(page)
  assert.equal(await said(page, '#held-1'), held)
  assert.equal(new URL(page.url()).pathname, new URL(person).pathname)
  await page.close()
})

test('outcomes from a file by keyboard: sent, read, looked at, applied, taken back', { timeout: 300_000 }, async () => {
  const page = await at.context.newPage()
  await asOrganiser(page)
  await page.goto(`${demo.url}/c/entries/desk/classes?state=N&lang=en`)
  const rows = await page.locator('#people tbody tr').evaluateAll(all =>
    all.slice(0, 3).map(tr => ({
      name: tr.querySelector('th')?.textContent?.trim() ?? '',
      cells: [...tr.querySelectorAll('td')].map(td => td.textContent?.trim() ?? ''),
    })),
  )
  assert.equal(rows.length, 3)
  const before = await read(page, '/c/entries/events')
  const lines = rows.map((r, i) => [r.name, r.cells[0], r.cells[1], r.cells[2], i === 2 ? 'Q' : 'FRD 2029'].join(','))
  await page.goto(`${demo.url}/c/entries/desk/classes/outcomes?lang=en`)
  await page.locator('#book').setInputFiles({
    name: 'day one.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`姓名,代表团,运动项目,新级别,新状态\n${lines.join('\n')}\n`),
  })
  await page.locator('#book').focus()
  await reach(page, 'form.card button.primary')
  await enter(page)
  assert.match(await said(page, 'main'), /Classes to change: 2.*Rows with a problem: 1/)
  await sound(page, 'a file that was read')
  await reach(page, 'form.card button.primary')
  await enter(page)
  await sound(page, 'what a file comes to')
  await reach(page, '#reason')
  await page.keyboard.type('first day')
  await reach(page, 'form button.primary')
  await enter(page)
  await page.locator('.note.done').waitFor()
  await reach(page, 'details.undo summary')
  await page.keyboard.press('Enter')
  await reach(page, 'details.undo input[name=reason]')
  await page.keyboard.type('another day')
  await reach(page, 'details.undo button')
  await enter(page)
  assert.match(await said(page, 'main'), /taken back/)
  await sound(page, 'a file that was taken back')
  assert.equal(await read(page, '/c/entries/events'), before)
  await page.close()
})
