// Keeps /help and what it needs on the device, so that help can be noted without a line. The network is asked first.
'use strict';

const SHELF = 'handrail-help', PAGE = '/help', PATIENCE = 4000;

async function keep(page) {
  const shelf = await caches.open(SHELF), text = await page.clone().text();
  const parts = [...new Set([...text.matchAll(/"(\/static\/[^"#]+)[#"]/g)].map(found => found[1]))];
  await shelf.addAll(parts);
  await shelf.put(PAGE, page);
  const wanted = new Set([PAGE, ...parts]);
  for (const request of await shelf.keys()) if (!wanted.has(new URL(request.url).pathname)) await shelf.delete(request);
}

async function open(request) {
  const shelf = await caches.open(SHELF);
  const asked = fetch(request).then(async fresh => {
    // whoever is signed out leaves nothing behind on a shared computer
    if (fresh.ok && !fresh.redirected && !new URL(request.url).search) await keep(fresh.clone());
    else if (fresh.type === 'opaqueredirect' || fresh.redirected) await shelf.delete(PAGE);
    return fresh;
  });
  const tired = new Promise(later => setTimeout(later, PATIENCE)).then(() => shelf.match(PAGE)).then(kept => kept || asked);
  return Promise.race([asked, tired]).catch(() => shelf.match(PAGE)).then(found => found || Response.error());
}

self.addEventListener('install', event => event.waitUntil((async () => {
  const page = await fetch(PAGE);
  if (page.ok && !page.redirected) await keep(page);
  await self.skipWaiting();
})()));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname === PAGE) event.respondWith(open(event.request));
  else if (url.pathname.startsWith('/static/')) event.respondWith(caches.match(event.request).then(kept => kept || fetch(event.request)));
});
