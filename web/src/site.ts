/** The public pages. */
import { define } from './live.ts'

define()
