// An exam: every answer is sent the moment it is given. Without a line it stays on this device and is sent later.
// The clock belongs to the server; here it only counts down between answers.
const box = document.querySelector('[data-saved]');
const text = box.querySelector('span'), icon = box.querySelector('use');
const sprite = icon.getAttribute('href').split('#')[0];
const form = document.querySelector('[data-exam]');
const SHELF = 'handrail-answers';

const say = (state, words, sign) => { box.dataset.state = state; text.textContent = words; icon.setAttribute('href', `${sprite}#${sign}`); };
// Answers of other attempts may wait here too (a shared computer): they are left alone.
const attempt = location.pathname.split('/')[2];
const all = () => JSON.parse(localStorage.getItem(SHELF) || '[]');
const kept = () => all().filter(item => item.attempt === attempt);
const keep = list => localStorage.setItem(SHELF, JSON.stringify([...all().filter(item => item.attempt !== attempt), ...list]));

async function send(item) {
  const answer = await fetch(item.url, { method: 'POST', body: new URLSearchParams(item.body), headers: { Accept: 'application/json' }, redirect: 'manual' });
  if (answer.type === 'opaqueredirect' || answer.status >= 500 || answer.status === 429) throw new Error('later');
  const said = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : {};
  if (answer.status === 409 && said.closed) location.href = said.closed;
  return [answer.ok, said];
}

let turn = Promise.resolve();
const flush = () => { turn = turn.then(flushNow); return turn; };

async function flushNow() {
  for (const item of kept()) {
    say('saving', box.dataset.saving, 'sync');
    try {
      const [ok, said] = await send(item);
      keep(kept().filter(other => other.id !== item.id));
      if (ok) { say('saved', `${box.dataset.ok} ${said.saved ?? ''}`, 'check'); if (said.left != null) setClock(said.left); }
      else say('saved', said.invalid ?? '', 'warn');
    } catch {
      say('kept', box.dataset.kept, 'off');
      return;
    }
  }
}

function remember() {
  const data = new FormData(form);
  const id = makeId();
  data.set('answer_id', id);
  data.set('made_at', Date.now());
  const body = [...data].filter(([, value]) => typeof value === 'string');
  const url = location.pathname;
  keep([...kept(), { id, attempt, url, body }]);
  form.querySelector('[name=answer_id]').value = id;
}

if (form && form.enctype !== 'multipart/form-data') {
  let typing;
  form.addEventListener('change', () => {
    for (const plate of form.querySelectorAll('.choice')) plate.classList.toggle('is-on', plate.querySelector('input').checked);
    clearTimeout(typing);
    remember();
    flush();
  });
  form.addEventListener('input', event => {
    if (!event.target.matches('input:not([type=radio]):not([type=checkbox]), textarea')) return;
    clearTimeout(typing);
    typing = setTimeout(() => { remember(); flush(); }, 900);
  });
}
addEventListener('online', flush);
document.addEventListener('submit', event => {
  if (!event.target.matches('[data-submit]') || !kept().length) return;
  event.preventDefault();
  flush().then(() => { if (!kept().length) event.target.submit(); });
});
flush();

const clock = document.querySelector('[data-timer]');
let ends = clock ? Date.now() + clock.dataset.timer * 1000 : 0;
function setClock(left) { ends = Date.now() + left * 1000; }
const announced = new Set();
if (clock) setInterval(() => {
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  for (const [limit, words] of [[300, box.dataset.early], [60, box.dataset.last]]) {
    if (left <= limit && left > limit - 5 && !announced.has(limit)) { announced.add(limit); say(box.dataset.state, words, 'clock'); }
  }
  if (left === 0 && !announced.has(0)) { announced.add(0); location.reload(); }
}, 1000);
