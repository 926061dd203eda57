/**
 * A delegation's file on its way, as people walk it: the manager takes the form, sends it filled in, puts three cells right
 * on the page, enters, says what one of them needs and submits; the organiser returns one, accepts them and takes it back. By keyboard alone.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { asked, tooWide } from './rules.ts'
import { complaints, openBrowser, openStage, type Stage } from './stage.ts'

let games: Stage
let dir: string

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tc-games-'))
  // the small games of registration_walk_test.go, on a real server with a real store
  games = await openStage('TestGames', 'TONGCHANG_GAMES')
  await writeFile(join(dir, '报名表.xlsx'), Buffer.from(await (await fetch(`${games.url}/-/book`)).arrayBuffer()))
})
after(async () => {
  await games?.close()
  await rm(dir, { recursive: true, force: true })
})

/** The page keeps the rules in both languages, on a phone and on a desk, and nothing runs over its edge. */
async function sound(page: Page, where: string): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 }
  const address = new URL(page.url())
  for (const lang of ['en', 'zh-CN']) {
    address.searchParams.set('lang', lang)
    await page.goto(address.href)
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      assert.deepEqual(await asked(lang, width)(page), [], `${where} in ${lang} at ${width}`)
      const over = await tooWide(page)
      assert.ok(over <= 0, `${where} in ${lang} at ${width} is ${over} px too wide`)
    }
  }
  await page.setViewportSize(size)
}

/** Goes by Tab to what has a name, and presses it. */
async function press(page: Page, role: 'link' | 'button' | 'checkbox', name: string | RegExp, key = 'Enter'): Promise<void> {
  const wanted = page.getByRole(role, { name }).first()
  await wanted.waitFor()
  for (let i = 0; i < 250; i++) {
    if (await wanted.evaluate(el => el === document.activeElement)) {
      await page.keyboard.press(key)
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way by Tab to ${role} ${name}`)
}

/** The keyboard starts at the top of a page that has just come. */
const top = (page: Page): Promise<void> =>
  page.evaluate(() => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    getSelection()?.removeAllRanges()
  })

const said = async (page: Page): Promise<string> => ((await page.locator('main').textContent()) ?? '').replaceAll(/\s+/g, ' ')

/** Waits for the rows of a file to be checked again after a cell was left. */
const checked = (page: Page, kept: string): Promise<void> => page.locator('#next strong').filter({ hasText: kept }).waitFor()

test('a file from the form to the organiser and back, by keyboard alone', { timeout: 600_000 }, async () => {
  const browser = await openBrowser({ reducedMotion: 'reduce', acceptDownloads: true })
  try {
    const page = await browser.context.newPage()
    page.setDefaultTimeout(60_000) // each step judges everybody again, on whatever machine this is
    const heard = complaints(page)
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(`${games.url}/-/in?as=${encodeURIComponent('牡丹江领队')}`)
    const home = page.url()

    const down = page.waitForEvent('download')
    await press(page, 'link', '下载报名表模板')
    assert.match((await down).suggestedFilename(), /牡丹江报名表\.xlsx$/)

    await page.locator('#book').setInputFiles(join(dir, '报名表.xlsx')) // the browser's own window of files is out of a test's reach
    await page.locator('#book').focus()
    await press(page, 'button', '上传，先检查')
    await page.waitForURL(/uploads\//)
    await page.getByText('还有 3 行要改').waitFor()
    await sound(page, 'the file with problems')

    // each cell: typed, Enter, and the row is calm while the keyboard stays where it is
    await page.getByLabel(/第 4 行 敖嫩·巴图，身份证号改成/).focus()
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement).value), '', 'a number is on the page')
    await page.keyboard.type(await (await fetch(`${games.url}/-/number`)).text())
    await page.keyboard.press('Enter')
    await checked(page, '还有 2 行要改')
    const event = page.getByLabel(/第 5 行 孟庆荷，小项改成/)
    await event.focus()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('跳远')
    await page.keyboard.press('Enter')
    await checked(page, '还有 1 行要改')
    assert.match(await page.evaluate(() => document.activeElement?.id ?? ''), /^f-/, 'the place was lost')
    await page.getByLabel(/第 6 行 严小江，监护人改成/).focus()
    await page.keyboard.type('严国庆')
    await page.keyboard.press('Tab')
    await checked(page, '没有要改的行')
    await page.reload()
    await checked(page, '没有要改的行')
    assert.equal(await page.getByText('已改好').count(), 3)

    await top(page)
    await press(page, 'link', '写入 4 行')
    await page.waitForURL(/apply/)
    await top(page)
    await press(page, 'button', '写入 4 行')
    await page.waitForURL(/did=applied/)
    assert.match(await said(page), /新增 4 人，修改 0 人/)
    await sound(page, 'home with drafts')

    await state(page, home)

    await page.goto(home)
    await press(page, 'checkbox', /符合条件的 4 人全选/, 'Space')
    await press(page, 'button', '提交')
    await page.waitForURL(/\/check$/)
    assert.match(await said(page), /提交给竞赛部/)
    await press(page, 'button', '提交 4 人')
    await page.waitForURL(/did=submitted/)
    assert.match(await said(page), /已提交 4 人/)

    await organise(page)

    await page.goto(`${games.url}/-/in?as=${encodeURIComponent('牡丹江领队')}`)
    assert.match(await said(page), /1 人被退回，先改这些.*同意书看不清/)
    await press(page, 'link', '严小江')
    await page.waitForURL(/people\/\d+/)
    await sound(page, 'a person returned')
    await top(page)
    await press(page, 'button', '提交')
    await page.waitForURL(/\/check$/)
    await press(page, 'button', '提交 1 人')
    await page.waitForURL(/did=submitted/)
    await accept(page)
    assert.deepEqual(heard, [])
  } finally {
    await browser.close()
  }
})

/** The manager says what one of them needs: from the person's own page, in a tick and words. */
async function state(page: Page, home: string): Promise<void> {
  await page.goto(home)
  await press(page, 'link', '敖嫩·巴图')
  await page.waitForURL(/people\/\d+/)
  await top(page)
  await press(page, 'link', '需求和答复')
  await page.waitForURL(/needs\/\d+/)
  await press(page, 'checkbox', '自带手动轮椅', 'Space')
  await page.locator('#words-wheelchair-own').focus()
  await page.keyboard.type('轮子宽 62 厘米')
  await press(page, 'button', '存下需求')
  await page.waitForURL(/needs(\?|$|#)/)
  assert.match(await said(page), /自带手动轮椅|1 件/)
  await sound(page, 'needs stated')
}

/** The organiser returns the child, first without a reason. */
async function organise(page: Page): Promise<void> {
  await page.goto(`${games.url}/-/in?as=${encodeURIComponent('竞赛部')}`)
  await sound(page, 'the desk')
  await page.goto(`${games.url}/c/games/desk/registrations?state=submitted`)
  await press(page, 'checkbox', '选 严小江', 'Space')
  assert.equal(await page.locator('[data-chosen]').textContent(), '选了 1 人')
  await press(page, 'button', '退回')
  await page.waitForURL(/\/check$/)
  await page.locator('#reason').focus()
  await page.keyboard.type('同意书看不清，请重拍。')
  await press(page, 'button', '退回 1 人')
  await page.waitForURL(/did=returned/)
  assert.match(await said(page), /已退回 1 人/)
}

/** The organiser accepts everybody, takes it back, and accepts again: cards can be printed then. */
async function accept(page: Page): Promise<void> {
  await page.goto(`${games.url}/-/in?as=${encodeURIComponent('竞赛部')}`)
  for (const again of [false, true]) {
    await page.goto(`${games.url}/c/games/desk/registrations?state=submitted`)
    await press(page, 'checkbox', /符合条件的 4 人全选/, 'Space')
    await press(page, 'button', '接收')
    await page.waitForURL(/\/check$/)
    await press(page, 'button', '接收 4 人')
    await page.waitForURL(/did=accepted/)
    assert.match(await said(page), /已接收 4 人/)
    if (again) break
    await press(page, 'button', '撤回这一步')
    await page.waitForURL(/did=undone/)
    assert.match(await said(page), /已撤回/)
  }
  await page.goto(`${games.url}/c/games/desk/cards?size=a6`)
  assert.equal(await page.locator('.card-a6 .qr').count(), 4)
  await sound(page, 'cards')
  const code = await page.locator('.card-code b').first().textContent()
  await page.goto(`${games.url}/c/games/cards/${code}`)
  assert.match(await said(page), /这张卡有效/)
}

test('without script every step is a form of its own', { timeout: 120_000 }, async () => {
  const plain = await openBrowser({ javaScriptEnabled: false })
  try {
    const page = await plain.context.newPage()
    await page.goto(`${games.url}/-/in?as=${encodeURIComponent('鹤岗领队')}`)
    await page.getByRole('link', { name: '加一个人' }).click()
    await page.getByLabel('姓名').fill('温长林')
    await page.getByLabel('大项').selectOption('田径')
    await page.getByRole('button', { name: '按大项列出小项' }).click()
    await page.getByLabel('100米').check()
    await page.getByRole('button', { name: '存下', exact: true }).click()
    await page.waitForURL(/did=saved/)
    assert.match(await said(page), /已存下/)
    assert.match((await page.locator('.problems').textContent()) ?? '', /处要改/)
    await page.getByRole('link', { name: '鹤岗' }).click()
    await page.getByLabel('姓名或号码').fill('长林')
    await page.getByRole('button', { name: '找', exact: true }).click()
    assert.equal(await page.locator('[data-person]').count(), 1)
  } finally {
    await plain.close()
  }
})
