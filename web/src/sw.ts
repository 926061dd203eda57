/**
 * The worker that opens the tablet without a network: it keeps the page and its
 * files, nothing else. Data and marks never go through it. The server writes
 * what to keep in front of this script, so that each build is a worker of its own.
 */
declare const shell: { version: string; page: string; files: string[] }

interface Lifetime extends Event {
  waitUntil: (until: Promise<unknown>) => void
}
interface Asked extends Lifetime {
  request: Request
  respondWith: (answer: Promise<Response>) => void
}
interface WorkerScope {
  addEventListener: ((name: 'install' | 'activate', listen: (event: Lifetime) => void) => void) &
    ((name: 'fetch', listen: (event: Asked) => void) => void)
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
}

const worker = globalThis as unknown as WorkerScope
const prefix = `tablet:${shell.page}:`
const name = prefix + shell.version

/** How long a page may take before the kept one is shown: the hall's network often hangs rather than fails. */
const patience = 2_000

worker.addEventListener('install', event => {
  event.waitUntil(
    caches
      .open(name)
      .then(cache => cache.addAll([shell.page, ...shell.files].map(url => new Request(url, { cache: 'reload' }))))
      .then(() => worker.skipWaiting()),
  )
})

worker.addEventListener('activate', event => {
  const drop = async (): Promise<void> => {
    for (const old of await caches.keys()) if (old.startsWith(prefix) && old !== name) await caches.delete(old)
    await worker.clients.claim()
  }
  event.waitUntil(drop())
})

worker.addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (shell.files.includes(url.pathname)) event.respondWith(kept(request))
  else if (request.mode === 'navigate' && url.pathname === shell.page) event.respondWith(page(request))
})

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: name, ignoreVary: true })) ?? fetch(request)
}

/** The newest page if it comes soon, else the kept one. A page of this build is kept as its reader last chose it. */
async function page(request: Request): Promise<Response> {
  const old = caches.match(shell.page, { cacheName: name, ignoreVary: true })
  const fresh = fetch(request).then(async answer => {
    if (answer.ok && !answer.redirected && answer.headers.get('Tongchang-Version') === shell.version)
      await (await caches.open(name)).put(shell.page, answer.clone())
    return answer
  })
  const late = new Promise<undefined>(done => setTimeout(done, patience))
  const first = await Promise.race([fresh.catch(() => undefined), late])
  if (first?.ok) return first
  return (await old) ?? fresh
}

export {}
