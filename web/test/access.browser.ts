/** Every page in every language, width and theme against the rules of WCAG 2.2 A and AA, best practice, and AAA contrast. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { asked, tooWide } from './rules.ts'
import { complaints, openBrowser, openStage, pages, type Stage, themeViolations, violations } from './stage.ts'

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

/** Themes as readers choose them, the first with all rules, the others with those that a theme can break. */
const themes = [
  { theme: 'light', text: 'auto', broken: violations },
  { theme: 'dark', text: 'auto', broken: themeViolations },
  { theme: 'contrast', text: 'auto', broken: themeViolations },
  { theme: 'light', text: 'large', broken: themeViolations },
]

/** What the server writes into a page for those who chose so. */
const dress = (page: Page, theme: string, text: string): Promise<void> =>
  page.evaluate(([theme, text]) => Object.assign(document.documentElement.dataset, { theme, text }), [theme, text] as const).then(() => {})

for (const lang of ['zh-CN', 'en']) {
  for (const width of [390, 1280]) {
    test(`pages in ${lang} at ${width}`, { timeout: 600_000 }, async () => {
      const page = await browser.context.newPage()
      const heard = complaints(page)
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 })
      for (const path of [...pages.public, ...pages.judge, ...pages.desk]) {
        await page.goto(`${stage.url}${path}?lang=${lang}`)
        for (const { theme, text, broken } of themes) {
          const where = `${path} in ${lang}, theme ${theme}, text ${text}`
          await dress(page, theme, text)
          // colours do not change with the language: the other themes are looked at where all rules are
          const rules = asked(lang, width) === violations ? broken : theme === 'light' ? themeViolations : undefined
          if (rules) assert.deepEqual(await rules(page), [], where)
          const over = await tooWide(page)
          assert.ok(over <= 0, `${where} is ${over} px too wide`)
        }
      }
      assert.deepEqual(heard, [])
      await page.close()
    })
  }

  test(`boards in ${lang}`, { timeout: 120_000 }, async () => {
    const page = await browser.context.newPage()
    const heard = complaints(page)
    await page.setViewportSize({ width: 1920, height: 1080 })
    for (const path of pages.board) {
      await page.goto(`${stage.url}${path}?lang=${lang}`)
      assert.deepEqual(await violations(page), [], path)
      assert.deepEqual(await cut(page), [], `${path}: something is cut`)
    }
    assert.deepEqual(heard, [])
    await page.close()
  })
}

/** Names and marks that are not whole on the screen. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const pane = document.querySelector('.pane')?.getBoundingClientRect()
    return [...document.querySelectorAll<HTMLElement>('.name, .mark, .rank, h1, .strip p')]
      .filter(el => el.checkVisibility() && !el.closest('.skip'))
      .filter(el => {
        const r = el.getBoundingClientRect()
        const inPane = el.closest('.pane') && pane
        return (
          r.left < 0 ||
          r.right > innerWidth ||
          r.top < 0 ||
          r.bottom > innerHeight ||
          el.scrollWidth > el.clientWidth + 1 ||
          (inPane && r.bottom > pane.bottom + 1)
        )
      })
      .filter(el => getComputedStyle(el).display !== 'inline')
      .map(el => el.textContent?.trim() ?? '')
  })

test('nothing scrolls sideways at 320 px', { timeout: 120_000 }, async () => {
  const page = await browser.context.newPage()
  await page.setViewportSize({ width: 320, height: 640 })
  for (const lang of ['zh-CN', 'en']) {
    for (const path of [...pages.public, ...pages.judge, ...pages.desk]) {
      await page.goto(`${stage.url}${path}?lang=${lang}&theme=auto&text=auto`)
      const over = await tooWide(page)
      assert.ok(over <= 0, `${path} in ${lang} is ${over} px too wide`)
    }
  }
  await page.close()
})

test('targets are large enough for a thumb', { timeout: 120_000 }, async () => {
  const page = await browser.context.newPage()
  await page.setViewportSize({ width: 390, height: 844 })
  for (const [paths, least] of [
    [pages.public, 44],
    [pages.judge, 48],
    [pages.desk, 44],
  ] as const) {
    for (const path of paths) {
      await page.goto(`${stage.url}${path}?lang=zh-CN`)
      const small = await page.evaluate(
        least =>
          [...document.querySelectorAll<HTMLElement>('a, button, input, select, summary')]
            .filter(el => el.checkVisibility() && !el.classList.contains('skip') && el.getAttribute('type') !== 'hidden')
            // a link inside a sentence is as high as its line
            .filter(el => getComputedStyle(el).display !== 'inline')
            // a box with words beside it is as large as both
            .map(el => ({ what: el.outerHTML.slice(0, 90), height: (el.closest('label') ?? el).getBoundingClientRect().height }))
            .filter(t => t.height < least),
        least,
      )
      assert.deepEqual(small, [], path)
    }
  }
  await page.close()
})

test('a first view is at most 100 KB on the wire', { timeout: 120_000 }, async () => {
  const page = await browser.context.newPage()
  const session = await browser.context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  session.on('Network.loadingFinished', e => {
    bytes += e.encodedDataLength
  })
  for (const path of [...pages.public, ...pages.judge, ...pages.board, ...pages.desk]) {
    bytes = 0
    await page.goto(`${stage.url}${path}?lang=zh-CN`, { waitUntil: 'networkidle' })
    assert.ok(bytes > 1_000 && bytes <= 100_000, `${path}: ${bytes} bytes`)
  }
  await page.close()
})

test('a page is whole without script', { timeout: 120_000 }, async () => {
  const plain = await openBrowser({ javaScriptEnabled: false })
  try {
    const page = await plain.context.newPage()
    await page.goto(`${stage.url}/c/hlj9/units/12?lang=zh-CN`)
    assert.equal(await page.locator('tbody tr').count(), 8)
    assert.ok(await page.locator('.mark', { hasText: '1:04.86' }).first().isVisible())
    assert.equal(await page.getByRole('button', { name: '暂停更新' }).count(), 0)
    await page.getByRole('link', { name: '看最新' }).click()
    await page.getByText('为什么是第 2 名').first().click()
    assert.ok(await page.getByText('时间是 1:05.07').isVisible())
    await page.getByRole('link', { name: 'English' }).click()
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    await page.getByRole('link', { name: 'Medals', exact: true }).click()
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Medal table')
  } finally {
    await plain.close()
  }
})
