// Unpacks what was deflated (RFC 1951), with a preset dictionary. Browsers have it too, but without dictionaries, and
// telephones that get no new versions any more do not.

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const steps = (first, each, skip) => {
  const extra = Array.from({ length: 30 }, (_, at) => Math.max(0, Math.floor(at / each) - skip)), base = [];
  extra.reduce((sum, bits) => { base.push(sum); return sum + (1 << bits); }, first);
  return { extra, base };
};
const LENGTHS = steps(3, 4, 1), DISTANCES = steps(1, 2, 1);
[LENGTHS.base[28], LENGTHS.extra[28]] = [258, 0];

// A code by the lengths of its words: how many words have each length, and the symbols in the order of their words.
function code(lengths) {
  const counts = new Array(16).fill(0), symbols = [];
  for (let length = 1; length < 16; length++) lengths.forEach((each, symbol) => { if (each === length) { counts[length]++; symbols.push(symbol); } });
  return { counts, symbols };
}

// The bytes that were deflated. Throws if these were not.
export function inflate(bytes, dictionary = []) {
  const made = Array.from(dictionary);
  let at = 0, isLast = 0;
  const take = count => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, at++) {
      if (at >= bytes.length * 8) throw new RangeError('it ends too early');
      value |= (bytes[at >> 3] >> (at & 7) & 1) << bit;
    }
    return value;
  };
  const symbol = ({ counts, symbols }) => {
    let word = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length++) {
      word |= take(1);
      if (word - first < counts[length]) return symbols[index + word - first];
      index += counts[length];
      first = (first + counts[length]) << 1;
      word <<= 1;
    }
    throw new RangeError('no such word');
  };
  const own = () => {
    const literals = take(5) + 257, distances = take(5) + 1, short = new Array(19).fill(0), lengths = [];
    for (let count = take(4) + 4, each = 0; each < count; each++) short[ORDER[each]] = take(3);
    for (const words = code(short); lengths.length < literals + distances;) {
      const each = symbol(words);
      if (each < 16) lengths.push(each);
      else for (let count = each < 17 ? take(2) + 3 : each < 18 ? take(3) + 3 : take(7) + 11, last = each < 17 ? lengths[lengths.length - 1] : 0; count--;) lengths.push(last);
    }
    return [code(lengths.slice(0, literals)), code(lengths.slice(literals))];
  };
  const fixed = () => [code(Array.from({ length: 288 }, (_, each) => (each < 144 ? 8 : each < 256 ? 9 : each < 280 ? 7 : 8))), code(new Array(30).fill(5))];
  while (!isLast) {
    isLast = take(1);
    const kind = take(2);
    if (kind > 2) throw new RangeError('no such block');
    if (!kind) {
      at = (at + 7) & ~7;
      for (let left = take(32) & 65535; left; left--) made.push(take(8));
      continue;
    }
    const [literals, distances] = kind === 1 ? fixed() : own();
    for (let each = symbol(literals); each !== 256; each = symbol(literals)) {
      if (each < 256) { made.push(each); continue; }
      const length = LENGTHS.base[each - 257] + take(LENGTHS.extra[each - 257]), far = symbol(distances);
      const from = made.length - DISTANCES.base[far] - take(DISTANCES.extra[far]);
      if (!(from >= 0)) throw new RangeError('before the beginning');
      for (let place = 0; place < length; place++) made.push(made[from + place]);
    }
  }
  return Uint8Array.from(made.slice(dictionary.length));
}
