// A page that shows how far the worker has come: looks again every few seconds while somebody sees it.
// Without this file the browser loads the page anew by itself.
const live = document.querySelector('[data-live]');

async function look() {
  if (!document.hidden) {
    try {
      const text = await (await fetch(location.href)).text();
      const fresh = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-live]');
      if (!fresh || fresh.dataset.live !== live.dataset.live) {
        location.reload();
        return;
      }
      if (fresh.innerHTML !== live.innerHTML) live.innerHTML = fresh.innerHTML;
    } catch {
      // the line is down: the next look may find it up again
    }
  }
  setTimeout(look, 3000);
}
if (live) setTimeout(look, 2000);
