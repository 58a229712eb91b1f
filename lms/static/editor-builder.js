// A question's form: rows come, go and change places without asking the server. Without this file, each button does.
const rows = form => [...form.querySelectorAll('[data-rows] > [data-row]')];
const renumber = form => rows(form).forEach((row, place) => row.querySelectorAll('[data-number]').forEach(mark => { mark.textContent = place + 1; }));
let made = 0;

const addRow = form => {
  const blank = form.querySelector('[data-row-template]');
  const key = `x${Date.now()}${made++}`;
  const holder = document.createElement('template');
  holder.innerHTML = blank.innerHTML.replaceAll('KEY', key);
  const row = holder.content.querySelector('[data-row]');
  form.querySelector('[data-rows]').append(row);
  return row;
};

const first = row => row?.querySelector('textarea, input:not([type=hidden])');

document.addEventListener('click', event => {
  const button = event.target.closest('[data-builder] button');
  const form = button?.form;
  if (!form) return;
  const row = button.closest('[data-row]');
  if (button.matches('[data-add]')) {
    event.preventDefault();
    const fresh = addRow(form);
    renumber(form);
    first(fresh.querySelector('.grow')).focus();
  } else if (button.matches('[data-remove]')) {
    event.preventDefault();
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    renumber(form);
    (next ? next.querySelector('[data-remove]') : form.querySelector('[data-add]')).focus();
  } else if (button.matches('[data-move]')) {
    event.preventDefault();
    if (button.dataset.move === '-1') row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    renumber(form);
    button.focus();
  }
});

// Enter in an answer goes on to the next one; Shift+Enter makes a new line.
document.addEventListener('keydown', event => {
  const area = event.target.closest?.('[data-builder] [data-row] textarea[name^="text-"]');
  if (!area || event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  const form = area.form;
  const next = area.closest('[data-row]').nextElementSibling ?? (area.value.trim() ? addRow(form) : null);
  renumber(form);
  next?.querySelector('textarea[name^="text-"]').focus();
});

document.addEventListener('change', event => {
  const kind = event.target.closest('[data-builder] [data-kind]');
  if (!kind) return;
  const type = kind.value === 'multiple' ? 'checkbox' : 'radio';
  const blank = kind.form.querySelector('[data-row-template]');
  for (const mark of [...kind.form.querySelectorAll('[name=right]'), ...blank.content.querySelectorAll('[name=right]')]) mark.type = type;
});

document.querySelector('[data-alert]')?.focus();

// A word before leaving with something unsaved; in the editor's window, what was typed stays for the next time.
let isDirty = false;
document.addEventListener('input', event => { if (event.target.closest('[data-builder]')) isDirty = true; });
document.addEventListener('submit', event => { if (event.target.matches('[data-builder]')) isDirty = false; });
addEventListener('beforeunload', event => { if (isDirty && !document.querySelector('[data-window]')) event.preventDefault(); });
