// A diagram to look at: where the cases stand, how many, what is done, what is in trouble.
//
// <div class="diagram" data-diagram-url="…" data-state-url="…" | data-state="{…}" data-label="…"></div>
// State: {"elements": {"<id>": {"state": "done|active|incident", "count": 3, "heat": 1-4, "text": "…", "href": "…", "look": true}}}
// look: the diagram begins there where it is wider than its box; else at what is in trouble, else at what is open.
// data-linked="name" moves and zooms every diagram of that name together.
// What is too wide to be read stands in rows, if these are few; else data-whole shows all of it, however small.
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

async function load(url) {
  const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  return answer.text();
}

const stateOf = (box) => (box.dataset.stateUrl ? send(box.dataset.stateUrl) : Promise.resolve(JSON.parse(box.dataset.state ?? '{}')));

async function show(box) {
  const [xml, state] = await Promise.all([load(box.dataset.diagramUrl), stateOf(box)]);
  const viewer = await draw(box, xml);
  const elements = state.elements ?? {};
  const rows = box.dataset.linked || box.dataset.focus ? [] : await drawRows(box, xml, viewer);
  for (const row of rows) {
    const held = Object.fromEntries(Object.entries(elements).filter(([id]) => row.holds.has(id)));
    mark(row.viewer, held, details(row.viewer, held).show);
  }
  if (!rows.length) {
    const panel = details(viewer, elements);
    mark(viewer, elements, panel.show);
    tools(box, viewer);
    linked(box, viewer);
    if (box.dataset.focus) focus(viewer, box.dataset.focus, panel.show);
  }
  printed(box, viewer);
  box.dataset.ready = 'yes';
}

for (const box of document.querySelectorAll('.diagram[data-diagram-url]')) {
  show(box).catch((error) => {
    console.warn(error);
    box.replaceChildren(Object.assign(document.createElement('p'), { className: 'state', role: 'alert', textContent: t('流程图没有显示出来，请刷新页面；环节清单见下方', 'The diagram could not be shown; reload the page. The steps are listed below') }));
  });
}
