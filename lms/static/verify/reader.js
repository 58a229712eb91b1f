// Reads QR codes (ISO/IEC 18004, model 2, versions 1 to 25) out of pictures, for browsers that have no reader of their own.
// Dense codes on paper are looked for in a small copy of the picture and read in a close-up of the large one.
// Only the page of certificates uses it, so there is nothing in it for mirrored or inverted codes, kanji or other symbols.
import { decoded, SIZES } from './symbol.js';

// The close-up, at first and if that is not read: pixels of a module, and how many modules around a point say what is dark.
const CLOSE = [[5, 4], [8, 7]];
const SHADES = 20; // how much darker than its light an alignment pattern is at least
const TRIPLES = 6;

// A picture in grey, and the sums of all that is above and left of each point.
function greyed({ data, width, height }) {
  const grey = new Uint8Array(width * height), row = width + 1, sums = new Uint32Array(row * (height + 1));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0, sum = 0; x < width; x++, at++) {
      grey[at] = (data[at * 4] + 2 * data[at * 4 + 1] + data[at * 4 + 2]) >> 2;
      sum += grey[at];
      sums[(y + 1) * row + x + 1] = sums[y * row + x + 1] + sum;
    }
  }
  return { grey, sums, width, height };
}

// The same with the points that are darker than what is around them, as far as `reach`.
function inked({ grey, sums, width, height }, reach) {
  const dark = new Uint8Array(width * height), row = width + 1;
  for (let y = 0, at = 0; y < height; y++) {
    const top = Math.max(0, y - reach), bottom = Math.min(height, y + reach + 1);
    for (let x = 0; x < width; x++, at++) {
      const left = Math.max(0, x - reach), right = Math.min(width, x + reach + 1);
      const sum = sums[bottom * row + right] - sums[top * row + right] - sums[bottom * row + left] + sums[top * row + left];
      dark[at] = grey[at] * (bottom - top) * (right - left) * 20 < sum * 19 ? 1 : 0; // 5 % darker: paper has grain
    }
  }
  return { grey, dark, width, height };
}

// Whether five runs are those of a finder, 1:1:3:1:1, as far as a few points allow to say.
function isFinder(a, b, c, d, e) {
  const module = (a + b + c + d + e) / 7, off = module / 2 + 0.5;
  return module >= 1 && Math.abs(a - module) < off && Math.abs(b - module) < off && Math.abs(c - 3 * module) < off + module
    && Math.abs(d - module) < off && Math.abs(e - module) < off;
}

// A module of the finder around a point, measured along a row or a column, and how far from the point its middle is;
// null if there is no finder.
function around({ dark, width, height }, x, y, dx, dy) {
  const arm = (column, line, sign) => {
    const runs = [0, 0, 0];
    for (let run = 0; column >= 0 && line >= 0 && column < width && line < height; column += sign * dx, line += sign * dy) {
      if (dark[line * width + column] === run % 2 && ++run > 2) break;
      runs[run]++;
    }
    return runs;
  };
  const after = arm(x, y, 1), before = arm(x - dx, y - dy, -1), runs = [before[2], before[1], before[0] + after[0], after[1], after[2]];
  return isFinder(...runs) ? { module: runs.reduce((sum, run) => sum + run) / 7, shift: (after[0] - before[0]) / 2 } : null;
}

// The finders in a picture: middle, module in pixels along the rows, and how many rows said so.
function finders(image, found = []) {
  const { dark, width, height } = image;
  const note = (column, line) => {
    const down = around(image, column, line, 0, 1), y = line + (down ? down.shift : 0);
    const across = down && around(image, column, Math.floor(y), 1, 0);
    if (!across || across.module > 2 * down.module || down.module > 2 * across.module) return;
    const x = column + across.shift, module = across.module;
    const known = found.find(each => Math.abs(each.x - x) < 2 * module && Math.abs(each.y - y) < 2 * module);
    if (!known) { found.push({ x, y, module, count: 1 }); return; }
    known.count++;
    known.x += (x - known.x) / known.count;
    known.y += (y - known.y) / known.count;
    known.module += (module - known.module) / known.count;
  };
  for (let y = 0; y < height; y++) {
    let a = 0, b = 0, c = 0, d = 0, e = 0, start = 0;
    for (let x = 1, at = y * width + 1; x <= width; x++, at++) {
      if (x < width && dark[at] === dark[at - 1]) continue;
      [a, b, c, d, e, start] = [b, c, d, e, x - start, x];
      if (dark[at - 1] && isFinder(a, b, c, d, e)) note(Math.floor(x - e - d - c / 2), y);
    }
  }
  return found;
}

// Three finders that may be the corners of one code, the likeliest first: top left, top right, bottom left.
function triples(found) {
  const few = found.filter(each => each.count > 1).sort((a, b) => b.count - a.count).slice(0, 15), made = [];
  for (const a of few) for (const b of few) for (const c of few) {
    if (a === b || a === c || b === c) continue;
    const [bx, by, cx, cy] = [b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y], turn = bx * cy - by * cx;
    const one = Math.hypot(bx, by), two = Math.hypot(cx, cy), far = Math.min(one, two) / Math.max(a.module, b.module, c.module);
    if (turn <= 0 || far < 8 || Math.max(one, two) > 130 * Math.max(a.module, b.module, c.module)) continue;
    const unlike = Math.abs((bx * cx + by * cy) / one / two) + Math.abs(Math.log(one / two))
      + Math.abs(Math.log(a.module / b.module)) + Math.abs(Math.log(a.module / c.module));
    if (unlike < 1.5) made.push({ corners: [a, b, c], unlike });
  }
  return made.sort((a, b) => a.unlike - b.unlike).slice(0, TRIPLES).map(each => each.corners);
}

const plus = (a, b, factor = 1) => ({ x: a.x + b.x * factor, y: a.y + b.y * factor });
const minus = (a, b) => plus(a, b, -1);
const length = a => Math.hypot(a.x, a.y);

// The sides of the modules at the three corners, as vectors, and the middles of the modules where the timing lines begin.
function measured(image, [tl, tr, bl]) {
  const { dark, width, height } = image;
  const isDark = ({ x, y }) => (x >= 0 && y >= 0 && x < width && y < height ? dark[Math.floor(y) * width + Math.floor(x)] : 0);
  const module = (corner, way) => {
    const unit = plus({ x: 0, y: 0 }, way, 1 / length(way));
    const half = sign => {
      let far = 0;
      for (let run = 0; run < 3 && far < width; far += 0.25) if (isDark(plus(corner, unit, sign * far)) === run % 2) run++;
      return far;
    };
    return plus({ x: 0, y: 0 }, unit, (half(1) + half(-1)) / 7);
  };
  const over = minus(tr, tl), down = minus(bl, tl), wide = [module(tl, over), module(tr, over)], high = [module(tl, down), module(bl, down)];
  const places = [plus(plus(tl, wide[0], 3), high[0], 3), plus(plus(tr, wide[1], -3), module(tr, down), 3), plus(plus(bl, module(bl, over), 3), high[1], -3)];
  const sizes = [[over, wide], [down, high]].map(([way, ends]) => 2 * length(way) / (length(ends[0]) + length(ends[1])) + 7);
  const changes = (from, to) => {
    const steps = Math.ceil(2 * length(minus(to, from)));
    let count = 0, last = 1;
    for (let step = 0; step <= steps; step++) {
      const next = isDark(plus(from, minus(to, from), step / steps));
      if (next !== last) count++;
      last = next;
    }
    return count;
  };
  return { places, sizes: [changes(places[0], places[1]) + 13, changes(places[0], places[2]) + 13, (sizes[0] + sizes[1]) / 2] };
}

// Where the middles of the alignment patterns are: each is looked for where its neighbours let expect it, so that paper
// may be bent and seen from the side.
function nodes({ grey, width, height }, places, at) {
  const last = at.length - 1, grid = at.map(() => []);
  const level = (x, y) => (x >= 0 && y >= 0 && x < width && y < height ? grey[Math.floor(y) * width + Math.floor(x)] : 128);
  const match = (x, y, u, v) => {
    let light = 0, dark = 0;
    for (let a = -2; a <= 2; a++) for (let b = -2; b <= 2; b++) {
      const here = level(x + a * u.x + b * v.x, y + a * u.y + b * v.y);
      if (Math.max(Math.abs(a), Math.abs(b)) === 1) light += here; else dark += here;
    }
    return light / 8 - dark / 17;
  };
  const sought = (middle, u, v, reach) => {
    let best = middle, most = SHADES;
    for (const [step, far] of [[0.5, reach], [0.25, 0.25]]) {
      const from = best;
      for (let a = -far; a <= far; a += step) for (let b = -far; b <= far; b += step) {
        const x = from.x + a * u.x + b * v.x, y = from.y + a * u.y + b * v.y, found = match(x, y, u, v) - Math.hypot(a, b);
        if (found > most) [best, most] = [{ x, y }, found];
      }
    }
    return best;
  };
  [grid[0][0], grid[0][last], grid[last][0]] = places;
  const overall = [minus(places[1], places[0]), minus(places[2], places[0])].map(way => plus({ x: 0, y: 0 }, way, 1 / (at[last] - 6)));
  for (let i = 0; i <= last; i++) for (let j = 0; j <= last; j++) {
    if (grid[i][j]) continue;
    const edge = i ? grid[i - 1][j] : grid[0][last], from = i && j ? grid[i][j - 1] : i ? edge : grid[0][j - 1];
    const guess = i && j ? minus(plus(edge, from), grid[i - 1][j - 1])
      : i ? plus(from, minus(grid[last][0], from), (at[i] - at[i - 1]) / (at[last] - at[i - 1]))
        : plus(from, minus(edge, from), (at[j] - at[j - 1]) / (at[last] - at[j - 1]));
    const [u, v] = i && j ? [plus({ x: 0, y: 0 }, minus(edge, grid[i - 1][j - 1]), 1 / (at[j] - at[j - 1])),
      plus({ x: 0, y: 0 }, minus(from, grid[i - 1][j - 1]), 1 / (at[i] - at[i - 1]))] : overall;
    grid[i][j] = last > 1 || at[last] > 14 ? sought(guess, u, v, i && j ? (last > 1 ? 2 : 4) : 3) : guess;
  }
  return grid;
}

// The modules of a code, row by row: 1 is dark.
function modules({ dark, width, height }, grid, at, size) {
  const made = new Uint8Array(size * size), last = at.length - 2;
  const isDark = (x, y) => (x >= 0 && y >= 0 && x < width && y < height ? dark[y * width + x] : 0);
  for (let y = 0, i = 0; y < size; y++) {
    if (i < last && y >= at[i + 1]) i++;
    const down = (y - at[i]) / (at[i + 1] - at[i]);
    for (let x = 0, j = 0; x < size; x++) {
      if (j < last && x >= at[j + 1]) j++;
      const over = (x - at[j]) / (at[j + 1] - at[j]), a = grid[i][j], b = grid[i][j + 1], c = grid[i + 1][j], d = grid[i + 1][j + 1];
      const [column, row] = ['x', 'y'].map(axis => Math.floor((a[axis] * (1 - over) + b[axis] * over) * (1 - down) + (c[axis] * (1 - over) + d[axis] * over) * down));
      const votes = isDark(column, row) + isDark(column + 1, row) + isDark(column - 1, row) + isDark(column, row + 1) + isDark(column, row - 1);
      made[y * size + x] = votes > 2 ? 1 : 0;
    }
  }
  return made;
}

// The text of the code with these corners; null if it is none, empty if it cannot be read.
function closeUp(image, corners) {
  const found = finders(image).filter(each => each.count > 1);
  const exact = corners.map(corner => found.find(each => Math.hypot(each.x - corner.x, each.y - corner.y) < 3 * corner.module));
  if (!exact.every(Boolean)) return null;
  const { places, sizes } = measured(image, exact), [right, down, guess] = sizes.map(size => (size - 17) / 4);
  const versions = new Set([right, down].filter(each => Math.abs(each - guess) < 2).map(Math.round));
  if (versions.size) [0, 1, -1].forEach(more => versions.add(Math.round(guess) + more)); // the lines between them change as those of a code do
  for (const version of versions) {
    const at = SIZES[version], size = 17 + 4 * version;
    const text = at ? decoded(modules(image, nodes(image, places, at), at, size), version) : '';
    if (text) return text;
  }
  return '';
}

// The text of a code in a picture of so many pixels; empty if there is none. `look` gives the pixels of a part of it
// (left, top, width, height), made `scale` times as large. One that `isWanted` is preferred to all others.
export function read(look, wide, high, sides, isWanted) {
  let other = '';
  for (const side of sides) {
    const scale = Math.min(1, side / Math.max(wide, high)), image = greyed(look(0, 0, wide, high, scale)), found = [], known = new Set();
    for (const reach of [10, Math.ceil(Math.min(image.width, image.height) / 12)]) { // small modules, then large ones
      for (const corners of triples(finders(inked(image, reach), found))) {
        if (corners.some(corner => known.has(corner))) continue;
        const text = enlarged(look, wide, high, corners.map(({ x, y, module }) => ({ x: x / scale, y: y / scale, module: module / scale })));
        if (text && isWanted(text)) return text;
        if (text) corners.forEach(corner => known.add(corner));
        other ||= text;
      }
    }
    if (scale === 1) break;
  }
  return other || '';
}

function enlarged(look, wide, high, corners) {
  const [tl, tr, bl] = corners, all = [...corners, minus(plus(tr, bl), tl)];
  const module = Math.max(tl.module, tr.module, bl.module), air = 9 * module + 0.12 * length(minus(tr, tl));
  const [left, top] = ['x', 'y'].map(axis => Math.max(0, Math.floor(Math.min(...all.map(each => each[axis])) - air)));
  const width = Math.min(wide, Math.ceil(Math.max(...all.map(each => each.x)) + air)) - left;
  const height = Math.min(high, Math.ceil(Math.max(...all.map(each => each.y)) + air)) - top;
  for (const [wanted, reach] of CLOSE) {
    const scale = Math.min(2, wanted / module, 1600 / Math.max(width, height));
    const image = inked(greyed(look(left, top, width, height, scale)), Math.ceil(reach * module * scale));
    const text = closeUp(image, corners.map(({ x, y, module: each }) => ({ x: (x - left) * scale, y: (y - top) * scale, module: each * scale })));
    if (text) return text;
  }
  return '';
}
