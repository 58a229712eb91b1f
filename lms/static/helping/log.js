// The log of help: an entry is kept on this device first, then sent, so that it is never lost and never sent twice.
const form = document.querySelector('[data-log]');
const note = document.querySelector('[data-note]'), noted = note.querySelector('[data-noted]');
const apart = note.querySelector('[data-apart]'), undo = note.querySelector('[data-undo]'), count = note.querySelector('[data-count]');
const waiting = document.querySelector('[data-waiting]'), refused = document.querySelector('[data-refused]');
const day = form.elements.given_on, more = form.querySelector('details.more');
const SHELF = 'handrail-help', owner = form.dataset.owner, language = document.documentElement.lang;

// a browser may forbid to keep anything, or have no room left: then nothing waits here
function shelf() {
  try { return localStorage.getItem(SHELF); } catch { return null; }
}
function keepAll(list) {
  try { localStorage.setItem(SHELF, JSON.stringify(list)); } catch { return false; }
  return true;
}

// entries of others may wait here too (a shared computer): they are left alone
const all = () => JSON.parse(shelf() || '[]');
const mine = () => all().filter(item => item.owner === owner);
const unsent = () => mine().filter(item => !item.problems);
const keep = list => keepAll([...all().filter(item => item.owner !== owner), ...list]);
const drop = id => keep(mine().filter(item => item.id !== id));
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
// the page that is kept on the device cannot know how many there are today, and does not say
const add = number => { if (count) count.textContent = Math.max(0, Number(count.textContent) + number); };
const undoOf = id => `/help/${id}/undo`;

function tell(words) {
  waiting.hidden = !words;
  waiting.querySelector('span').textContent = words;
}

function tellWaiting() {
  const number = unsent().length;
  tell(number === 0 ? '' : number === 1 ? form.dataset.keptOne : fill(form.dataset.keptMany, { number: new Intl.NumberFormat(language).format(number) }));
}

function tellNoted(item, words = '') {
  noted.textContent = fill(form.dataset.said, { what: item.what });
  apart.textContent = words;
  apart.hidden = !words;
  undo.setAttribute('action', undoOf(item.id));
  note.hidden = false;
}

function tellRefused() {
  const item = mine().find(other => other.problems);
  refused.hidden = !item;
  if (!item) return;
  const given = new Date(new URLSearchParams(item.body).get('given_on'));
  const when = isNaN(given) ? '' : new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'medium', timeZone: 'UTC' }).format(given);
  refused.querySelector('[data-what]').textContent = [when, item.what].filter(Boolean).join(' · ');
  refused.querySelector('[data-why]').textContent = item.problems.join(' ');
  refused.dataset.id = item.id;
}

async function post(url, body) {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(body), headers: { Accept: 'application/json' }, redirect: 'manual' });
  if (answer.type === 'opaqueredirect') throw new Error('sign-in');
  // whatever goes wrong but what the page itself refuses, the entry stays here; who answers no JSON is not the site,
  // but a network that wants its own sign-in first
  if (!answer.ok && answer.status !== 422 || !answer.headers.get('Content-Type')?.includes('json')) throw new Error('later');
  return answer.json();
}

// what cannot be kept here goes to the site at once, as a page without a script sends it
function sendPlainly({ url, body }) {
  const plain = document.createElement('form');
  plain.method = 'post';
  plain.action = url;
  plain.hidden = true;
  for (const [name, value] of body) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value });
    plain.append(field);
  }
  document.body.append(plain);
  plain.submit();
}

// what the site refuses stays on this device until it is put right or thrown away
function settle(item, said) {
  if (!said.problems) drop(item.id);
  else {
    keep(mine().map(other => other.id === item.id ? { ...other, problems: said.problems } : other));
    add(-1);
    if (undo.getAttribute('action') === undoOf(item.id)) note.hidden = true;
  }
  if (said.apart) tellNoted(item, said.apart);
}

async function flushNow() {
  for (const item of unsent()) {
    try {
      settle(item, await post(item.url, item.body));
    } catch (error) {
      if (error.message === 'sign-in') tell(form.dataset.signIn); else tellWaiting();
      return;
    }
  }
  tellWaiting();
}
let turn = Promise.resolve();
const flush = () => { turn = turn.then(flushNow).then(tellRefused); return turn; };

// a page that stays open, or is kept without a line, does not note today's help for the day it was made on
function turnDay() {
  const today = new Intl.DateTimeFormat('sv', { timeZone: form.dataset.zone }).format();
  if (today <= day.max) return;
  if (day.value === day.max) day.value = today;
  day.max = today;
  if (count) count.textContent = 0;
}

function chosen(name) {
  return form.querySelector(`[name=${name}]:checked`)?.closest('label').textContent.trim();
}

// what the site refuses in a note, said before it is kept: addresses, links, five digits or more
const PERSONAL = /(?<!\S)\S*@\S*|https?:\S*|\bwww\.\S*|[+(]?\p{Nd}(?:[\s().\-/]?\p{Nd}){4,}/iu;
const personal = form.querySelector('[data-personal]');
const ask = document.querySelector('[data-ask]');
let asking = null;

// two words or more in a row with capital letters, perhaps somebody's name: found as the site finds them
function namesIn(text) {
  const runs = [];
  for (const word of text.matchAll(/\p{L}[\p{L}\p{N}_'’-]*/gu)) {
    if (!/^\p{Lu}/u.test(word[0])) continue;
    const last = runs.at(-1), end = word.index + word[0].length;
    if (last && /^\s+$/.test(text.slice(last.end, word.index))) { last.end = end; last.words += 1; }
    else runs.push({ start: word.index, end, words: 1 });
  }
  return runs.filter(run => run.words > 1).map(run => text.slice(run.start, run.end));
}

function forgive(field) {
  personal.hidden = true;
  field.removeAttribute('aria-invalid');
}

function isHarmless(field) {
  forgive(field);
  if (!PERSONAL.test(field.value)) return true;
  personal.hidden = false;
  field.setAttribute('aria-invalid', 'true');
  more.open = true;
  field.focus();
  return false;
}

form.addEventListener('submit', event => {
  const button = event.submitter;
  if (!button) return;
  event.preventDefault();
  if (!isHarmless(form.elements.note)) return;
  const found = namesIn(form.elements.note.value);
  if (!found.length) { log(button, ''); return; }
  asking = button;
  ask.querySelector('b').textContent = fill(form.dataset.asks, { name: found[0] });
  ask.hidden = false;
  ask.scrollIntoView({ block: 'center' });
  ask.focus();
});

for (const answer of ask.querySelectorAll('[data-sure]')) answer.addEventListener('click', () => {
  ask.hidden = true;
  const field = form.elements.note;
  if (answer.dataset.sure === 'without') for (const name of namesIn(field.value)) field.value = field.value.replace(name, '…');
  log(asking, 'yes');
  asking.focus();
});

function log(button, sure) {
  turnDay();
  const id = makeId(), body = [...new FormData(form), ['service', button.value], ['sure', sure], ['owner', owner]].filter(([name]) => name !== 'client_id');
  const what = [chosen('kind'), chosen('audience'), button.textContent.trim()].join(' · ');
  const item = { id, owner, what, url: form.getAttribute('action'), body: [...body, ['client_id', id]] };
  if (!keep([...mine().filter(other => other.id !== form.dataset.instead), item])) { sendPlainly(item); return; }
  form.dataset.instead = '';
  tellNoted(item);
  tellRefused();
  add(1);
  form.elements.people.value = 1;
  form.elements.note.value = form.elements.minutes.value = '';
  note.scrollIntoView({ block: 'nearest' });
  flush();
}

undo.addEventListener('submit', event => {
  event.preventDefault();
  const url = undo.getAttribute('action'), id = url.split('/')[2];
  drop(id);
  // what may be on its way already is taken back after it, in order
  const item = { id: `undo-${id}`, owner, url, body: [['owner', owner]] };
  if (!keep([...mine(), item])) { sendPlainly(item); return; }
  add(-1);
  note.hidden = true;
  form.querySelector('button.plate').focus();
  flush();
});

// the entry stands in the form again, and stays on the device until the one that is put right takes its place
refused.querySelector('[data-right]').addEventListener('click', () => {
  const item = mine().find(other => other.id === refused.dataset.id);
  if (!item) { tellRefused(); return; }
  for (const [name, value] of item.body) {
    const field = form.elements[name];
    if (field && !['service', 'client_id'].includes(name)) field.value = value;
  }
  form.dataset.instead = item.id;
  forgive(form.elements.note);
  more.open = true;
  form.elements.people.focus();
});

refused.querySelector('[data-away]').addEventListener('click', () => {
  drop(refused.dataset.id);
  tellRefused();
  form.querySelector('button.plate').focus();
});

addEventListener('online', flush);
document.addEventListener('visibilitychange', turnDay);
// on a computer that several people use nothing is kept but what waits to be sent
async function settleWorker() {
  if (form.dataset.worker) { await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope }); return; }
  const known = await navigator.serviceWorker.getRegistration(form.dataset.scope);
  if (known) await known.unregister();
  await caches.delete(SHELF);
}
if ('serviceWorker' in navigator) settleWorker().catch(() => {});
turnDay();
tellRefused();
flush();
