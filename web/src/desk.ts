/** The pages of people who have signed in: each part of the house improves its own. */
import './registration.ts'
import './sign-in.ts'
import './needs.ts'
import './privacy.ts'
import './call.ts'
import './control.ts'
