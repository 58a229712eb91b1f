// Makes verify/built.js and verify/built.css out of their sources; VENDORED.txt says how to call it.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { buildSync, transformSync } = createRequire(join(process.cwd(), 'package.json'))('esbuild'); // where it was called
const statics = dirname(dirname(fileURLToPath(import.meta.url))), verify = join(statics, 'verify');
const text = name => readFileSync(join(statics, name), 'utf8');
const options = { minify: true, charset: 'utf8', target: 'es2020', legalComments: 'inline' };

// Of the tokens only those that the page uses, itself or through others.
function tokens(style) {
  let kept = text('tokens.css').replace(/\/\*[^]*?\*\//g, ''), before = '';
  while (kept !== before) {
    before = kept;
    kept = kept.replace(/\s*(--[\w-]+):[^;]*;/g, (line, name) => (`${style}${before}`.includes(`var(${name})`) ? line : ''));
  }
  return kept.replace(/[^{}]+\{\s*\}/g, '');
}

const style = text('verify/verify.css');
const css = transformSync(`${tokens(style)}${style}`, { ...options, loader: 'css', target: 'chrome99' }).code;
const js = buildSync({
  ...options, entryPoints: [join(verify, 'page.js')], bundle: true, format: 'iife', write: false, nodePaths: [join(process.cwd(), 'node_modules')],
}).outputFiles[0].text;
// What it was made of, so that a test can tell when it was not made again.
const sources = ['tokens.css', ...readdirSync(verify).filter(name => !name.startsWith('built.') && name !== 'worker.js').sort().map(name => `verify/${name}`)];
const digest = createHash('sha256').update(sources.map(text).join('')).digest('hex');
writeFileSync(join(verify, 'built.css'), css);
writeFileSync(join(verify, 'built.js'), `// Made of sources with the SHA-256 ${digest}: see vendor/VENDORED.txt\n${js}`);
