// The editor of one diagram of a draft.
//
// <div class="studio-modeler" data-api="/api/v1/drafts/3" data-pages="/studio/drafts/3" data-path="processes/…/round.bpmn">
// with the parts [data-part=canvas|panel|problems|state|tools|notice] inside; data-focus names an element to begin with.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import './modeler/modeler.css';
import { make, send, t } from '../shell/common.js';
import { putFile } from './draft/file.js';
import { focusIn, labelOf, valueOf } from './draft/focus.js';
import { dropLeftOver, keptName, leftBehind, takeUp } from './draft/kept.js';
import { offerNewDraft, takesNoMore } from './draft/onward.js';
import { conflictActs, takeOverActs } from './draft/refusals.js';
import { restoredSentence, Saving } from './draft/saving.js';
import { createModeler, lookAtStart, openInto } from './modeler/create.js';
import { propertiesOf, Writer } from './modeler/extensions.js';
import { copiedClauses, fitIn } from './modeler/clipboard.js';
import { declareFact } from './modeler/facts.js';
import { untranslated } from './modeler/language.js';
import { panel, takeIn } from './modeler/panel.js';
import { keys } from './modeler/keys.js';
import { variableList } from './modeler/panel_operation.js';
import { readAloud } from './modeler/read_aloud.js';
import { askRebinding, rebind } from './modeler/rebind.js';
import { bringToSight, Problems } from './modeler/problems.js';
import { toolbar } from './modeler/tools.js';
import { touch } from './modeler/touch.js';

async function start(page) {
  const part = (name) => page.querySelector(`[data-part="${name}"]`);
  const { api, pages, path, focus, draft } = page.dataset;
  const at = (place, query = {}) => `${api}/${place}?${new URLSearchParams({ path, ...query })}`;
  const [diagram, choices] = await Promise.all([send(at('diagram')), send(at('diagram/choices')).then(spoken)]);
  const modeler = createModeler(part('canvas'), diagram.editable);
  const kept = keptName(draft, path);
  const writer = diagram.editable ? new Writer(modeler) : null;
  const problems = new Problems(part('problems'), modeler, { url: `${api}/problems`, path, all: `${pages}/problems`, remedies: { writer, choices }, panel: part('panel') });
  let opening = true;

  const saving = new Saving({
    kept, base: diagram.hash,
    write: async () => (await modeler.saveXML({ format: true })).xml,
    put: (sent) => putFile(api, path, sent, true),
    read: () => send(at('diagram')),
    show: async (found) => {
      await read(found.xml);
      problems.later();
    },
    ready: () => takeIn(part('panel')),
    tell: (state, sentence) => { page.dataset.state = state; part('state').textContent = sentence; },
    saved: (answer) => problems.told(answer),
    refuse: (error) => {
      problems.say(error.message); // what was found before is of the draft as it is, not of this drawing
      part('state').append(...takeOverActs(draft, error));
      if (takesNoMore(error)) onward(async () => ({ content: await saving.write(), base: saving.base }));
    },
    conflict: (error) => part('state').append(...conflictActs(saving, error)),
  });

  async function read(xml) {
    opening = true;
    const box = modeler.get('canvas').getRootElement() && modeler.get('canvas').viewbox();
    const chosen = modeler.get('selection').get().map(({ id }) => id);
    const focus = part('panel').contains(document.activeElement) ? focusIn(part('panel'), labelOf, valueOf) : null;
    try {
      await openInto(modeler, xml);
      if (box?.scale) modeler.get('canvas').viewbox({ x: box.x, y: box.y, width: box.width, height: box.height });
      modeler.get('selection').select(chosen.map((id) => modeler.get('elementRegistry').get(id)).filter(Boolean));
      focus?.();
    } finally {
      opening = false;
    }
  }

  await openInto(modeler, diagram.xml).catch((error) => { problems.refresh(); throw error; });
  lookAtStart(modeler);
  opening = false;
  const urls = urlsOf({ api, pages, path, at });
  part('canvas').append(variableList(choices.variables));
  panel(part('panel'), modeler, choices, urls, diagram.editable);
  if (diagram.editable) modeler.get('sharedClipboard').clauses = choices.clauses;
  modeler.on('commandStack.changed', () => { if (!opening) saving.changed(); });
  modeler.on('commandStack.elements.create.postExecuted', ({ context }) => pasted(context, writer, choices, part('notice')));
  modeler.on('commandStack.shape.create.postExecuted', ({ context }) => takeRoleOfLane(context.shape, modeler, writer, choices.roles));
  problems.remedies.tidy = toolbar(part('tools'), { modeler, editable: diagram.editable, api, path, pages, notice: (sentence, kind) => notice(part('notice'), sentence, kind) });
  problems.remedies.declareFact = (...fact) => declare(...fact).catch((error) => notice(part('notice'), error.message, 'late'));
  keys(page, modeler, part('panel'));
  readAloud(part('canvas'), modeler);
  touch(part('canvas'), modeler);
  if (diagram.editable) await restore();
  else {
    saving.tell('shown', t('只读', 'Read only'));
    if (leftBehind(kept)) onward(async () => leftBehind(kept));
  }
  if (focus && modeler.get('elementRegistry').get(focus)) bringToSight(modeler, modeler.get('elementRegistry').get(focus));
  problems.refresh();
  page.dataset.ready = 'yes';
  Object.assign(globalThis, { laurelStudio: { modeler, saving, problems, untranslated } });

  /** Declare a fact for a kind of case. */
  async function declare(...fact) {
    const told = await declareFact(api, ...fact);
    problems.refresh();
    notice(part('notice'), told);
  }

  /** Offer a new draft for what this one does not take any more; `unsaved()` gives it. */
  function onward(unsaved) {
    offerNewDraft({
      box: part('notice'), row: { package: page.dataset.package, title: page.dataset.title }, path,
      left: unsaved,
      taken: () => { saving.handedOver(); dropLeftOver(kept); },
    });
  }

  /** Take up what an earlier visit could not save. */
  async function restore() {
    saving.tell('saved', t('没有未保存的改动', 'Nothing unsaved'));
    const take = async (xml) => {
      try { await read(xml); } catch (error) { await read(diagram.xml); throw error; }
    };
    if (await takeUp(saving, { box: part('notice'), hash: diagram.hash, take, same: async (xml) => xml === (await modeler.saveXML({ format: true })).xml })) notice(part('notice'), restoredSentence());
  }
}

/** What was sent in both languages, in that of the page. */
function spoken(value) {
  if (Array.isArray(value)) return value.map(spoken);
  if (!value || typeof value !== 'object') return value;
  if ('zh' in value && 'en' in value) return t(value.zh, value.en);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoken(one)]));
}

const urlsOf = ({ api, pages, path, at }) => ({
  dates: `${api}/diagram/dates`,
  key: (meaning, taken) => `${api}/diagram/key?${new URLSearchParams({ meaning, taken: taken.join(' ') })}`,
  formula: (element, field) => ({ words: at('words', { element, field }), check: at('formula', { element, field }) }),
  file: (file) => `${api}/file?${new URLSearchParams({ path: file })}`,
  preview: `${pages}/forms/preview`,
  form: (file) => `${pages}/forms/edit?${new URLSearchParams({ path: file })}`,
  table: (file) => `${pages}/tables/edit?${new URLSearchParams({ path: file })}`,
  diagram: (file) => `${pages}/diagrams/edit?${new URLSearchParams({ path: file, from: path })}`,
});

/** Give a new task the role whose lane it was put into. */
function takeRoleOfLane({ type, businessObject, x, y, width, height }, modeler, writer, roles) {
  if (type !== 'bpmn:UserTask' || propertiesOf(businessObject).role) return;
  const [across, down] = [x + width / 2, y + height / 2];
  const around = (lane) => across >= lane.x && across <= lane.x + lane.width && down >= lane.y && down <= lane.y + lane.height;
  const lane = modeler.get('elementRegistry').find((one) => one.type === 'bpmn:Lane' && !one.children.length && around(one));
  const of = roles.filter(({ name }) => name === lane?.businessObject.name);
  if (of.length === 1) writer.setProperties(modeler.get('elementRegistry').get(businessObject.id), businessObject, { role: of[0].id });
}

/** Fit what was pasted into this package, and say what was taken off. */
function pasted(context, writer, choices, box) {
  const elements = context.elements ?? [];
  setTimeout(async () => {
    const taken = fitIn(elements.filter((element) => element.businessObject && !element.labelTarget), writer, choices, propertiesOf);
    const strange = new Set(taken.flatMap(({ foreign }) => foreign));
    const said = copiedClauses().filter(({ id }) => strange.has(id));
    const called = (id) => [said.find((one) => one.id === id)?.article, id].filter(Boolean).join(' ');
    const chosen = said.length ? await askRebinding(said, choices.clauses) : {};
    rebind(taken, chosen, writer);
    const left = taken.map(({ name, foreign }) => [name, foreign.filter((id) => !chosen[id]).map(called)]).filter(([, ids]) => ids.length);
    if (left.length) notice(box, t(`粘贴的图形引用了这里没有的条款，已去掉，请重新选择：${left.map(([name, ids]) => `${name}（${ids.join('、')}）`).join('；')}`, `Clauses that are not registered here were taken off; choose anew: ${left.map(([name, ids]) => `${name} (${ids.join(', ')})`).join('; ')}`), 'soon');
  });
}

function notice(box, sentence, kind = 'info') {
  if (box.lastChild?.firstChild?.textContent === sentence) return;
  const line = make('p', { className: `note note-${kind}`, textContent: sentence });
  const close = make('button', { type: 'button', className: 'btn btn-small btn-quiet', textContent: t('知道了', 'Close') });
  close.addEventListener('click', () => line.remove());
  line.append(' ', close);
  box.append(line);
}

function refused(page, error) {
  const box = page.querySelector('[data-part="notice"]');
  box.replaceChildren(make('p', { className: 'note note-late', textContent: error.message }));
  box.querySelector('p').setAttribute('role', 'alert');
  page.dataset.ready = 'refused';
}

for (const page of document.querySelectorAll('.studio-modeler')) start(page).catch((error) => { console.warn(error); refused(page, error); });
