/** The set-up of an edition: its pages against the rules of accessibility, and the whole way by keyboard alone, from a
 *  machine with nothing on it to an edition in which people can be entered. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { ground, keepsRules, reach } from './rules.ts'
import { complaints, openBrowser, type Stage } from './stage.ts'

const paths = [
  '/setup',
  '/setup/wrong',
  '/setup/closed',
  '/c/hlj9/desk/ready',
  '/c/hlj9/desk/ready/fine',
  '/c/hlj9/desk/setup',
  '/c/hlj9/desk/setup/games',
  '/c/hlj9/desk/setup/games/wrong',
  '/c/hlj9/desk/setup/sports',
  '/c/hlj9/desk/setup/events',
  '/c/hlj9/desk/setup/events/boccia',
  '/c/hlj9/desk/setup/events/boccia/edit',
  '/c/hlj9/desk/setup/events/wrong',
  '/c/hlj9/desk/setup/regulation',
  '/c/hlj9/desk/setup/regulation/wrong',
  '/c/hlj9/desk/setup/delegations',
  '/c/hlj9/desk/setup/venues',
  '/c/hlj9/desk/setup/venues/wrong',
  '/c/hlj9/desk/setup/deadlines',
  '/c/hlj9/desk/setup/deadlines/wrong',
  '/c/hlj9/desk/setup/entry',
  '/c/hlj9/desk/setup/review',
  '/c/hlj9/desk/setup/review/missing',
]

const at = ground()

keepsRules('the set-up', at, paths)

/** A server with an empty database, as somebody has it who has just unpacked the program. */
async function openEmpty(): Promise<Stage & { key: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'tc-setup-'))
  const key = 'a-key-for-this-test-alone'
  const binary = process.env.TONGCHANG_BINARY ?? new URL('../../../../bin/tongchang', import.meta.url).pathname
  const server = spawn(binary, ['serve', '--lang', 'en', '--db', join(dir, 'games.db'), '--listen', '127.0.0.1:0', '--desk-key', key], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>(done => server.once('exit', () => done()))
  const close = async (): Promise<void> => {
    server.kill('SIGTERM')
    await ended
    await rm(dir, { recursive: true, force: true })
  }
  let said = ''
  server.stdout.setEncoding('utf8').on('data', text => {
    said += text
  })
  for (let i = 0; i < 600 && server.exitCode === null; i++) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
    if (url && said.includes('Ctrl+C')) return { url, close, key }
    await sleep(100)
  }
  await close()
  throw new Error(`the server did not open: ${said}`)
}

/** Types into a field, in place of what is there. */
async function fill(page: Page, selector: string, text: string): Promise<void> {
  await reach(page, selector)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

/** A day into a field of days, whose parts are typed in the order of the browser's language. */
async function day(page: Page, selector: string, month: string, dayOf: string, year: string): Promise<void> {
  await reach(page, selector)
  await page.keyboard.type(`${month}${dayOf}${year}`)
  assert.equal(await page.locator(selector).inputValue(), `${year}-${month}-${dayOf}`)
}

/** Presses a button and waits for the page that it leads to. */
async function press(page: Page, selector: string, to: RegExp): Promise<void> {
  await reach(page, selector)
  await Promise.all([page.waitForURL(to), page.keyboard.press('Enter')])
}

/** The six digits of this half minute (RFC 6238) for a secret in base 32. */
function code(secret: string): string {
  let bits = ''
  for (const letter of secret.replace(/\s/g, '')) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
  const key = Buffer.from(bits.match(/.{8}/g)?.map(byte => Number.parseInt(byte, 2)) ?? [])
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const number = hash.readUInt32BE((hash[19] ?? 0) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

test('from nothing to an edition in which people can be entered, by keyboard alone', { timeout: 600_000 }, async t => {
  const server = await openEmpty()
  const alone = await openBrowser({ locale: 'en-US', reducedMotion: 'reduce' })
  try {
    alone.context.setDefaultTimeout(60_000)
    const page = await alone.context.newPage()
    const heard = complaints(page)
    const began = Date.now()
    await page.goto(`${server.url}/setup?key=${server.key}`)
    await page.goto(`${server.url}/setup?lang=en`)
    const year = String(new Date().getFullYear() + 1)
    await fill(page, '#name', '黑龙江省第九届残疾人运动会')
    await fill(page, '#address', 'hlj9')
    await fill(page, '#city', '哈尔滨')
    await day(page, '#starts', '06', '18', year)
    await day(page, '#ends', '06', '21', year)
    await fill(page, '#organiser', '崔立新')
    await fill(page, '#login', 'cui')
    await press(page, 'main button[type=submit]', /\/welcome\//)

    await fill(page, '#password', '晨练于江边两圈半')
    await press(page, 'main button[type=submit]', /\/account\/second$/)
    const secret = await page.locator('input[name=secret]').inputValue()
    await fill(page, '#code', code(secret))
    await reach(page, 'main button[type=submit]')
    await page.keyboard.press('Enter')
    await page.locator('.recovery').waitFor()
    await reach(page, 'main .btn.primary')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/desk\/setup$/)
    await press(page, 'main .btn.primary', /\/desk\/setup\/sports$/) // the games have a name and days already

    for (const sport of ['BC', 'GB']) {
      await reach(page, `input[name=sport-code][value=${sport}]`)
      await page.keyboard.press('Space')
    }
    await press(page, 'button[value=next]', /\/setup\/events$/)
    await press(page, 'main .lanes a', /\/setup\/events\?sport=/)
    await fill(page, '#event-name', '双人赛')
    await fill(page, '#class', 'BC3')
    await fill(page, '#admits', 'BC3')
    await press(page, 'button[value=put]', /did=saved/)
    await press(page, '.setup-steps a[aria-current=step]', /\/setup\/events$/)
    await press(page, 'button[value=next]', /\/setup\/regulation$/)

    await press(page, 'button[value=preset-full]', /did=saved/)
    await fill(page, '#case-field', '8')
    await reach(page, 'button[value=work]')
    await page.keyboard.press('Enter')
    await page.getByText('A field of 8: 7 placed').waitFor()
    await press(page, 'button[value=next]', /\/setup\/delegations$/)

    await fill(page, '#list', 'HRB\t哈尔滨\tHarbin\nDQ，大庆\n大庆油田')
    await press(page, 'button[value=next]', /\/setup\/venues$/)
    await fill(page, '#venue-1', '体育馆')
    await press(page, 'button[value=next]', /\/setup\/deadlines$/)
    await press(page, 'button[value=propose]', /did=saved/)
    assert.equal(await page.locator('#late-day').inputValue(), `${year}-06-17`)
    await press(page, 'button[value=next]', /\/setup\/entry$/)
    await fill(page, '#guardian', '14')
    await press(page, 'button[value=next]', /\/setup\/review$/)
    await press(page, 'button.primary', /\/desk\/ready\?did=applied$/)

    await press(page, '.ready-list a[href$="/desk/accounts"]', /\/desk\/accounts$/)
    await reach(page, 'form[action$="/delegations"] button')
    await page.keyboard.press('Enter')
    await page.getByText('/c/hlj9/welcome/').first().waitFor()
    const links = (await page.locator('main').textContent())?.match(/\/c\/hlj9\/welcome\/[\w-]{43}/g) ?? []
    assert.equal(new Set(links).size, 3)

    const manager = await openBrowser({ locale: 'en-US', reducedMotion: 'reduce' })
    try {
      manager.context.setDefaultTimeout(60_000)
      const theirs = await manager.context.newPage()
      await theirs.goto(`${server.url}${links[0]}`)
      await fill(theirs, '#password', '松花江的冰灯三百盏')
      await press(theirs, 'main button[type=submit]', /\/team\/\d+$/)
      await theirs.goto(`${theirs.url()}/people/new`)
      await theirs.locator('option[value="硬地滚球"]').first().waitFor({ state: 'attached' })
    } finally {
      await manager.close()
    }
    await page.goto(`${server.url}/c/hlj9/desk/ready`)
    assert.match((await page.locator('#gate-entries').locator('..').textContent()) ?? '', /All 3 delegations have one/)
    assert.deepEqual(heard, [])
    t.diagnostic(`from the first page to one where people are entered: ${Math.round((Date.now() - began) / 1000)} s of this machine`)
  } finally {
    await alone.close()
    await server.close()
  }
})
