// An announcement was shown: say so. Without this script a button does it; what only fetches the page opens nothing.
const form = document.querySelector('[data-opened]');
if (form) {
  const headers = { Accept: 'application/json' };
  fetch(form.dataset.opened, { method: 'POST', headers, keepalive: true })
    .then((answer) => { if (answer.ok && 'alone' in form.dataset) form.hidden = true; })
    .catch(() => {});
}
