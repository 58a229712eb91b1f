// A page about work under way: look again every two seconds and put in what has changed, until nothing is left to do.
// Without this script there is a link to look again.
const read = async () => {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [now, next] = [document.querySelector('[data-again]'), page.querySelector('[data-again]')];
  if (!now || !next) return;
  if (now.innerHTML !== next.innerHTML) now.innerHTML = next.innerHTML;
  now.dataset.again = next.dataset.again;
};
const turn = async () => {
  if (document.querySelector('[data-again]')?.dataset.again !== 'yes') return;
  if (!document.hidden) await read().catch(() => {});
  setTimeout(turn, 2000);
};
setTimeout(turn, 2000);
