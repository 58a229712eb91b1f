// What a certificate's code is worth: its text, the issuer's keys and the list of withdrawn certificates decide, and nothing else.
// The same decision as in lms/sealing/verdicts.py; one table of cases tries both.
import { hashes, verify } from '@noble/ed25519';
import { inflate } from './inflate.js';
import letters from './letters.json';
import { sha512 } from './sha512.js';

hashes.sha512 = sha512;
export const PREFIX = 'HR1:';
const STALE = 30, DAY = 86400;
const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:', CODES = '23456789CDFHJKMNPRTVWXY';
const LINES = ['holder', 'holder_latin', 'title', 'course', 'course_id', 'issuer', 'owner', 'provider', 'coordinator',
  'outcomes', 'aligns', 'partners', 'co_issuers', 'mandate', 'micro'];
const LEVELS = ['local', 'national'], FORMS = ['exam'], BASES = ['renewal', 'correction', 'prior-learning'];
const KINDS = ['revoked', 'superseded', 'erased'], WEIGHTS = ['revoked', 'erased', 'superseded'];
const HEADER = [0xD2, 0x84, 0x4D, 0xA2, 0x01, 0x27, 0x04, 0x48]; // COSE_Sign1, protected: EdDSA and a key's name
class Unreadable extends Error {}
const must = fine => { if (!fine) throw new Unreadable(); };

const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
const isoDay = days => new Date(days * DAY * 1000).toISOString().slice(0, 10);
const dayOf = iso => Date.parse(iso) / DAY / 1000;
const seconds = iso => Date.parse(iso) / 1000;
const key64 = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));

function base45(text) {
  const made = [];
  for (let at = 0; at < text.length; at += 3) {
    const places = [...text.slice(at, at + 3)].map(letter => ALPHANUMERIC.indexOf(letter));
    const number = places.reduceRight((sum, place) => sum * 45 + place, 0);
    must(places.every(place => place >= 0) && places.length > 1 && number < (places.length > 2 ? 65536 : 256));
    if (places.length > 2) made.push(number >> 8);
    made.push(number & 255);
  }
  return Uint8Array.from(made);
}

function messageOf(text) {
  const line = text.replace(/[\n\r\t]/g, '').replace(/^ +/, '');
  must(line.startsWith(PREFIX));
  const code = line.slice(PREFIX.length);
  return base45(code.length % 3 === 1 ? `${code} ` : code); // a space at the end is easily lost
}

// CBOR (RFC 8949) as we write it: no floats, nothing of open length, no number longer than it needs to be.
function cbor(bytes, start = 0) {
  let at = start;
  const take = count => { must(at + count <= bytes.length); at += count; return bytes.subarray(at - count, at); };
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  function head() {
    const first = take(1)[0], low = first & 31;
    if (low < 24) return [first >> 5, low];
    must(low < 27);
    const size = 1 << (low - 24);
    const value = take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    must(value >= [24, 256, 65536][low - 24]);
    return [first >> 5, value];
  }
  function item() {
    const [kind, value] = head();
    if (kind === 0) return value;
    if (kind === 1) return -1 - value;
    if (kind === 2) return take(value);
    if (kind === 3) return utf8.decode(take(value));
    if (kind === 4) return Array.from({ length: Math.min(value, bytes.length) }, item);
    if (kind === 5) return new Map(Array.from({ length: Math.min(value, bytes.length) }, () => [item(), item()]));
    must(kind === 7 && value >= 20 && value <= 22);
    return [false, true, null][value - 20];
  }
  return [item(), at];
}

function whole(bytes) {
  const [value, end] = cbor(bytes);
  must(value instanceof Map && end === bytes.length);
  return value;
}

function opened(message) {
  must(HEADER.every((byte, at) => message[at] === byte) && message[16] === 0xA0);
  const [payload, end] = cbor(message, 17);
  const [signature, over] = cbor(message, end);
  must(payload instanceof Uint8Array && signature instanceof Uint8Array && signature.length === 64 && over === message.length);
  const context = [0x84, 0x6A, ...new TextEncoder().encode('Signature1'), ...message.subarray(2, 16), 0x40];
  return { kid: hex(message.subarray(8, 16)), payload, signature, covered: Uint8Array.from([...context, ...message.subarray(17, end)]) };
}

function signer(signed, keys) {
  const key = keys.find(each => each.kid === signed.kid);
  return key && verify(signed.signature, signed.covered, key64(key.x), { zip215: false }) ? key : null;
}

const counts = (key, moment) => (!key.until || moment <= seconds(key.until)) && (!key.broken_at || moment < seconds(key.broken_at));

// Texts: see lms/sealing/letters.py.
function bytesOf(text, alphabet) {
  const utf8 = new TextEncoder();
  if (alphabet === undefined) return utf8.encode(text);
  return Uint8Array.from([...text].flatMap(letter => {
    const plain = utf8.encode(letter), place = letters.alphabets[alphabet].letters.indexOf(letter);
    if (plain.length === 1) return [plain[0]];
    return place < 0 ? [plain.length, ...plain] : [128 + place];
  }));
}

function textOf(bytes, alphabet) {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  if (alphabet === undefined) return utf8.decode(bytes);
  const own = letters.alphabets[alphabet].letters;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at++];
    if (byte >= 128) text += own[byte - 128];
    else if (byte >= 2 && byte <= 4) text += utf8.decode(bytes.subarray(at, at += byte));
    else text += String.fromCharCode(byte);
  }
  return text;
}

function unpack(bytes, alphabet) {
  const words = alphabet === undefined ? '' : letters.alphabets[alphabet].words;
  return textOf(inflate(bytes, bytesOf(words + letters.words, alphabet)), alphabet);
}

function spelled(code) {
  if (typeof code === 'string') return code;
  let number = BigInt(`0x${hex(code)}`), text = '';
  for (let each = 0; each < 16; each++, number /= 23n) text = CODES[Number(number % 23n)] + text;
  return text.match(/..../g).join('-');
}

const worded = (said, known) => (typeof said === 'number' ? known[said] : said || '');
const share = thousandths => (thousandths === null || thousandths === undefined ? null : thousandths / 1000);

function carried(payload) {
  const said = whole(payload), lines = unpack(said.get(0), said.get(6)).split('\n');
  const facts = Object.fromEntries(LINES.map((name, at) => [name, lines[at] || '']));
  for (const name of LINES.slice(9)) facts[name] = facts[name] ? facts[name].split('\t') : [];
  const shares = said.get(10) || [], exam = said.get(9);
  Object.assign(facts, {
    code: spelled(said.get(1)),
    language: said.get(5),
    issued_on: isoDay(said.has(14) ? said.get(14) : Math.floor(said.get(2) / DAY)),
    valid_until: said.has(3) ? isoDay(said.get(3)) : '',
    level: worded(said.get(7), LEVELS),
    hours: share(said.get(8)),
    assessment: exam ? { form: worded(exam[0], FORMS), score: share(exam[1]), needed: share(exam[2]) } : null,
    outcomes: shares.map((each, at) => ({ text: facts.outcomes[at] || '', share: share(each) })),
    version: typeof said.get(11) === 'string' ? said.get(11) : hex(said.get(11)),
    kind: said.get(12) ? 'organisation' : 'person',
    basis: worded(said.get(13), BASES),
    micro: facts.micro.filter((_, at) => at % 2 === 0).map((name, at) => [name, facts.micro[2 * at + 1]]),
  });
  const leftOut = Object.fromEntries([...(said.get(15) || [])].map(([line, digest]) => [LINES[line], hex(digest)]));
  return { facts, leftOut, issuedAt: said.get(2), place: said.get(4) };
}

function numbers(packed) {
  const found = [];
  let number = 0, scale = 1;
  for (const byte of inflate(packed)) {
    number += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) { found.push(number); number = 0; scale = 1; }
  }
  return found;
}

// The signed list of what became of certificates: see lms/sealing/status.py. Throws unless a key of ours signed it.
export function readStatus(message, keys) {
  const signed = opened(message), said = whole(signed.payload), key = signer(signed, keys);
  must(key && said.has(100) && counts(key, said.get(100)));
  const places = numbers(said.get(102)), days = numbers(said.get(103)), changes = new Map();
  let place = 0;
  places.forEach((step, at) => {
    place += Math.floor(step / KINDS.length);
    if (!changes.has(place)) changes.set(place, []);
    changes.get(place).push({ kind: KINDS[step % KINDS.length], day: said.get(101) + days[at] });
  });
  return { madeAt: said.get(100), changes };
}

function stateOf({ facts, place }, status, age, day) {
  if (dayOf(facts.issued_on) > day) return ['not-yet', facts.issued_on];
  const changes = (status && status.changes.get(place)) || [];
  for (const kind of WEIGHTS) {
    const days = changes.filter(change => change.kind === kind && change.day <= day).map(change => change.day);
    if (days.length) return [kind, isoDay(Math.min(...days))];
  }
  if (facts.valid_until && dayOf(facts.valid_until) < day) return ['expired', facts.valid_until];
  if (age === null || age > STALE) return ['unchecked', status ? isoDay(Math.floor(status.madeAt / DAY)) : null];
  return ['valid', facts.issued_on];
}

// asOf is a day, as 2026-11-22. See `Verdict` in lms/sealing/verdicts.py for what comes back.
export function verdict(code, keys, status, asOf) {
  const nothing = { facts: null, kid: null, issuer: null, since: null, age: null, isDoubtful: false, leftOut: null };
  try {
    const signed = opened(messageOf(code)), key = signer(signed, keys);
    if (!key) return { ...nothing, state: 'unsigned' };
    const found = carried(signed.payload), day = dayOf(asOf);
    const known = { ...nothing, facts: found.facts, kid: key.kid, issuer: key.issuer, leftOut: found.leftOut };
    if (!counts(key, found.issuedAt)) {
      const ends = [key.broken_at, key.until].filter(Boolean).map(seconds).filter(moment => moment <= found.issuedAt);
      return { ...known, state: 'untimely', since: isoDay(Math.floor(Math.min(...ends) / DAY)), isDoubtful: true };
    }
    const age = status ? Math.max(0, day - Math.floor(status.madeAt / DAY)) : null;
    const [state, since] = stateOf(found, status, age, day);
    return { ...known, state, since, age, isDoubtful: Boolean(key.broken_at) };
  } catch {
    return { ...nothing, state: 'unreadable' };
  }
}
