// A lesson: practice is answered in place; reaching the end says "read"; another device goes on here.
// Everything works without this file, as forms.
const json = { Accept: 'application/json' };

document.addEventListener('submit', async event => {
  const form = event.target.closest('[data-practice]');
  if (!form) return;
  event.preventDefault();
  const box = form.closest('.question');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'X-Fragment': '1' } });
    if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
    swap(box, await answer.text());
  } catch {
    form.submit();
  }
});

document.addEventListener('click', async event => {
  const link = event.target.closest('[data-again]');
  if (!link) return;
  event.preventDefault();
  const box = link.closest('.question');
  const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), 'text/html');
  swap(box, page.getElementById(box.id).outerHTML);
});

function swap(box, html) {
  const id = box.id;
  box.outerHTML = html;
  const fresh = document.getElementById(id);
  const first = fresh.querySelector('[role=status], .err, input:not([type=hidden]), select, textarea');
  if (first) { if (!first.matches('input, select, textarea')) first.tabIndex = -1; first.focus({ preventScroll: true }); }
  fresh.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('change', event => {
  const group = event.target.closest('.choices');
  if (group) for (const plate of group.querySelectorAll('.choice')) plate.classList.toggle('is-on', plate.querySelector('input').checked);
});

const end = document.querySelector('[data-read]');
if (end) {
  const note = end.querySelector('.saved');
  if (end.dataset.signed === 'yes') setTimeout(() => fetch(end.dataset.place, { method: 'POST', keepalive: true }).catch(() => {}), 3000);
  const opened = Date.now();
  const watcher = new IntersectionObserver(entries => {
    if (!entries.some(entry => entry.isIntersecting) || Date.now() - opened < 8000 || !note.hidden) return;
    watcher.disconnect();
    fetch(end.action, { method: 'POST', headers: json }).then(answer => { if (answer.ok) note.hidden = false; }).catch(() => {});
  });
  if (note.hidden) watcher.observe(end);
}
