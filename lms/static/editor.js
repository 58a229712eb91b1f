// The desk around the text: preview and check while typing, drafts, saving, and a word before leaving.
// Without this file, the page's buttons do the same by asking the server.
const form = document.querySelector('[data-editor]');
const area = form.querySelector('textarea[name=text]');
const shown = document.querySelector('[data-shown]');
const side = document.querySelector('[data-shown-side]');
const desk = document.querySelector('[data-desk]');
const views = document.querySelector('[data-views]');
const state = document.querySelector('[data-state]');
const list = document.querySelector('[data-problems]');
const parts = document.querySelector('[data-problem-parts]').content;
const mayWrite = !area.readOnly;
let saved = form.dataset.dirty === 'yes' ? null : area.value;
let kept = area.value;
let isLeaving = false;

const body = more => new URLSearchParams({ text: area.value, seen: form.elements.seen.value, draft_id: form.elements.draft_id.value, ...more });
const tongue = document.documentElement.lang;
const clock = () => new Intl.DateTimeFormat(tongue === 'en' ? 'en-GB' : tongue, { hour: '2-digit', minute: '2-digit' }).format(new Date());
const say = name => {
  if (!state) return;
  state.dataset.now = name;
  state.textContent = (state.dataset[name] ?? '').replace('{time}', clock());
};
const isDirty = () => mayWrite && area.value !== saved;
const later = (work, wait) => {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
};

// Preview
let asked;
const follow = () => {
  const room = area.scrollHeight - area.clientHeight;
  if (room > 0) shown.scrollTop = area.scrollTop / room * (shown.scrollHeight - shown.clientHeight);
};
const preview = async () => {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(form.dataset.preview, { method: 'POST', body: body(), signal: asked.signal });
    if (!answer.ok) return;
    const html = await answer.text();
    const place = shown.scrollTop;
    shown.innerHTML = html;
    shown.scrollTop = place;
  } catch { /* the next key tries again */ }
};
shown.addEventListener('submit', event => event.preventDefault());
shown.addEventListener('click', event => {
  const link = event.target.closest('a[href]');
  if (link && !link.getAttribute('href').startsWith('#')) link.target = '_blank';
});
area.addEventListener('scroll', () => requestAnimationFrame(follow), { passive: true });

// Check
const goTo = line => {
  show('write');
  const start = area.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const end = area.value.indexOf('\n', start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  const high = parseFloat(getComputedStyle(area).lineHeight) || 24;
  area.scrollTop = Math.max(0, (line - 4) * high);
};
const entry = problem => {
  const item = parts.querySelector('[data-problem]').cloneNode(true);
  const sign = parts.querySelector(`[data-severity="${problem.severity}"]`)?.firstElementChild;
  if (sign) item.prepend(sign.cloneNode(true));
  const line = item.querySelector('[data-line]');
  line.textContent = line.textContent.replace('{line}', problem.line);
  line.hidden = !problem.line;
  line.addEventListener('click', () => goTo(problem.line));
  item.querySelector('[data-message]').textContent = problem.message;
  item.querySelector('[data-fix]').textContent = problem.fix;
  const why = item.querySelector('[data-why]');
  why.href = why.href.replace(/-$/, problem.rule);
  const button = item.querySelector('[data-mend]');
  button.hidden = !problem.fixed || !mayWrite;
  item.querySelector('[data-mend-what]').textContent = `: ${problem.message}`;
  button.addEventListener('click', () => mend(problem));
  return item;
};
const mend = async problem => {
  try {
    const answer = await fetch(form.dataset.mend, { method: 'POST', body: body({ rule: problem.rule, line: problem.line }) });
    if (!answer.ok) return;
    const { text } = await answer.json();
    show('write'); // a text that is not shown has no undo
    area.dispatchEvent(new CustomEvent('put-text', { detail: text }));
  } catch { say('lost'); }
};
let last = '';
const check = async () => {
  const text = area.value;
  try {
    const answer = await fetch(form.dataset.check, { method: 'POST', body: body() });
    if (!answer.ok || text !== area.value) return;
    const { problems } = await answer.json();
    const now = JSON.stringify(problems);
    if (now === last) return;
    last = now;
    const ranks = { error: 0, warning: 1, notice: 2 };
    problems.sort((one, other) => ranks[one.severity] - ranks[other.severity] || one.line - other.line);
    list.replaceChildren(...problems.map(entry));
    document.querySelector('[data-fine]').hidden = problems.length > 0;
    document.querySelector('[data-count]').textContent = problems.length || '';
    const found = document.querySelector('[data-found]');
    found.hidden = !problems.length;
    found.textContent = found.dataset.found.replace('{num}', problems.length);
  } catch { /* the next key tries again */ }
};

// Drafts: kept two seconds after the last key, and tried again for as long as it takes
const keep = async () => {
  if (!isDirty() || area.value === kept) return;
  const text = area.value;
  try {
    const answer = await fetch(form.dataset.draft, { method: 'POST', body: body() });
    if (!answer.ok) throw new TypeError(answer.status);
    if (answer.redirected) { say('refused'); return; }
    kept = text;
    if (isDirty()) say(text === area.value ? 'kept' : 'unsaved');
  } catch (problem) {
    say(/^[45]/.test(problem.message) ? 'refused' : 'lost');
    setTimeout(keep, 5000);
  }
};

// Saving without leaving the page; what somebody else saved before goes the long way, where the server shows both texts.
// Whoever was signed out meanwhile stays here with the text.
const save = async () => {
  const text = area.value;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: body({ do: 'save', words: form.elements.words?.value ?? '' }) });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const seen = page.querySelector('[data-editor] [name=seen]');
    if (answer.ok && answer.redirected && seen) {
      form.elements.seen.value = seen.value;
      saved = text;
      kept = text;
      if (form.elements.words) form.elements.words.value = '';
      say(isDirty() ? 'unsaved' : 'saved');
    } else if ([409, 422].includes(answer.status)) explain();
    else say('refused');
  } catch { say('lost'); }
};
const explain = () => {
  isLeaving = true;
  const button = form.querySelector('[data-save]');
  button.dataset.plain = 'yes';
  form.requestSubmit(button);
};

const soon = later(preview, 200);
const checkSoon = later(check, 500);
const keepSoon = later(keep, 2000);
area.addEventListener('input', () => {
  say(isDirty() ? 'unsaved' : '');
  soon();
  checkSoon();
  if (mayWrite) keepSoon();
});
form.addEventListener('submit', event => {
  if (event.submitter?.matches('[data-save]') && !event.submitter.dataset.plain) {
    event.preventDefault();
    save();
  } else isLeaving = true;
});
document.addEventListener('keydown', event => {
  const isControl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (isControl && event.key.toLowerCase() === 's' && mayWrite) { event.preventDefault(); if (!document.querySelector('dialog[open]')) save(); }
  if (isControl && event.key === 'Enter' && !document.querySelector('dialog[open]')) {
    event.preventDefault();
    if (document.activeElement === shown) { show('write'); area.focus(); } else { show('shown'); shown.focus(); }
  }
});
addEventListener('online', keep);
addEventListener('pagehide', () => { if (isDirty() && area.value !== kept) navigator.sendBeacon(form.dataset.draft, body()); });
addEventListener('beforeunload', event => { if (isDirty() && !isLeaving) event.preventDefault(); });

// On a phone one thing at a time
const show = name => {
  desk.dataset.shows = name;
  for (const button of views.querySelectorAll('[data-view]')) button.setAttribute('aria-pressed', button.dataset.view === name);
};
views.addEventListener('click', event => {
  const button = event.target.closest('[data-view]');
  if (button) show(button.dataset.view);
});
views.hidden = false;
side.hidden = false;
desk.classList.add('with-preview', 'with-script');
for (const plain of document.querySelectorAll('[data-no-script]')) plain.hidden = true;
if (form.dataset.dirty === 'yes') say('unsaved');
if (!shown.firstElementChild) preview();
check();

// A problem on another page leads to its line
const pointed = /^#line-(\d+)$/.exec(location.hash);
if (pointed) goTo(Number(pointed[1]));
