// The windows over the text: a picture with its words, a question as a form, the keys.
const form = document.querySelector('[data-editor]');
const area = form.querySelector('textarea[name=text]');
const window_ = name => document.querySelector(`[data-window="${name}"]`);
const putBlock = text => area.dispatchEvent(new CustomEvent('put-block', { detail: text }));
const wrong = (box, words) => {
  const line = box.querySelector('[data-wrong]');
  line.textContent = words;
  line.hidden = !words;
};

document.addEventListener('click', event => event.target.closest('[data-close]')?.closest('dialog').close());
for (const box of document.querySelectorAll('[data-window]')) box.addEventListener('close', () => area.focus());

area.addEventListener('open-window', event => {
  if (event.detail === 'picture') openPicture();
  else if (event.detail === 'question') openQuestion();
  else window_(event.detail)?.showModal();
});

// Pictures
const pictures = document.querySelector('[data-picture]');
const openPicture = file => {
  const box = window_('picture');
  pictures.reset();
  wrong(box, '');
  if (file) {
    const held = new DataTransfer();
    held.items.add(file);
    pictures.elements.file.files = held.files;
  }
  box.showModal();
  (file ? pictures.elements.alt : pictures.elements.file).focus();
};
const picture = held => [...held?.files ?? []].find(file => file.type.startsWith('image/'));
area.addEventListener('paste', event => {
  const file = picture(event.clipboardData);
  if (!file || event.clipboardData.getData('text/plain')) return;
  event.preventDefault();
  openPicture(file);
});
area.addEventListener('dragover', event => { if ([...event.dataTransfer.types].includes('Files')) event.preventDefault(); });
area.addEventListener('drop', event => {
  const file = picture(event.dataTransfer);
  if (!file) return;
  event.preventDefault();
  openPicture(file);
});
pictures.addEventListener('submit', async event => {
  event.preventDefault();
  const box = window_('picture');
  const words = box.querySelector('[data-wrong]').dataset;
  const alt = pictures.elements.alt.value.trim();
  if (!pictures.elements.file.files.length) { wrong(box, words.noFile); pictures.elements.file.focus(); return; }
  if (!alt) { wrong(box, words.noWords); pictures.elements.alt.focus(); return; }
  const sent = new FormData(pictures);
  try {
    const answer = await fetch(pictures.action, { method: 'POST', body: sent, headers: { Accept: 'application/json' } });
    const isJson = answer.headers.get('Content-Type')?.includes('json');
    const said = isJson ? await answer.json() : {};
    if (!answer.ok || !said.markdown) { wrong(box, said.error ?? words.refused); return; }
    box.close();
    putBlock(said.markdown);
  } catch { wrong(box, words.noConnection); }
});

// Questions
const holder = document.querySelector('[data-question-form]');
const fill = async (address, options = {}) => {
  const box = window_('question');
  const words = box.querySelector('[data-wrong]').dataset;
  try {
    const answer = await fetch(address, { ...options, headers: { 'X-Fragment': '1' } });
    if (answer.headers.get('Content-Type')?.includes('json')) {
      const { markdown } = await answer.json();
      holder.replaceChildren();
      box.close();
      if (markdown) putBlock(markdown);
      return;
    }
    if (!answer.ok && ![409, 422].includes(answer.status)) throw new Error(answer.status);
    holder.innerHTML = await answer.text();
    holder.querySelector('[data-link]')?.closest('label').remove();
    holder.querySelector('[data-more]')?.remove();
    wrong(box, '');
    const target = holder.querySelector('[data-alert], [autofocus], a, input:not([type=hidden]), textarea');
    target?.focus();
  } catch { wrong(box, words.noConnection); }
};
const openQuestion = () => {
  const box = window_('question');
  box.showModal();
  const begun = holder.querySelector('[data-typed] textarea, [data-typed] [name=stem]');
  if (begun) { begun.focus(); return; }
  holder.replaceChildren();
  box.querySelector('h2').focus();
  fill(box.dataset.address);
};
holder.addEventListener('click', event => {
  const link = event.target.closest('[data-kind-link]');
  if (link) { event.preventDefault(); fill(link.href); }
  if (event.target.closest('[data-cancel]')) { event.preventDefault(); holder.replaceChildren(); window_('question').close(); }
});
holder.addEventListener('input', event => event.target.closest('[data-builder]')?.setAttribute('data-typed', ''));
holder.addEventListener('submit', event => {
  event.preventDefault();
  const own = event.target;
  const sent = new FormData(own);
  if (event.submitter?.name) sent.set(event.submitter.name, event.submitter.value === 'more' ? 'save' : event.submitter.value);
  fill(own.action, { method: 'POST', body: new URLSearchParams(sent) });
});
