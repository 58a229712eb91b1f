// The log of help: an entry is kept on this device first, then sent, so that it is never lost and never sent twice.
const form = document.querySelector('[data-log]');
const note = document.querySelector('[data-note]'), noted = note.querySelector('[data-noted]');
const apart = note.querySelector('[data-apart]'), undo = note.querySelector('[data-undo]'), count = note.querySelector('[data-count]');
const waiting = document.querySelector('[data-waiting]');
const SHELF = 'handrail-help', owner = form.dataset.owner;

// entries of others may wait here too (a shared computer): they are left alone
const all = () => JSON.parse(localStorage.getItem(SHELF) || '[]');
const mine = () => all().filter(item => item.owner === owner);
const keep = list => localStorage.setItem(SHELF, JSON.stringify([...all().filter(item => item.owner !== owner), ...list]));
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function tell(words) {
  waiting.hidden = !words;
  waiting.querySelector('span').textContent = words;
}

function tellWaiting() {
  const number = mine().length;
  tell(number === 0 ? '' : number === 1 ? form.dataset.keptOne : fill(form.dataset.keptMany, { number: new Intl.NumberFormat(document.documentElement.lang).format(number) }));
}

async function post(url, body) {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(body), headers: { Accept: 'application/json' }, redirect: 'manual' });
  if (answer.type === 'opaqueredirect') throw new Error('sign-in');
  // only what the page itself refuses is done with; whatever else goes wrong, the entry stays here
  if (!answer.ok && answer.status !== 422) throw new Error('later');
  return answer.headers.get('Content-Type')?.includes('json') ? answer.json() : {};
}

async function flushNow() {
  for (const item of mine()) {
    try {
      const said = await post(item.url, item.body);
      keep(mine().filter(other => other.id !== item.id));
      if (said.problems) { noted.textContent = said.problems.join(' '); undo.hidden = true; count.textContent = Math.max(0, count.textContent - 1); }
      if (said.apart) { apart.textContent = said.apart; apart.hidden = false; }
    } catch (error) {
      if (error.message === 'sign-in') tell(form.dataset.signIn); else tellWaiting();
      return;
    }
  }
  tellWaiting();
}
let turn = Promise.resolve();
const flush = () => { turn = turn.then(flushNow); return turn; };

// the page may have been kept for days, or stood open overnight: unless another day is chosen, help is of the day on which it is noted
const day = form.elements.given_on;
function turnDay() {
  const today = new Intl.DateTimeFormat('sv', { timeZone: form.dataset.zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date());
  if (today <= day.max) return;
  if (day.value === day.max) day.value = today;
  day.max = today;
  count.textContent = 0;
}

function chosen(name) {
  return form.querySelector(`[name=${name}]:checked`)?.closest('label').textContent.trim();
}

// two words or more in a row with capital letters: perhaps somebody's name
const NAMES = /(?<![\p{L}\p{N}_'’-])\p{Lu}[\p{L}\p{N}_'’-]*(?:\s+\p{Lu}[\p{L}\p{N}_'’-]*)+/gu;
const ask = document.querySelector('[data-ask]');
let asking = null;

form.addEventListener('submit', event => {
  const button = event.submitter;
  if (!button) return;
  event.preventDefault();
  turnDay();
  const found = form.elements.note.value.match(NAMES);
  if (!found) { log(button, ''); return; }
  asking = button;
  ask.querySelector('b').textContent = fill(form.dataset.asks, { name: found[0] });
  ask.hidden = false;
  ask.scrollIntoView({ block: 'center' });
  ask.focus();
});

for (const answer of ask.querySelectorAll('[data-sure]')) answer.addEventListener('click', () => {
  ask.hidden = true;
  if (answer.dataset.sure === 'without') form.elements.note.value = form.elements.note.value.replace(NAMES, '…');
  log(asking, 'yes');
  asking.focus();
});

function log(button, sure) {
  const id = makeId(), body = [...new FormData(form), ['service', button.value], ['sure', sure], ['owner', owner]].filter(([name]) => name !== 'client_id');
  keep([...mine(), { id, owner, url: form.getAttribute('action'), body: [...body, ['client_id', id]] }]);
  noted.textContent = fill(form.dataset.said, { what: [chosen('kind'), chosen('audience'), button.textContent.trim()].join(' · ') });
  apart.hidden = true;
  undo.hidden = false;
  undo.setAttribute('action', `/help/${id}/undo`);
  note.hidden = false;
  count.textContent = Number(count.textContent) + 1;
  form.elements.people.value = 1;
  form.elements.note.value = form.elements.minutes.value = '';
  note.scrollIntoView({ block: 'nearest' });
  flush();
}

undo.addEventListener('submit', event => {
  event.preventDefault();
  const url = undo.getAttribute('action'), id = url.split('/')[2];
  const unsent = mine();
  keep(unsent.some(item => item.id === id) ? unsent.filter(item => item.id !== id) : unsent);
  // what may be on its way already is taken back after it, in order
  keep([...mine(), { id: `undo-${id}`, owner, url, body: [['owner', owner]] }]);
  count.textContent = Math.max(0, count.textContent - 1);
  note.hidden = true;
  form.querySelector('button.plate').focus();
  flush();
});

addEventListener('online', flush);
addEventListener('visibilitychange', turnDay);
turnDay();
// on a computer that several people use nothing is kept but what waits to be sent
async function settle() {
  if (form.dataset.worker) { await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope }); return; }
  const known = await navigator.serviceWorker.getRegistration(form.dataset.scope);
  if (known) await known.unregister();
  await caches.delete(SHELF);
}
if ('serviceWorker' in navigator) settle().catch(() => {});
flush();
