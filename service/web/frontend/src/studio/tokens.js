// A played scenario on its diagram: tokens step forwards and backwards, with dates, by buttons, slider and keyboard.
//
// <div data-tokens='[{at, case, element}]'> … <div data-tokens-url="….bpmn"></div></div>
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../viewer/overlay.css';
import './simulation/tokens.css';
import { make, t } from '../shell/common.js';
import { draw } from '../viewer/draw.js';
import { tools } from '../viewer/tools.js';

const PAUSE = 700;

/** Where every case stands after step `now`, and what was passed until then. */
export function standing(steps, now) {
  const at = new Map();
  const passed = new Set();
  steps.slice(0, now + 1).forEach((step) => {
    if (at.has(step.case)) passed.add(at.get(step.case));
    at.set(step.case, step.element);
  });
  return { at, passed };
}

async function show(root) {
  const steps = JSON.parse(root.dataset.tokens);
  const box = root.querySelector('[data-tokens-url]');
  const answer = await fetch(box.dataset.tokensUrl, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  box.classList.add('diagram');
  const viewer = await draw(box, await answer.text());
  tools(box, viewer);
  const [canvas, overlays, registry] = ['canvas', 'overlays', 'elementRegistry'].map((name) => viewer.get(name));
  const slider = root.querySelector('[data-token-slider]');
  const words = root.querySelector('[data-token-words]');
  let now = Math.max(0, steps.findIndex((step) => step.element === root.dataset.start));
  let playing = 0;
  let marked = [];

  function paint() {
    overlays.remove({ type: 'token' });
    for (const [id, marker] of marked) canvas.removeMarker(id, marker);
    marked = [];
    const { at, passed } = standing(steps, now);
    for (const id of passed) if (registry.get(id)) marked.push([id, 'is-done']);
    const here = new Map();
    for (const [name, id] of at) here.set(id, [...(here.get(id) ?? []), name]);
    for (const [id, names] of here) {
      const shape = registry.get(id);
      if (!shape) continue;
      marked.push([id, 'is-active']);
      const label = names.length > 3 ? `${names.slice(0, 3).join('、')}…（${names.length}）` : names.join('、');
      overlays.add(id, 'token', { position: { bottom: 10, left: -6 }, html: make('span', { className: id === steps[now].element ? 'token is-now' : 'token', textContent: label }) });
    }
    for (const [id, marker] of marked) canvas.addMarker(id, marker);
    const step = steps[now];
    const shape = registry.get(step.element);
    words.textContent = `${now + 1}/${steps.length}　${step.at}　${step.case}　${shape?.businessObject.name || step.element}`;
    slider.value = now;
    root.dataset.now = now;
    if (shape) canvas.scrollToElement?.(shape, 60);
  }

  const go = (to) => {
    now = Math.min(steps.length - 1, Math.max(0, to));
    paint();
    root.querySelector('.token.is-now')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const button = root.querySelector('[data-token="play"]');
  function pause() { clearInterval(playing); playing = 0; button.textContent = t('播放', 'Play'); }
  function play() {
    if (playing) { pause(); return; }
    if (now === steps.length - 1) now = -1;
    button.textContent = t('暂停', 'Pause');
    playing = setInterval(() => { go(now + 1); if (now === steps.length - 1) pause(); }, PAUSE);
  }
  const acts = { first: () => go(0), back: () => go(now - 1), on: () => go(now + 1), play };
  for (const one of root.querySelectorAll('[data-token]')) one.addEventListener('click', acts[one.dataset.token]);
  slider.addEventListener('input', () => go(Number(slider.value)));
  const keys = { ArrowLeft: acts.back, ArrowRight: acts.on, Home: acts.first, End: () => go(steps.length - 1), ' ': play };
  document.addEventListener('keydown', (event) => {
    if (event.target.closest('input, button, a, summary, select, textarea') && !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
    if (event.target === slider || !keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  paint();
  root.dataset.ready = 'yes';
}

for (const root of document.querySelectorAll('[data-tokens]')) {
  show(root).catch((error) => {
    console.warn(error);
    root.append(make('p', { className: 'state', role: 'alert', textContent: t('流程图没有显示出来，请刷新页面；全部步骤见下方', 'The diagram could not be shown; reload the page. All steps are listed below') }));
  });
}
