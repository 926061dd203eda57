/** Pictures of every page, to be looked at: node test/run.mjs shots DIR, or shots DIR PART for the addresses that contain it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openBrowser, openStage, pages } from './stage.ts'

const [dir = 'shots', only = ''] = process.argv.slice(2)
await mkdir(dir, { recursive: true })
const stage = await openStage()
const browser = await openBrowser()
try {
  const page = await browser.context.newPage()
  const shoot = async (path: string, size: { width: number; height: number }, lang: string, query = '', full = false) => {
    if (!path.includes(only)) return
    await page.setViewportSize(size)
    await page.goto(`${stage.url}${path}?lang=${lang}${query}`, { waitUntil: 'load' })
    await page.waitForTimeout(300)
    const name = `${path.replaceAll('/', '-').replace(/^-+/, '') || 'home'}-${size.width}-${lang}${query.replaceAll(/[&=]/g, '-')}.png`
    await page.screenshot({ path: join(dir, name), fullPage: full })
  }
  for (const lang of ['zh-CN', 'en']) {
    if (!process.env.ONLY || process.env.ONLY === 'board')
      for (const path of pages.board) await shoot(path, { width: 1920, height: 1080 }, lang)
    for (const path of [...pages.public, ...pages.desk]) {
      await shoot(path, { width: 390, height: 844 }, lang, '', true)
      await shoot(path, { width: 1280, height: 800 }, lang, '', true)
    }
    for (const path of pages.judge) {
      await shoot(path, { width: 1024, height: 768 }, lang, '', true)
      await shoot(path, { width: 390, height: 844 }, lang, '', true)
    }
  }
  await shoot('/c/hlj9/units/12', { width: 390, height: 844 }, 'zh-CN', '&theme=dark', true)
  await shoot('/c/hlj9/units/10', { width: 390, height: 844 }, 'zh-CN', '&theme=contrast', true)
  await shoot('/c/hlj9/units/10', { width: 390, height: 844 }, 'zh-CN', '&theme=auto&text=large', true)
} finally {
  await browser.close()
  await stage.close()
}
