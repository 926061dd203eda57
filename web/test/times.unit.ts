import assert from 'node:assert/strict'
import { test } from 'node:test'
import { echo, narrow, read } from '../src/times.ts'

const zh = { minutes: '{0} 分 {1}', seconds: '{0} 秒 {1}', whole: '{0} 秒', empty: '还没填', unclear: '看不懂这个时间' }

test('full-width digits become ordinary ones', () => {
  assert.equal(narrow('１：０２．３５'), '1:02.35')
  assert.equal(narrow('28。35'), '28.35')
  assert.equal(narrow('　28.35 '), '28.35')
})

test('a time in words', () => {
  for (const [typed, said] of [
    ['28.35', '28 秒 35'],
    ['62.35', '1 分 02 秒 35'],
    ['1:02.35', '1 分 02 秒 35'],
    ['１：０２．３５', '1 分 02 秒 35'],
    ['9', '9 秒'],
    ['15:07', '15 分 07 秒'],
    ['', '还没填'],
    ['1:2', '看不懂这个时间'],
    ['1:72.00', '看不懂这个时间'],
    ['-3', '看不懂这个时间'],
    ['1e9', '看不懂这个时间'],
    ['NaN', '看不懂这个时间'],
    ['12.', '看不懂这个时间'],
  ] as const)
    assert.equal(echo(typed, zh), said, typed)
})

test('reads what the server reads', () => {
  assert.deepEqual(read('59.999'), { minutes: '', seconds: '59', fraction: '999' })
  assert.equal(read('59.9999'), undefined)
  assert.equal(read('1:02:03'), undefined)
})
