// A line to copy: a button puts it where copied things are. Without this script the line can be marked and copied.
for (const line of document.querySelectorAll('[data-copy]')) {
  const [words, button, said] = [line.querySelector('input, textarea'), line.querySelector('button'), line.querySelector('[role=status]')];
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    words.select();
    await navigator.clipboard.writeText(words.value).then(() => { said.textContent = said.dataset.done; }, () => {});
  });
}
