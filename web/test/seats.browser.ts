/** Seats, the control room and the inbox: the rules of accessibility, a judge's way to the seat by keyboard, a control room that keeps itself current and can be held still. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ground, keepsRules, reach } from './rules.ts'

const paths = [
  '/c/hlj9/seat/sample',
  '/c/hlj9/seat/shut',
  '/c/hlj9/seat',
  '/c/hlj9/seat/wrong',
  '/c/hlj9/seat/sits',
  '/c/hlj9/desk/seats',
  '/c/hlj9/desk/seats/wrong',
  '/c/hlj9/desk/seats/6',
  '/c/hlj9/desk/seats/cards',
  '/c/hlj9/desk/seats/judges',
  '/c/hlj9/desk/control',
  '/c/hlj9/desk/control/none',
  '/c/hlj9/desk/control/devices/17',
  '/c/hlj9/desk/control/devices/17/wrong',
  '/c/hlj9/desk/control/units/30',
  '/c/hlj9/desk/inbox',
  '/c/hlj9/desk/inbox/wrong',
]

const at = ground()

/** How often the control room has asked; each answer says another second. */
let asked = 0

const device = (id: string, alert: boolean) => ({
  id,
  url: `/c/hlj9/desk/control/devices/${id}`,
  name: `平板 ${id}`,
  seat: '终点 2 号',
  judge: '邢玉兰',
  seen: `${asked} 秒前`,
  unsent: '0',
  battery: '83%',
  version: 'a1b2c3',
  clock: '',
  status: alert ? 'alert' : 'sent',
  status_text: alert ? '没有消息' : '正常',
  alert,
})

let answered = false
beforeEach(async () => {
  if (answered) return
  answered = true
  await at.context.route('**/desk/control/state', route => {
    asked++
    const units = [{ id: '12', title: '女子 100 米', detail: '14:20', url: '/c/hlj9/units/12' }]
    return route.fulfill({
      json: {
        updated: `14:48:0${asked % 10}`,
        heading: '设备 2 台',
        alarm: '',
        late: '',
        late_url: '/c/hlj9/desk/inbox',
        devices: [device('30', true), device('17', false)],
        groups: [{ status: 'live', status_text: '进行中', count: '1', more: '', units }],
        sentence: '',
      },
    })
  })
})

keepsRules('seats and the control room', at, paths)

test('a judge takes a seat by keyboard, on targets of at least 48 px', { timeout: 120_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}/c/hlj9/seat?lang=zh-CN`)
  const small = await page
    .locator('.seat-gate .btn.primary, .seat-gate select, #pin')
    .evaluateAll(all => all.filter(el => el.getBoundingClientRect().height < 48).map(el => el.textContent))
  assert.deepEqual(small, [])
  await reach(page, '#judge')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.locator('#judge').inputValue(), '3')
  await reach(page, '#pin')
  await page.keyboard.type('482913')
  assert.equal(await page.locator('#pin').inputValue(), '482913')
  await reach(page, '.seat-gate form button[type=submit]')
  await page.close()
})

test('the control room keeps itself current, the row in hand stays in hand, and it can be held still', { timeout: 120_000 }, async () => {
  const page = await at.context.newPage()
  await page.goto(`${at.url}/c/hlj9/desk/control?lang=zh-CN`)
  await page.locator('tr[data-key="17"] a').focus()
  await page.locator('tr[data-key="30"]').waitFor({ timeout: 30_000 })
  assert.equal(await page.locator('tr[data-key="30"] .chip').getAttribute('class'), 'chip alert')
  assert.equal(await page.locator('tr[data-key="17"] .chip [data-field]').textContent(), '正常')
  assert.ok(await page.locator('tr[data-key="17"] a').evaluate(el => el === document.activeElement))
  assert.ok(await page.locator('[data-has=alarm]').isHidden())
  const hold = page.locator('[data-hold]')
  await hold.focus()
  await page.keyboard.press('Enter')
  assert.equal(await hold.getAttribute('aria-pressed'), 'true')
  const before = asked
  await page.waitForTimeout(4000)
  assert.ok(asked <= before + 1, 'it asks while it is held still')
  const shown = await page.locator('[data-field=updated]').textContent()
  await page.keyboard.press('Enter')
  await page.waitForFunction(was => document.querySelector('[data-field=updated]')?.textContent !== was, shown, { timeout: 30_000 })
  await page.close()
})
