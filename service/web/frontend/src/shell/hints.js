// The reason behind a date or a rule: the style sheet shows it on hover and focus; here it is kept inside the window,
// told to assistive technology, and shut by Escape.
const SCROLLED = '.table-scroll, .sheet-scroll, .season-scroll, .diagram-scroll';
const GAP = 6;
const EDGE = 8;

// What scrolls cuts off what stands out of it: there the box stands on the window instead.
function standOnWindow(why, body) {
  const term = why.getBoundingClientRect();
  const { width, height } = body.getBoundingClientRect();
  const below = term.bottom + GAP + height <= innerHeight - EDGE || term.top < height + GAP + EDGE;
  const start = document.documentElement.dir === 'rtl' ? term.right - width : term.left;
  body.style.left = `${Math.max(EDGE, Math.min(start, document.documentElement.clientWidth - width - EDGE))}px`;
  body.style.top = `${below ? term.bottom + GAP : term.top - GAP - height}px`;
}

function keepInside(why) {
  const body = why.querySelector('.why-body');
  why.classList.remove('opens-left', 'opens-up');
  if (why.closest(SCROLLED)) {
    why.classList.add('on-window');
    standOnWindow(why, body);
    return;
  }
  const box = body.getBoundingClientRect();
  if (box.right > document.documentElement.clientWidth - 8) why.classList.add('opens-left');
  if (box.bottom > innerHeight - 8 && why.getBoundingClientRect().top > box.height + 16) why.classList.add('opens-up');
}

const expanded = (why, yes) => why.querySelector('.why-term').setAttribute('aria-expanded', yes);

export function hints() {
  for (const kind of ['pointerover', 'focusin']) {
    document.addEventListener(kind, (event) => {
      const why = event.target.closest?.('.why');
      if (!why || why.contains(event.relatedTarget)) return;
      why.classList.remove('is-shut');
      keepInside(why);
      expanded(why, true);
    });
  }
  for (const kind of ['pointerout', 'focusout']) {
    document.addEventListener(kind, (event) => {
      const why = event.target.closest?.('.why');
      if (why && !why.contains(event.relatedTarget)) expanded(why, false);
    });
  }
  document.addEventListener('scroll', () => {
    for (const why of document.querySelectorAll('.why.on-window:is(:hover, :focus-within)')) keepInside(why);
  }, { capture: true, passive: true });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const why of document.querySelectorAll('.why:is(:hover, :focus-within)')) { why.classList.add('is-shut'); expanded(why, false); }
  });
}
