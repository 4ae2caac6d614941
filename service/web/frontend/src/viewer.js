// A diagram to look at: where the cases stand, how many, what is done, what is in trouble.
//
// <div class="diagram" data-diagram-url="…" data-state-url="…" | data-state="{…}" data-label="…"></div>
// State: {"elements": {"<id>": {"state": "done|active|incident", "count": 3, "heat": 1-4, "text": "…", "href": "…", "look": true}}}
// look: the diagram begins there where it is wider than its box; else at what is in trouble, else at what is open.
// chosen: it is marked, and the page scrolls to it.
// data-linked="name" moves and zooms every diagram of that name together.
// What is too wide to be read stands in rows, which change with the width of the page; not with data-whole, where the place of
// a case is looked for: there it scrolls, begins at that place and can be made larger and smaller.
// data-focus="<id>" chooses one from the start and brings it into sight.
// A click on an element shows <section data-element="<id>"> of the page, or follows its href.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer/overlay.css';
import { send, t } from './shell/common.js';
import { draw } from './viewer/draw.js';
import { mark } from './viewer/marks.js';
import { details } from './viewer/details.js';
import { tools } from './viewer/tools.js';
import { focus } from './viewer/focus.js';
import { linked } from './viewer/linked.js';
import { drawRows } from './viewer/rows.js';
import { printed } from './viewer/printed.js';

const NOTICED = 24; // narrower or wider by less changes nothing that can be seen
const PAUSE = 250;

async function load(url) {
  const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  return answer.text();
}

const stateOf = (box) => (box.dataset.stateUrl ? send(box.dataset.stateUrl) : Promise.resolve(JSON.parse(box.dataset.state ?? '{}')));

/** Draw the diagram as there is room for it; returns what takes it away again. */
async function arrange(box, xml, elements) {
  const gone = new AbortController();
  const viewer = await draw(box, xml);
  const scroll = box.parentElement;
  const rows = box.dataset.linked || box.dataset.focus || 'whole' in box.dataset ? [] : await drawRows(box, xml, viewer);
  for (const row of rows) {
    const held = Object.fromEntries(Object.entries(elements).filter(([id]) => row.holds.has(id)));
    mark(row.viewer, held, details(row.viewer, held, gone.signal).show);
  }
  if (!rows.length) {
    const panel = details(viewer, elements, gone.signal);
    mark(viewer, elements, panel.show);
    tools(box, viewer);
    linked(box, viewer, gone.signal);
    if (box.dataset.focus) focus(viewer, box.dataset.focus, panel.show);
  }
  printed(box, viewer, gone.signal);
  return () => {
    gone.abort();
    for (const row of rows.slice(1)) row.box.parentElement.remove();
    for (const one of rows.length ? rows.map((row) => row.viewer) : [viewer]) one.destroy();
    box.closest('.diagram-frame')?.querySelectorAll('.diagram-tools button').forEach((button) => button.remove());
    box.removeAttribute('style');
    scroll.replaceWith(box);
  };
}

async function show(box) {
  const [xml, state] = await Promise.all([load(box.dataset.diagramUrl), stateOf(box)]);
  const place = box.parentElement;
  let takeAway = await arrange(box, xml, state.elements ?? {});
  box.dataset.ready = 'yes';
  if (box.dataset.linked || box.dataset.focus) return;
  let width = place.clientWidth;
  let waiting = null;
  new ResizeObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (Math.abs(place.clientWidth - width) < NOTICED || matchMedia('print').matches) return;
      width = place.clientWidth;
      takeAway();
      takeAway = await arrange(box, xml, state.elements ?? {});
    }, PAUSE);
  }).observe(place);
}

for (const box of document.querySelectorAll('.diagram[data-diagram-url]')) {
  show(box).catch((error) => {
    console.warn(error);
    box.replaceChildren(Object.assign(document.createElement('p'), { className: 'state', role: 'alert', textContent: t('流程图没有显示出来，请刷新页面；环节清单见下方', 'The diagram could not be shown; reload the page. The steps are listed below') }));
  });
}
