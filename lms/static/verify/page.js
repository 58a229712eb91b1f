// The page around the verdict: reads a QR code from the camera, a picture or pasted text, and shows what it says.
import { read } from './reader.js';
import { sha512 } from './sha512.js';
import { PREFIX, readStatus, verdict } from './verdict.js';

const known = JSON.parse(document.getElementById('known').textContent);
const { words, keys, issuers } = known;
const tongue = document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang;
const SHELF = 'handrail-status', SIDES = [1000, 1600, 2600];
const find = name => document.querySelector(`[data-${name}]`);
const result = find('result'), message = find('message'), camera = find('camera'), video = find('video');
const canvas = document.createElement('canvas'), ink = canvas.getContext('2d', { willReadFrequently: true });
let list = null, shown = '', stream = null;

const make = (tag, text = '', more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const day = iso => new Intl.DateTimeFormat(tongue, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
const ago = days => new Intl.RelativeTimeFormat(tongue, { numeric: 'auto' }).format(-days, 'day');
const number = value => new Intl.NumberFormat(tongue).format(value);
const percent = value => new Intl.NumberFormat(tongue, { style: 'percent', maximumFractionDigits: 1 }).format(value);
const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
const say = text => { message.textContent = text; };

// The list of withdrawn certificates: the newest that a key of ours signed, from the network, this device or this file.
function take(data) {
  try {
    const read = readStatus(data, keys);
    if (list && read.madeAt <= list.madeAt) return;
    list = read;
    try { localStorage.setItem(SHELF, btoa(Array.from(data, byte => String.fromCharCode(byte)).join(''))); } catch { /* no room here */ }
  } catch { /* not signed by a key of ours: as if there were none */ }
}

function tellList() {
  const iso = list && new Date(list.madeAt * 1000).toISOString();
  const age = list && Math.max(0, Math.round((Date.parse(today()) - Date.parse(iso.slice(0, 10))) / 864e5));
  find('list').textContent = list ? fill(words.list, { date: day(iso), age: ago(age) }) : words.no_list;
}

async function getList() {
  if (known.status) take(bytes(known.status));
  try { const kept = localStorage.getItem(SHELF); if (kept) take(bytes(kept)); } catch { /* no shelf here */ }
  tellList();
  if (!known.status_url) return;
  try {
    const answer = await fetch(known.status_url);
    if (answer.status === 200) take(new Uint8Array(await answer.arrayBuffer()));
  } catch { /* without a network the kept one counts */ }
  tellList();
  if (shown) judge(shown, false);
}

const SIGNS = { valid: 'ok', unchecked: 'warn', expired: 'warn', 'not-yet': 'warn', superseded: 'old', erased: 'old' };
const MARKS = { ok: '✓', warn: '!', old: '–', stop: '✕' };

function judge(code, moves = true) {
  const asOf = find('day').value || today();
  const found = verdict(code, keys, list, asOf);
  shown = found.facts ? code : '';
  const kind = SIGNS[found.state] || 'stop', name = found.state.replace('-', '_');
  const values = { date: found.since ? day(found.since) : '', issuer: issuers[found.issuer]?.name || '', day: day(asOf) };
  const head = make('div', '', { className: `state state-${kind}` });
  const title = make('h2', fill(words[name], values), { tabIndex: -1 });
  head.append(make('span', MARKS[kind], { className: 'mark', ariaHidden: 'true' }), title, make('p', fill(words[`${name}_more`], values)));
  const notes = [];
  if (found.isDoubtful && found.state !== 'untimely') notes.push(words.doubtful);
  if (found.facts && asOf !== today()) notes.push(fill(words.as_of, values));
  notes.forEach(text => head.append(make('p', text)));
  result.replaceChildren(head);
  if (found.facts) result.append(paper(found));
  find('other-day').hidden = !found.facts;
  result.hidden = false;
  say('');
  if (moves) { title.focus({ preventScroll: true }); result.scrollIntoView({ block: 'start' }); }
}

function paper({ facts, issuer, kid, leftOut }) {
  const sheet = make('article', '', { className: 'cert' }), own = make('div', '', { lang: facts.language });
  const level = words[`level_${facts.level}`] || facts.level;
  const who = make('p', facts.holder, { className: 'who' });
  if (facts.holder_latin) who.append(make('small', facts.holder_latin));
  own.append(make('p', facts.code, { className: 'num' }), who, make('h3', facts.title));
  const rows = make('dl');
  const row = (name, value, isForeign = true) => {
    if (!value || !value.length) return;
    const line = make('div'), shownValue = make('dd', Array.isArray(value) ? '' : value);
    if (Array.isArray(value)) shownValue.append(...value.map(text => make('p', text)));
    if (isForeign) shownValue.lang = facts.language;
    line.append(make('dt', words[name] || name), shownValue);
    rows.append(line);
  };
  const exam = facts.assessment, list = values => values.join(', ');
  row('level', level, facts.level !== 'local' && facts.level !== 'national');
  row('course', facts.course);
  row('workload', facts.hours === null ? '' : fill(words.hours, { academic: number(facts.hours), clock: number(facts.hours * 0.75) }), false);
  row('assessment', exam && [words[`form_${exam.form}`] || exam.form, exam.score === null ? '' : percent(exam.score),
    exam.needed === null ? '' : fill(words.needed, { share: percent(exam.needed) })].filter(Boolean).join(', '), false);
  row('issued', day(facts.issued_on), false);
  row('valid_until', facts.valid_until ? day(facts.valid_until) : words.no_expiry, false);
  row('basis', facts.basis && (words[`basis_${facts.basis.replace('-', '_')}`] || facts.basis), false);
  row('mandate', facts.mandate);
  row('holder_can', facts.outcomes.filter(each => each.text).map(each => each.text + (each.share === null ? '' : ` (${percent(each.share)})`)));
  row('framework', facts.aligns);
  row('issuer', facts.issuer);
  row('co_issuers', list(facts.co_issuers));
  row('owner', facts.owner);
  row('provider', facts.provider);
  row('coordinator', facts.coordinator);
  row('partners', list(facts.partners));
  facts.micro.forEach(([name, value]) => row(name, value));
  row('version', [facts.course_id, facts.version].filter(Boolean).join(' '), false);
  row('signed_by', `${issuers[issuer]?.name || issuer} · ${kid}`, false);
  for (const former of issuers[issuer]?.former || []) row('former', fill(words.until, { name: former.name, date: day(former.until) }), false);
  sheet.append(own, rows);
  if (leftOut && Object.keys(leftOut).length) sheet.append(make('p', words.left_out, { className: 'small' }));
  sheet.append(make('p', words.compare, { className: 'small' }));
  return sheet;
}

const isOurs = text => text.startsWith(PREFIX);

// Part of a picture, made so many times as large: its points.
const look = source => (left, top, wide, high, scale) => {
  canvas.width = Math.max(1, Math.round(wide * scale));
  canvas.height = Math.max(1, Math.round(high * scale));
  ink.imageSmoothingQuality = 'medium';
  ink.drawImage(source, left, top, wide, high, 0, 0, canvas.width, canvas.height);
  return ink.getImageData(0, 0, canvas.width, canvas.height);
};

async function detect(source, sides) {
  if ('BarcodeDetector' in window) {
    try {
      const codes = (await new BarcodeDetector({ formats: ['qr_code'] }).detect(source)).map(each => each.rawValue);
      if (codes.some(isOurs)) return codes.find(isOurs);
    } catch { /* it is there in name only */ }
  }
  return read(look(source), source.videoWidth || source.width, source.videoHeight || source.height, sides, isOurs);
}

async function fromPicture(file) {
  say(words.reading);
  let picture;
  try { picture = await createImageBitmap(file); } catch { say(words.no_picture); return; }
  const code = await detect(picture, SIDES);
  picture.close();
  if (code) use(code); else say(words.no_code);
}

// The QR code beside it holds only an address: then the register answers, or says what to scan instead.
function use(code) {
  const address = /^https?:\/\/\S+\/c\/([\w-]+)$/.exec(code.trim());
  if (!address) judge(code);
  else if (known.check_url && navigator.onLine) location.href = `${known.check_url}?code=${encodeURIComponent(address[1])}`;
  else say(words.other_code);
}

async function scan() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } } });
  } catch { say(words.no_camera); return; }
  video.srcObject = stream;
  camera.hidden = false;
  await video.play();
  find('stop').focus();
  say(words.hold);
  while (stream) {
    const code = video.videoWidth ? await detect(video, SIDES.slice(0, 2)) : '';
    if (code && stream) { stop(); use(code); return; }
    await new Promise(later => setTimeout(later, 60));
  }
}

function stop() {
  if (stream) stream.getTracks().forEach(track => track.stop());
  stream = null;
  camera.hidden = true;
  say('');
}

const form = find('form'), typed = form.elements.code;
form.addEventListener('submit', event => {
  if (known.check_url && !typed.value.trim().startsWith(PREFIX)) return; // a code: the register answers
  event.preventDefault();
  judge(typed.value);
});
typed.addEventListener('input', () => { if (typed.value.trim().startsWith(PREFIX) && typed.value.length > 300) judge(typed.value); });
find('file').addEventListener('change', event => { if (event.target.files[0]) fromPicture(event.target.files[0]); event.target.value = ''; });
document.addEventListener('paste', event => {
  const picture = [...event.clipboardData.files].find(file => file.type.startsWith('image/'));
  if (picture) { event.preventDefault(); fromPicture(picture); }
});
find('stop').addEventListener('click', () => { stop(); find('scan').focus(); });
find('scan').addEventListener('click', scan);
find('scan').hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
find('day').addEventListener('change', () => { if (shown) judge(shown, false); });
find('ways').hidden = false;
find('no-script').remove();
if (known.worker_url && !navigator.serviceWorker) find('keep').textContent = words.save;
getList();
if (known.worker_url && 'serviceWorker' in navigator) navigator.serviceWorker.register(known.worker_url, { scope: known.scope });

globalThis.handrail = { verdict, readStatus, read, sha512 }; // for tests
