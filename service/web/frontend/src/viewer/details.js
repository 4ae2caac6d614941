// The panel beside the diagram: only the section of the chosen element is shown, all of them when none is.
/** Wire clicks on elements until `signal`; return {show} to choose one by its id. */
export function details(viewer, elements, signal) {
  const canvas = viewer.get('canvas');
  const sections = [...document.querySelectorAll('[data-element]')];
  let chosen = null;

  function show(id) {
    const section = sections.find((one) => one.dataset.element === id);
    if (!section) {
      if (elements[id]?.href) location.assign(elements[id].href);
      return;
    }
    if (chosen) canvas.removeMarker(chosen, 'is-chosen');
    chosen = id;
    canvas.addMarker(id, 'is-chosen');
    for (const one of sections) one.hidden = one !== section;
    section.scrollIntoView({ block: 'nearest' });
  }

  function showAll() {
    if (chosen) canvas.removeMarker(chosen, 'is-chosen');
    chosen = null;
    for (const one of sections) one.hidden = false;
  }

  viewer.get('eventBus').on('element.click', ({ element }) => (element.parent ? show(element.id.replace(/_label$/, '')) : showAll()));
  for (const button of document.querySelectorAll('[data-element-all]')) button.addEventListener('click', showAll, { signal });
  return { show };
}
