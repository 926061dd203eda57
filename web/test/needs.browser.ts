/** Support needs: the pages against the rules of accessibility, and the form by keyboard, with and without script. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { ground, keepsRules, tooWide } from './rules.ts'
import { openBrowser } from './stage.ts'

const paths = [
  '/c/hlj9/desk/needs',
  '/c/hlj9/desk/needs/empty',
  '/c/hlj9/desk/needs/3',
  '/c/hlj9/desk/needs/4',
  '/c/hlj9/desk/needs/5',
  '/c/hlj9/desk/needs/capacity',
  '/c/hlj9/desk/needs/capacity/empty',
  '/c/hlj9/team/2/needs',
  '/c/hlj9/team/2/needs/wrong',
  '/c/hlj9/team/2/needs/41',
  '/c/hlj9/team/2/needs/41/wrong',
  '/c/hlj9/team/2/arrival',
  '/c/hlj9/team/2/arrival/wrong',
]

const at = ground()

// the form is long: the one with an error in it has everything that the other has
keepsRules(
  'needs',
  at,
  paths.filter(p => !p.endsWith('/41')),
  [
    ['zh-CN', 'light', 360],
    ['en', 'dark', 1280],
  ],
)

test('large text and narrow screens scroll in one direction, targets fit a thumb', { timeout: 120_000 }, async () => {
  const page = await at.context.newPage()
  for (const path of paths) {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${at.url}${path}?lang=en&theme=light&text=large`)
    assert.ok((await tooWide(page)) <= 0, `${path} in large text is too wide`)
    await page.setViewportSize({ width: 320, height: 640 })
    await page.goto(`${at.url}${path}?lang=zh-CN&theme=light&text=auto`)
    assert.ok((await tooWide(page)) <= 0, `${path} at 320 is too wide`)
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main a, main button, main select, main summary, main .input, main .check')]
        .filter(el => el.checkVisibility() && getComputedStyle(el).display !== 'inline' && el.getBoundingClientRect().height < 44)
        .map(el => el.outerHTML.slice(0, 90)),
    )
    assert.deepEqual(small, [], path)
  }
  await page.close()
})

for (const javaScriptEnabled of [true, false]) {
  test(`the form by keyboard, ${javaScriptEnabled ? 'with' : 'without'} script`, { timeout: 120_000 }, async () => {
    const own = await openBrowser({ javaScriptEnabled })
    try {
      const page = await own.context.newPage()
      await page.goto(`${at.url}/c/hlj9/team/2/needs/41?lang=en`)
      const tick = page.getByRole('checkbox', { name: 'A wheelchair to borrow' })
      const words = page.locator('#words-wheelchair-loan')
      assert.equal(await words.isVisible(), false, 'what belongs to a tick is open before it is ticked')
      await tick.focus()
      await page.keyboard.press('Space')
      assert.ok(await words.isVisible(), 'a tick opens what belongs to it')
      await page.keyboard.press('Tab')
      assert.equal(await focused(page), 'day-wheelchair-loan', 'the next stop is the first field that the tick has opened')
      await words.focus()
      await page.keyboard.type('42 cm wide')
      await tick.focus()
      await page.keyboard.press('Space')
      assert.equal(await words.isVisible(), false)
      await page.keyboard.press('Space')
      assert.equal(await words.inputValue(), '42 cm wide', 'what was typed is still there')
    } finally {
      await own.close()
    }
  })
}

const focused = (page: Page): Promise<string | null> => page.locator(':focus').getAttribute('id')

test('an error leads to its field', { timeout: 60_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}/c/hlj9/team/2/needs/41/wrong?lang=en&theme=light&text=auto`)
  assert.match(await page.title(), /^Error/)
  await page.getByRole('alert').getByRole('link').click()
  assert.equal(await focused(page), 'i-allergy')
  assert.ok(await page.getByRole('checkbox', { name: 'Allergy (say to what)' }).isChecked())
  await page.close()
})

test('a look closes again', { timeout: 60_000 }, async () => {
  const page = await at.context.newPage()
  await page.clock.install()
  await page.goto(`${at.url}/c/hlj9/desk/needs/5?lang=en&theme=light&text=auto`)
  const words = page.getByText('I cannot hear the gun.')
  assert.ok(await words.isVisible())
  await page.clock.runFor(31_000)
  assert.equal(await words.count(), 0, 'the words are still on the screen')
  await page.close()
})
