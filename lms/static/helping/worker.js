// Keeps /help and what it needs on the device, so that help can be noted without a line. The network is asked first.
'use strict';

const SHELF = 'handrail-help', PAGE = '/help', BARE = '/help?kept=1', PATIENCE = 4000, OLD = 3600000;

// what is kept says nothing of anybody: whoever signs out leaves no page of theirs behind
async function keep() {
  const page = await fetch(BARE);
  if (!page.ok || page.redirected) return;
  const shelf = await caches.open(SHELF), text = await page.clone().text();
  const parts = [...new Set([...text.matchAll(/"(\/static\/[^"#]+)[#"]/g)].map(found => found[1]))];
  await shelf.addAll(parts);
  await shelf.put(PAGE, page);
  const wanted = new Set([PAGE, ...parts]);
  for (const request of await shelf.keys()) if (!wanted.has(new URL(request.url).pathname)) await shelf.delete(request);
}

async function isFresh(shelf) {
  const kept = await shelf.match(PAGE);
  return Boolean(kept) && Date.now() - Date.parse(kept.headers.get('Date')) < OLD;
}

const ownerOf = async page => (await page.text()).match(/data-owner="([^"]*)"/)?.[1];

// the page that is kept notes help for whoever it was made for: whoever signs in after them gets their own at once
async function renew(shelf, page) {
  const kept = await shelf.match(PAGE);
  if (!await isFresh(shelf) || await ownerOf(kept) !== await ownerOf(page)) await keep();
}

async function open(event) {
  const shelf = await caches.open(SHELF);
  const asked = fetch(event.request).then(async fresh => {
    if (fresh.type === 'opaqueredirect' || fresh.redirected) await shelf.delete(PAGE);
    else if (fresh.ok) event.waitUntil(renew(shelf, fresh.clone()).catch(() => {}));
    return fresh;
  });
  const tired = new Promise(later => setTimeout(later, PATIENCE)).then(() => shelf.match(PAGE)).then(kept => kept || asked);
  return Promise.race([asked, tired]).catch(() => shelf.match(PAGE)).then(found => found || Response.error());
}

self.addEventListener('install', event => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname === PAGE) event.respondWith(open(event));
  else if (url.pathname.startsWith('/static/')) event.respondWith(caches.match(event.request).then(kept => kept || fetch(event.request)));
});
