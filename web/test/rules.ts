/** What the browser tests of a part of the house share: a stage and a browser for all tests of a file, the rules that each of its pages keeps, and the way by keyboard. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { complaints, openBrowser, openStage, type Stage, themeViolations, violations } from './stage.ts'

/** Where a file's tests stand, from before the first of them until after the last. */
export interface Ground {
  url: string
  context: BrowserContext
}

/** Opens the stage and a browser for the tests of a file. */
export function ground(): Ground {
  const at = {} as Ground
  let stage: Stage
  let browser: Awaited<ReturnType<typeof openBrowser>>
  before(async () => {
    stage = await openStage()
    browser = await openBrowser({ reducedMotion: 'reduce' })
    at.url = stage.url
    at.context = browser.context
  })
  after(async () => {
    await browser?.close()
    await stage?.close()
  })
  return at
}

/** A reader's language, theme and width. */
export type Screen = readonly [lang: 'zh-CN' | 'en', theme: 'light' | 'dark', width: number]

/** Both languages on a phone in the dark theme and on a desk in the light one. */
export const screens: readonly Screen[] = [
  ['zh-CN', 'dark', 360],
  ['zh-CN', 'light', 1280],
  ['en', 'dark', 360],
  ['en', 'light', 1280],
]

/**
 * What is asked of a page in a language at a width: all rules on a phone in Chinese and on a desk in English, where every language and every width
 * comes by; on the two other screens what words and sizes can break. TONGCHANG_EVERY_SCREEN=1 asks for all rules everywhere.
 */
export const asked = (lang: string, width: number): typeof violations =>
  process.env.TONGCHANG_EVERY_SCREEN || (lang === 'en') === width >= 1000 ? violations : themeViolations

/** Every page, on every screen: no rule of accessibility is broken, nothing is too wide, no script complains. */
export function keepsRules(what: string, at: Ground, paths: readonly string[], on: readonly Screen[] = screens): void {
  for (const [lang, theme, width] of on) {
    test(`pages of ${what} in ${lang}, ${theme}, at ${width}`, { timeout: 600_000 }, async () => {
      const page = await at.context.newPage()
      const heard = complaints(page)
      await page.setViewportSize({ width, height: 800 })
      for (const path of paths) {
        await page.goto(`${at.url}${path}?lang=${lang}&theme=${theme}&text=auto`)
        assert.deepEqual(await asked(lang, width)(page), [], path)
        const over = await tooWide(page)
        assert.ok(over <= 0, `${path} is ${over} px too wide`)
      }
      assert.deepEqual(heard, [])
      await page.close()
    })
  }
}

/** How many px of a page are beyond the screen's edge. */
export const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Goes by Tab until the element has the focus. */
export async function reach(page: Page, selector: string): Promise<void> {
  const wanted = page.locator(selector).first()
  await wanted.waitFor()
  for (let i = 0; i < 400; i++) {
    await page.keyboard.press('Tab')
    if (await wanted.evaluate(el => el === document.activeElement)) return
  }
  throw new Error(`no way by Tab to ${selector}`)
}
