// The text: tools and keys write Markdown at the caret. All changes go through the browser's own undo.
const form = document.querySelector('[data-editor]');
const area = form.querySelector('textarea[name=text]');
const tools = form.querySelector('[data-tools]');

const put = (start, end, text, from = start + text.length, to = from) => {
  area.focus();
  area.setSelectionRange(start, end);
  const done = text ? document.execCommand('insertText', false, text) : document.execCommand('delete');
  if (!done) {
    area.setRangeText(text, start, end, 'end');
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  area.setSelectionRange(from, to);
};

const selected = () => [area.selectionStart, area.selectionEnd, area.value.slice(area.selectionStart, area.selectionEnd)];

const around = mark => {
  const [start, end, text] = selected();
  const long = mark.length;
  const isIn = area.value.slice(start - long, start) === mark && area.value.slice(end, end + long) === mark;
  if (isIn) put(start - long, end + long, text, start - long, end - long);
  else put(start, end, mark + text + mark, start + long, end + long);
};

const lines = () => {
  const [start, end] = selected();
  const from = area.value.lastIndexOf('\n', start - 1) + 1;
  const found = area.value.indexOf('\n', end);
  const to = found < 0 ? area.value.length : found;
  return [from, to, area.value.slice(from, to)];
};

const byLine = change => {
  const [from, to, text] = lines();
  const now = change(text.split('\n')).join('\n');
  put(from, to, now, from, from + now.length);
  if (!now.includes('\n')) area.setSelectionRange(from + now.length, from + now.length);
};

// a block stands alone: empty lines before and after it
const putBlock = (text, inside = '') => {
  const [, end] = selected();
  const before = area.value.slice(0, end);
  const lead = !before || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const tail = area.value.slice(end).startsWith('\n\n') || end === area.value.length ? '\n' : area.value.slice(end).startsWith('\n') ? '\n' : '\n\n';
  const place = inside ? end + lead.length + text.indexOf(inside) : end + lead.length + text.length;
  put(end, end, lead + text + tail, place, place + inside.length);
};

const next = { '': '## ', '## ': '### ', '### ': '' };
const ways = {
  bold: () => around('**'),
  italic: () => around('*'),
  code: () => {
    const [start, end, text] = selected();
    if (text.includes('\n')) put(start, end, `\`\`\`\n${text.replace(/\n$/, '')}\n\`\`\`\n`);
    else around('`');
  },
  link: () => {
    const [start, end, text] = selected();
    const isAddress = /^https?:\/\/\S+$/.test(text);
    const [words, address] = isAddress ? ['', text] : [text, 'https://'];
    const made = `[${words}](${address})`;
    if (isAddress || !words) put(start, end, made, start + 1, start + 1 + words.length);
    else put(start, end, made, start + words.length + 3, start + made.length - 1);
  },
  heading: () => byLine(([first, ...rest]) => {
    const mark = /^(#{1,6} )?/.exec(first)[0];
    return [(next[mark] ?? '## ') + first.slice(mark.length), ...rest];
  }),
  list: () => byLine(rows => rows.every(row => /^[-*] /.test(row)) ? rows.map(row => row.slice(2)) : rows.map(row => row.trim() || rows.length === 1 ? `- ${row}` : row)),
  note: () => {
    const [from, to, text] = lines();
    if (text.trim()) put(from, to, ['> [!NOTE]', ...text.split('\n').map(row => `> ${row}`.trimEnd())].join('\n'));
    else putBlock('> [!NOTE]\n> …', '…');
  },
  table: () => putBlock('| … |  |\n|---|---|\n|  |  |\n|  |  |', '…'),
};

// Lists go on by themselves; an empty item ends them.
const goOn = event => {
  const [start, end] = selected();
  const row = area.value.slice(area.value.lastIndexOf('\n', start - 1) + 1, start);
  const item = /^(\s*)(?:([-*+])|(\d+)([.)]))( (?:\[[ x]\] )?)/.exec(row);
  if (!item || start !== end) return;
  event.preventDefault();
  if (row.length === item[0].length) put(start - row.length, end, '\n');
  else put(start, end, `\n${item[1]}${item[2] ?? Number(item[3]) + 1 + item[4]}${item[5].replace('x', ' ')}`);
};

const run = name => (ways[name] ?? (() => area.dispatchEvent(new CustomEvent('open-window', { bubbles: true, detail: name }))))();
const keys = { b: 'bold', i: 'italic', k: 'link', e: 'code' };
const shifted = { h: 'heading', l: 'list' };

area.addEventListener('keydown', event => {
  if (event.isComposing) return;
  const isControl = (event.ctrlKey || event.metaKey) && !event.altKey;
  const name = isControl ? (event.shiftKey ? shifted : keys)[event.key.toLowerCase()] : event.key === 'F1' ? 'help' : '';
  if (name) { event.preventDefault(); run(name); }
  else if (event.altKey && event.key === 'F10') { event.preventDefault(); tools.querySelector('[tabindex="0"]').focus(); }
  else if (event.key === 'Enter' && !event.shiftKey && !isControl && !event.altKey) goOn(event);
});

tools.hidden = false;
const buttons = [...tools.querySelectorAll('[data-tool]')];
buttons.forEach((button, place) => { button.tabIndex = place ? -1 : 0; });
tools.addEventListener('keydown', event => {
  const place = buttons.indexOf(event.target.closest('[data-tool]'));
  const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (event.key === 'Escape') area.focus();
  if (to === undefined) return;
  event.preventDefault();
  buttons.forEach(button => { button.tabIndex = -1; });
  const target = buttons[(to + buttons.length) % buttons.length];
  target.tabIndex = 0;
  target.focus();
});
tools.addEventListener('click', event => {
  const button = event.target.closest('[data-tool]');
  if (button) run(button.dataset.tool);
});

// what other modules ask for
area.addEventListener('put-block', event => putBlock(event.detail));
area.addEventListener('put-words', event => put(...selected().slice(0, 2), event.detail));
area.addEventListener('put-text', event => {
  const [old, now] = [area.value, event.detail];
  let start = 0;
  let end = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  if (old !== now) put(start, old.length - end, now.slice(start, now.length - end));
});
