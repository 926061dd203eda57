/** The judge's tablet by keyboard alone and by thumb, its pads, its sizes, and what it does when others are faster or somebody else signs in. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, afterEach, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, openBrowser, themeViolations, violations } from './stage.ts'
import { banner, Hall, openPage, signIn, until } from './tablet-stage.ts'

let hall: Hall
let browser: Awaited<ReturnType<typeof openBrowser>>

before(async () => {
  hall = await Hall.open()
  browser = await openBrowser({ hasTouch: true, viewport: { width: 1024, height: 768 } })
})
afterEach(async () => {
  await hall.heal()
  for (const page of browser.context.pages()) if (page.url() !== 'about:blank') await page.close({ runBeforeUnload: false })
})
after(async () => {
  await browser?.close()
  await hall?.close()
})

/** A page of a judge, at the list of units. */
async function pageOf(door: number, lang = 'zh-CN'): Promise<Page> {
  const page = await browser.context.newPage()
  await signIn(page, hall, door)
  await openPage(page, hall, lang)
  return page
}

/** Opens a unit by its name. */
async function open(page: Page, name: string): Promise<void> {
  await page.locator('.menu button').first().click()
  await page.locator('.units .runner', { hasText: name }).first().click()
  await page.locator('#entry').waitFor()
  await settle(page)
}

/** The guard against a trembling hand holds for 0.4 s after the pad has moved on. */
const settle = (page: Page): Promise<void> => page.waitForTimeout(450)

/** Does something that saves, and waits until the pad has moved on. */
async function saving(page: Page, act: () => Promise<unknown>): Promise<void> {
  await page.locator('#entry').evaluate(pad => pad.setAttribute('data-old', ''))
  await act()
  await page.waitForFunction(() => !document.querySelector('[data-old]'))
  await settle(page)
}

const newest = async (): Promise<string> => {
  const e = (await hall.log()).at(-1)
  return `${e?.author} ${e?.payload.cell} ${e?.payload.clear ? 'clear' : e?.payload.irm || e?.payload.mark}`
}

/** Buttons, fields and choices that are smaller than a finger, or than a thumb where they are the pad's own. */
const small = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a[href], label.level, label.check, input.input')]
      .filter(el => el.offsetParent && !el.matches('.skip'))
      .map(el => ({
        el,
        box: el.getBoundingClientRect(),
        least: el.matches('.keys *, .go *, .irm button, .level, .step, .beside *') ? 60 : 48,
      }))
      .filter(({ box, least }) => box.width < least - 0.5 || box.height < least - 0.5)
      .map(({ el, box, least }) => `${el.textContent?.trim() || el.id} ${box.width.toFixed(0)} × ${box.height.toFixed(0)} < ${least}`),
  )

test('a heat by keyboard: digits and one key for each mark, said aloud when kept and when delivered', { timeout: 120_000 }, async () => {
  const page = await pageOf(1)
  const heard = complaints(page)
  await open(page, '第 1 组')
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'value')
  await page.keyboard.type('1:05.07')
  assert.equal(await page.locator('#echo').textContent(), '1 分 05 秒 07')
  assert.match((await page.locator('.go .primary').textContent()) ?? '', /存下 1:05\.07/)
  await saving(page, () => page.keyboard.press('Enter'))
  await until(page, 'sent', 1)
  assert.equal(await newest(), '邢玉兰 time 1:05.07')
  await page.waitForFunction(() => /1:05\.07 · 已送达/.test(document.querySelector('[role=status]')?.textContent ?? ''))
  await page.keyboard.type('dns')
  assert.match((await page.locator('.go .primary').textContent()) ?? '', /存下 未出发/)
  await saving(page, () => page.keyboard.press('Enter'))
  await until(page, 'sent', 2)
  assert.equal(await newest(), '邢玉兰 time DNS')
  await page.keyboard.type('２８．３５')
  assert.equal(await page.locator('#value').inputValue(), '28.35')
  await saving(page, () => page.keyboard.press('Enter'))
  await page.keyboard.type('9:99')
  await page.keyboard.press('Enter')
  assert.equal(await page.locator('#wrong').textContent(), '看不懂这个时间')
  assert.equal(await page.locator('#value').getAttribute('aria-invalid'), 'true')
  assert.deepEqual(heard, [])
  await page.close()
})

test('a mark by thumb, a second tap within 0.4 s, and the way back', { timeout: 120_000 }, async () => {
  const page = await pageOf(1)
  await open(page, '第 2 组')
  const before = (await hall.log()).length
  for (const key of ['2', '8', '小数点', '9', '2', '删一位', '1'])
    await page.locator('#entry').getByRole('button', { name: key, exact: true }).tap()
  assert.equal(await page.locator('#value').inputValue(), '28.91')
  const box = await page.locator('.go .primary').boundingBox()
  assert.ok(box && box.y + box.height <= 768, 'the button is below the fold')
  await saving(page, async () => {
    await page.touchscreen.tap(box.x + 40, box.y + 20)
    await page.touchscreen.tap(box.x + 40, box.y + 20)
  })
  for (let i = 0; i < 100 && (await hall.log()).length === before; i++) await page.waitForTimeout(50)
  assert.equal((await hall.log()).length - before, 1, 'a trembling hand entered two marks')
  await saving(page, () => page.getByRole('button', { name: '撤回上一笔' }).tap())
  for (let i = 0; i < 100 && (await hall.log()).length === before + 1; i++) await page.waitForTimeout(50)
  assert.equal(await newest(), '邢玉兰 time clear')
  assert.equal(await page.locator('.runner[aria-current] .got').textContent(), '')
  await page.close()
})

test('attempts, heights, lights, a scheme: each by thumb and by its own key', { timeout: 120_000 }, async () => {
  const page = await pageOf(1)
  await open(page, '女子铁饼')
  await page.keyboard.type('x')
  assert.match((await page.locator('.go .primary').textContent()) ?? '', /存下 失败/)
  await saving(page, () => page.keyboard.press('Enter'))
  await saving(page, async () => {
    await page.keyboard.type('21.35')
    await page.keyboard.press('Enter')
  })
  await open(page, '男子跳高')
  await page.keyboard.press('o')
  assert.equal(await page.locator('.level input:checked').getAttribute('value'), 'O')
  await saving(page, () => page.keyboard.press('Enter'))
  await saving(page, async () => {
    await page.locator('.level', { hasText: '失败' }).tap()
    await page.locator('.go .primary').tap()
  })
  await open(page, '男子举重')
  await saving(page, async () => {
    await page.keyboard.type('78.5')
    await page.keyboard.press('Enter')
  })
  await page.locator('.runner').first().click()
  await page.locator('.strip button', { hasText: '申报重量' }).first().click()
  await settle(page)
  await saving(page, async () => {
    await page.keyboard.type('120')
    await page.keyboard.press('Enter')
  })
  await saving(page, () => page.locator('.level', { hasText: '白灯' }).tap())
  await open(page, '中式面点')
  assert.match((await page.locator('#who').textContent()) ?? '', /作品/)
  assert.ok((await page.locator('.aspects li').count()) >= 3)
  await until(page, 'saved', 0)
  assert.equal((await banner(page)).alert, 0)
  await page.close()
})

test('somebody was faster: both values, and the judge’s three ways', { timeout: 120_000 }, async () => {
  const page = await pageOf(1)
  await open(page, '第 3 组')
  const unit = Number(await page.evaluate(() => sessionStorage.getItem('games-unit')))
  await saving(page, async () => {
    await page.keyboard.type('31.00')
    await page.keyboard.press('Enter')
  })
  await until(page, 'saved', 0)
  const start = (await hall.log()).at(-1)?.payload.start ?? 0
  await hall.cut()
  await hall.happens('write', { unit, start, mark: '31.11', saw: 1, author: '董长河' })
  await page.locator('.runner').first().click()
  await settle(page)
  await page.keyboard.type('31.22')
  await page.keyboard.press('Enter')
  assert.match((await page.locator('#wrong').textContent()) ?? '', /原因/)
  await page.locator('input[name=reason]').first().check()
  await saving(page, () => page.locator('.go .primary').click())
  await hall.heal()
  await until(page, 'alert', 1)
  await page.getByRole('button', { name: '要处理的' }).click()
  assert.deepEqual(await page.locator('.versus .value').allTextContents(), ['31.11', '31.22'])
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(await small(page), [])
  await page.getByRole('button', { name: '改成我填的' }).click()
  assert.match((await page.locator('.decisions .error').textContent()) ?? '', /原因/)
  await page.locator('.versus input').fill('看了录像')
  await page.getByRole('button', { name: '改成我填的' }).click()
  await until(page, 'alert', 0)
  await until(page, 'saved', 0)
  assert.equal(await newest(), '邢玉兰 time 31.22')
  await page.close()
})

test('the sign-in ends, somebody else signs in: the marks wait for their own judge', { timeout: 120_000 }, async () => {
  const page = await pageOf(1)
  await open(page, '第 4 组')
  await hall.cut()
  for (const mark of ['41.01', '41.02', '41.03'])
    await saving(page, async () => {
      await page.keyboard.type(mark)
      await page.keyboard.press('Enter')
    })
  await browser.context.clearCookies()
  const before = (await hall.log()).length
  await hall.heal()
  await page.locator('.notes .alert', { hasText: '登录到期' }).waitFor()
  assert.equal((await banner(page)).saved, 3)
  await signIn(page, hall, 2)
  await page.locator('.notes .alert', { hasText: '是 邢玉兰 记的' }).waitFor()
  await page.locator('.seat.me b', { hasText: '董长河' }).waitFor()
  assert.equal((await hall.log()).length, before, 'a mark went out under another name')
  await signIn(page, hall, 1)
  await until(page, 'saved', 0)
  const log = (await hall.log()).slice(before)
  assert.deepEqual(
    log.map(e => `${e.author} ${e.payload.mark}`),
    ['邢玉兰 41.01', '邢玉兰 41.02', '邢玉兰 41.03'],
  )
  await page.close()
})

test('answers that get lost, two tabs at once, a file taken in twice: each mark counts once', { timeout: 120_000 }, async () => {
  const page = await pageOf(1)
  await open(page, '第 5 组')
  const other = await browser.context.newPage()
  await openPage(other, hall)
  await open(other, '第 6 组')
  const before = (await hall.log()).length
  await hall.happens('lose', { n: 3 })
  for (const mark of ['51.01', '51.02', '51.03'])
    for (const tab of [page, other]) {
      await tab.bringToFront()
      await saving(tab, async () => {
        await tab.keyboard.type(mark)
        await tab.keyboard.press('Enter')
      })
    }
  await until(page, 'saved', 0)
  await until(other, 'saved', 0)
  assert.equal((await hall.log()).length - before, 6)
  await other.close()

  await page.bringToFront()
  await hall.cut()
  await saving(page, async () => {
    await page.keyboard.type('51.04')
    await page.keyboard.press('Enter')
  })
  await page.getByRole('button', { name: '这台平板' }).click()
  assert.deepEqual(await violations(page), [])
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '存成文件' }).click()])
  const file = await download.path()
  await hall.heal()
  await until(page, 'saved', 0)
  await page.locator('#file-in').setInputFiles(file)
  await page.locator('.notes', { hasText: '收进来 0 笔' }).waitFor()
  const touched = (await readFile(file, 'utf8')).replace('51.04', '50.04')
  await page.locator('#file-in').setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(touched) })
  await page.locator('.notes', { hasText: '被改过' }).waitFor()
  assert.equal((await hall.log()).length - before, 7)

  await signIn(page, hall, 3)
  await page.goto(`${hall.url}/c/games/desk/outbox`)
  assert.deepEqual(await violations(page), [])
  await page.locator('#file').setInputFiles(file)
  await page.getByRole('button', { name: '看里面有什么' }).click()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '收进 1 笔' }).click()
  await page.getByText('以前已经送到的 1 笔').waitFor()
  assert.equal((await hall.log()).length - before, 7)
  await page.close()
})

test('every pad in both languages and four themes: nothing breaks the rules, no target is smaller than a thumb', {
  timeout: 240_000,
}, async () => {
  const page = await pageOf(1, 'en')
  const heard = complaints(page)
  assert.deepEqual(await violations(page), [])
  const units = await page.locator('.units .runner').count()
  for (const width of [1024, 360]) {
    await page.setViewportSize({ width, height: 768 })
    for (const n of [0, ...Array.from({ length: units - 25 }, (_, i) => 25 + i)]) {
      await page.locator('.menu button').first().click()
      await page.locator('.units .runner').nth(n).click()
      await page.locator('#entry').waitFor()
      const name = await page.locator('#scoring').textContent()
      assert.deepEqual(await small(page), [], `${name} at ${width}`)
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
        `${name} at ${width} scrolls sideways`,
      )
      if (width === 1024) assert.deepEqual(await violations(page), [], name ?? '')
    }
  }
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(theme => document.documentElement.setAttribute('data-theme', theme), theme)
    await page.waitForTimeout(400) // colours fade
    assert.deepEqual(await themeViolations(page), [], theme)
  }
  assert.deepEqual(heard, [])
  await page.close()
})
