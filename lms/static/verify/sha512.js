// SHA-512 (FIPS 180-4), for places where browsers give none: a page over plain http, or saved on an old telephone.
// Its constants are what the standard says they are: the first 64 bits of the fractions of roots of primes.

const primes = [];
for (let number = 2; primes.length < 80; number++) if (primes.every(prime => number % prime)) primes.push(number);
const wrap = number => BigInt.asUintN(64, number);
// The root of prime * 2 ** (64 * degree) is 2 ** 64 times the root of the prime; found from above, as Newton says.
function fraction(prime, degree) {
  const whole = BigInt(prime) << BigInt(64 * degree), most = BigInt(degree - 1);
  let root = 1n << 70n;
  for (;;) {
    const next = (most * root + whole / root ** most) / (most + 1n);
    if (next >= root) return wrap(root);
    root = next;
  }
}
const ROUNDS = primes.map(prime => fraction(prime, 3)), START = primes.slice(0, 8).map(prime => fraction(prime, 2));
const turned = (number, ...places) => places.reduce((sum, place) => sum ^ number >> place ^ wrap(number << (64n - place)), 0n);

// The 64 bytes of the digest of some bytes.
export function sha512(bytes) {
  const padded = new Uint8Array((bytes.length + 17 + 127 & ~127)), view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 128;
  view.setUint32(padded.length - 4, bytes.length * 8);
  let state = START;
  for (let block = 0; block < padded.length; block += 128) {
    const words = [];
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 80; at++) {
      if (at < 16) words.push(view.getBigUint64(block + at * 8));
      else {
        const far = words[at - 15], near = words[at - 2];
        words.push(wrap(words[at - 16] + (turned(far, 1n, 8n) ^ far >> 7n) + words[at - 7] + (turned(near, 19n, 61n) ^ near >> 6n)));
      }
      const one = h + turned(e, 14n, 18n, 41n) + (e & f ^ ~e & g) + ROUNDS[at] + words[at];
      const two = turned(a, 28n, 34n, 39n) + (a & b ^ a & c ^ b & c);
      [h, g, f, e, d, c, b, a] = [g, f, e, wrap(d + one), c, b, a, wrap(one + two)];
    }
    state = [a, b, c, d, e, f, g, h].map((word, at) => wrap(word + state[at]));
  }
  state.forEach((word, at) => view.setBigUint64(at * 8, word));
  return padded.slice(0, 64);
}
