// The grading page by keyboard: a digit chooses points and goes on to the next line, Ctrl+Enter saves from the text.
// Without this file the page works with Tab, arrows and Enter.
const form = document.querySelector('[data-grading]');

function lines() {
  return [...form.querySelectorAll('fieldset')];
}

function add() {
  const chosen = [...form.querySelectorAll('input[type=radio]:checked, input[data-points]:not([type=radio])')];
  const missing = lines().some((line) => !line.querySelector(':checked'));
  const sum = chosen.reduce((total, each) => total + (Number(each.value.replace(',', '.')) || 0), 0);
  const shown = new Intl.NumberFormat(document.documentElement.lang).format(sum);
  form.querySelector('[data-sum]').textContent = missing && !chosen.length ? '–' : shown;
}

function choose(digit) {
  const all = lines();
  const here = all.find((line) => line.contains(document.activeElement));
  const line = here || all.find((each) => !each.querySelector(':checked')) || all[0];
  const level = line && line.querySelectorAll('input[type=radio]')[digit - 1];
  if (!level) return;
  level.checked = true;
  add();
  const next = all[all.indexOf(line) + 1];
  (next ? next.querySelector(':checked') || next.querySelector('input') : form.querySelector('.btn-main')).focus();
}

function pressed(event) {
  if (event.altKey || event.metaKey) return;
  const typing = event.target.closest('textarea, input:not([type=radio]):not([type=checkbox])');
  if (event.ctrlKey) {
    if (event.key === 'Enter' && event.target.closest('[data-grading]')) form.requestSubmit(form.querySelector('.btn-main'));
  } else if (!typing && /^[1-9]$/.test(event.key)) {
    event.preventDefault();
    choose(Number(event.key));
  }
}

if (form) {
  form.addEventListener('input', add);
  document.addEventListener('keydown', pressed);
  add();
}
