/** The judge's tablet. */
import './tablet/app.ts'
