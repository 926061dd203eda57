/** The public pages. */
import { defineList } from './list.ts'
import { define } from './live.ts'

define()
defineList()
