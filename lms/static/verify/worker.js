// Keeps /verify and what it needs on the device, so that it works in airplane mode. The network is asked first.
'use strict';

const SHELF = 'handrail-verify', PAGE = '/verify', PATIENCE = 4000;

async function keep(page) {
  const shelf = await caches.open(SHELF), text = await page.clone().text();
  const parts = [...text.matchAll(/"(\/static\/[^"]+)"/g)].map(found => found[1]);
  await shelf.addAll(parts);
  await shelf.put(PAGE, page);
  const wanted = new Set([PAGE, `${PAGE}/status`, ...parts]);
  for (const request of await shelf.keys()) if (!wanted.has(new URL(request.url).pathname)) await shelf.delete(request);
}

async function answer(path, request) {
  const shelf = await caches.open(SHELF);
  const asked = fetch(request).then(async fresh => {
    if (fresh.ok && path === PAGE) await keep(fresh.clone());
    else if (fresh.status === 200) await shelf.put(path, fresh.clone());
    return fresh;
  });
  const tired = new Promise(later => setTimeout(later, PATIENCE)).then(() => shelf.match(path)).then(kept => kept || asked);
  return Promise.race([asked, tired]).catch(() => shelf.match(path)).then(found => found || Response.error());
}

self.addEventListener('install', event => event.waitUntil((async () => {
  await keep(await fetch(PAGE));
  await self.skipWaiting();
})()));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname === PAGE || url.pathname === `${PAGE}/status`) event.respondWith(answer(url.pathname, event.request));
  else if (url.pathname.startsWith('/static/')) event.respondWith(caches.match(event.request).then(kept => kept || fetch(event.request)));
});
