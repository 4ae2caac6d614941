// The reason behind a date or a rule (<details class="why">): by tap or key as everywhere, by resting the mouse on it as well.
const REST = 180;

function keepInside(details) {
  details.classList.remove('opens-left', 'opens-up');
  const body = details.querySelector('.why-body');
  if (!body) return;
  const box = body.getBoundingClientRect();
  if (box.right > document.documentElement.clientWidth - 8) details.classList.add('opens-left');
  if (box.bottom > innerHeight - 8 && details.getBoundingClientRect().top > box.height + 16) details.classList.add('opens-up');
}

const closeOthers = (but) => document.querySelectorAll('details.why[open]').forEach((other) => { if (other !== but) other.open = false; });

export function hints() {
  let timer;
  document.addEventListener('toggle', (event) => {
    if (!event.target.matches?.('details.why[open]')) return;
    closeOthers(event.target);
    keepInside(event.target);
  }, true);
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType !== 'mouse') return;
    clearTimeout(timer);
    const over = event.target.closest?.('details.why');
    timer = setTimeout(() => {
      document.querySelectorAll('details.why[data-hovered][open]').forEach((other) => { if (other !== over) { other.open = false; delete other.dataset.hovered; } });
      if (over && !over.open) { over.open = true; over.dataset.hovered = 'yes'; }
    }, REST);
  });
  // A click on what the mouse has opened keeps it open instead of closing it.
  document.addEventListener('click', (event) => {
    const details = event.target.closest?.('details.why');
    if (!details) { closeOthers(null); return; }
    if (details.dataset.hovered && event.target.closest('summary')) { event.preventDefault(); delete details.dataset.hovered; }
  });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closeOthers(null); });
}
