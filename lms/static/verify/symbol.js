// What the modules of a QR code say: ISO/IEC 18004, versions 1 to 25. The error correction is that of Reed and Solomon,
// with the algorithms of Berlekamp and Massey, Chien and Forney.

const MOST = 25;
const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
// By the two bits of the level (M, L, H, Q) and the version: error correction codewords of a block, and blocks.
const CHECKS = [
  [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28],
  [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26],
  [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30],
  [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30],
];
const BLOCKS = [
  [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21],
  [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12],
  [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35],
  [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29],
];
const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, x => x % 3, (x, y) => (x + y) % 3, (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => (x * y) % 2 + (x * y) % 3, (x, y) => ((x * y) % 2 + (x * y) % 3) % 2, (x, y) => ((x + y) % 2 + (x * y) % 3) % 2,
];

// By the version: at which rows and columns the middles of alignment patterns are. Version 1 has none, only the corners.
export const SIZES = Array.from({ length: MOST + 1 }, (_, version) => {
  if (!version) return null;
  const count = Math.floor(version / 7) + 2, step = 2 * Math.ceil((version * 4 + 4) / (count * 2 - 2));
  return Array.from({ length: count }, (__, at) => (at ? version * 4 + 10 - step * (count - 1 - at) : 6));
});

// Numbers of the field with 256 elements: powers of 2, and their logarithms.
const power = new Uint8Array(510), log = new Uint8Array(256);
for (let at = 0, value = 1; at < 255; at++) {
  power[at] = power[at + 255] = value;
  log[value] = at;
  value = value << 1 ^ (value > 127 ? 285 : 0);
}
const times = (a, b) => (a && b ? power[log[a] + log[b]] : 0);
const over = (a, b) => (a ? power[log[a] + 255 - log[b]] : 0);
const valueAt = (terms, x) => terms.reduceRight((sum, term) => times(sum, x) ^ term, 0);

// Puts a block right; whether that could be done.
function mend(block, checks) {
  const signs = Array.from({ length: checks }, (_, at) => block.reduce((sum, value) => times(sum, power[at]) ^ value, 0));
  if (signs.every(sign => !sign)) return true;
  let found = [1], before = [1], count = 0, scale = 1, shift = 1;
  for (let at = 0; at < checks; at++, shift++) {
    let off = 0;
    for (let term = 0; term <= count; term++) off ^= times(found[term] || 0, signs[at - term]);
    if (!off) continue;
    const last = found, factor = over(off, scale), next = found.slice();
    before.forEach((value, term) => { next[term + shift] = (next[term + shift] || 0) ^ times(value, factor); });
    found = Array.from(next, value => value || 0);
    if (2 * count <= at) [count, before, scale, shift] = [at + 1 - count, last, off, 0];
  }
  const values = Array.from({ length: checks }, (_, at) => signs.slice(0, at + 1).reduce((sum, sign, term) => sum ^ times(sign, found[at - term] || 0), 0));
  const slope = found.slice(1).map((value, at) => (at % 2 ? 0 : value));
  let mended = 0;
  for (let place = 0; place < block.length; place++) {
    const inverse = power[(255 - place % 255) % 255];
    if (valueAt(found, inverse)) continue;
    block[block.length - 1 - place] ^= times(power[place % 255], over(valueAt(values, inverse), valueAt(slope, inverse)));
    mended++;
  }
  return mended === count;
}

function isReserved(x, y, size, at) {
  const near = place => at.findIndex(each => Math.abs(each - place) < 3), last = at.length - 1, i = near(y), j = near(x);
  if (x === 6 || y === 6 || (x < 9 && y < 9) || (x < 9 && y > size - 9) || (x > size - 9 && y < 9)) return true;
  if (size > 41 && ((x < 6 && y > size - 12) || (y < 6 && x > size - 12))) return true;
  return size > 21 && i >= 0 && j >= 0 && !(i === 0 && (j === 0 || j === last)) && !(j === 0 && i === last);
}

// Level and mask, as the better of their two copies says.
function form(module, size) {
  const bits = places => places.reduce((sum, [x, y], at) => sum | module(x, y) << at, 0);
  const line = Array.from({ length: 15 }, (_, at) => at);
  const copies = [
    bits(line.map(at => (at < 8 ? [8, at < 6 ? at : at + 1] : [at === 8 ? 7 : 14 - at, 8]))),
    bits(line.map(at => (at < 8 ? [size - 1 - at, 8] : [8, size - 15 + at]))),
  ];
  let best = -1, least = 4;
  for (let each = 0; each < 32; each++) {
    let rest = each;
    for (let bit = 0; bit < 10; bit++) rest = rest << 1 ^ (rest >> 9) * 0x537;
    for (const copy of copies) {
      let off = 0;
      for (let other = copy ^ (each << 10 | rest) ^ 0x5412; other; other &= other - 1) off++;
      if (off < least) [best, least] = [each, off];
    }
  }
  return best;
}

// The codewords in the order in which they stand in the symbol.
function codewords(module, size, at, mask) {
  const made = [];
  let byte = 0, count = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let row = 0; row < size; row++) for (const x of [right, right - 1]) {
      const y = (right + 1) & 2 ? row : size - 1 - row;
      if (isReserved(x, y, size, at)) continue;
      byte = byte << 1 | (module(x, y) ^ (MASKS[mask](x, y) ? 0 : 1));
      if (++count % 8 === 0) { made.push(byte); byte = 0; }
    }
  }
  return made;
}

// The data of all blocks, put right and one after the other; null if there are too many errors.
function data(words, version, level) {
  const checks = CHECKS[level][version - 1], count = BLOCKS[level][version - 1], short = Math.floor(words.length / count);
  const blocks = Array.from({ length: count }, () => []), longer = count - words.length % count;
  let next = 0;
  for (let at = 0; at <= short; at++) blocks.forEach((block, number) => {
    if (at !== short - checks || number >= longer) block.push(words[next++]);
  });
  if (!blocks.every(block => mend(block, checks))) return null;
  return blocks.flatMap(block => block.slice(0, -checks));
}

function text(bytes, version) {
  let at = 0, said = '';
  const take = bits => {
    let value = 0;
    for (; bits; bits--, at++) value = value << 1 | (bytes[at >> 3] >> (7 - (at & 7)) & 1);
    return value;
  };
  const wide = version > 9 ? 2 : 0;
  while (at + 4 <= bytes.length * 8) {
    const mode = take(4);
    if (mode === 1) {
      for (let left = take(10 + wide); left > 0; left -= 3) said += String(take([0, 4, 7, 10][Math.min(3, left)])).padStart(Math.min(3, left), '0');
    } else if (mode === 2) {
      for (let left = take(9 + wide); left > 0; left -= 2) {
        const pair = take(left > 1 ? 11 : 6);
        said += (left > 1 ? ALPHANUMERIC[Math.floor(pair / 45)] : '') + ALPHANUMERIC[pair % 45];
      }
    } else if (mode === 4) {
      said += new TextDecoder().decode(Uint8Array.from({ length: take(wide ? 16 : 8) }, () => take(8)));
    } else if (mode === 7) {
      take(8); // which letters bytes mean: UTF-8 is all that we know
    } else break;
  }
  return said;
}

// The text that these modules (row by row, 1 is dark) say in a code of a version; empty if they say none.
export function decoded(modules, version) {
  const size = 17 + 4 * version, module = (x, y) => modules[y * size + x], found = form(module, size);
  if (found < 0) return '';
  const words = codewords(module, size, SIZES[version], found & 7), bytes = data(words, version, found >> 3);
  return bytes ? text(bytes, version) : '';
}
