/** Pages of support needs, improved. Each works as plain forms without this. */

/** Closes what somebody has looked at, so that it does not stay on a screen that nobody sits at. */
for (const part of document.querySelectorAll<HTMLElement>('[data-hide-after]')) {
  setTimeout(() => part.remove(), Number(part.dataset.hideAfter) * 1000)
}

/** Fetches the board anew every half minute while nobody is in the middle of something on it. */
const board = document.querySelector<HTMLAnchorElement>('[data-needs-reload]')
if (board) {
  setInterval(() => {
    const busy = document.activeElement?.closest('form, details, a') || document.hidden
    if (!busy) location.replace(location.pathname + location.search.replace(/[?&]done=[^&]*/, ''))
  }, 30_000)
}
