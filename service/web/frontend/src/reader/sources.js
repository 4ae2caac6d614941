// What a reader draws: pages of a PDF, or one picture.
import { getDocument, GlobalWorkerOptions, TextLayer } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { make } from '../shell/common.js';

/** The pages of a PDF; `parts` is the folder with character maps, typefaces and decoders. */
export async function pdfFrom(blob, worker, parts) {
  GlobalWorkerOptions.workerPort ??= new Worker(worker, { type: 'module' });
  const pdf = await getDocument({
    data: await blob.arrayBuffer(),
    cMapUrl: `${parts}cmaps/`,
    standardFontDataUrl: `${parts}standard_fonts/`,
    wasmUrl: `${parts}wasm/`,
    useWasm: false, // the policy of contents lets no WebAssembly run
    isEvalSupported: false,
    enableXfa: false,
  }).promise;
  const texts = new Map();
  const viewportOf = async (number, scale) => (await pdf.getPage(number)).getViewport({ scale });
  return {
    count: pdf.numPages,
    close: () => pdf.loadingTask.destroy(),
    async size(number) {
      const { width, height } = await viewportOf(number, 1);
      return [width, height];
    },
    async paint(number, canvas, scale, drawing) {
      const page = await pdf.getPage(number);
      drawing.task = page.render({ canvas, viewport: page.getViewport({ scale }) });
      await drawing.task.promise;
    },
    async text(number) {
      if (!texts.has(number)) {
        const { items } = await (await pdf.getPage(number)).getTextContent();
        texts.set(number, items.map(({ str }) => str ?? '').join(''));
      }
      return texts.get(number);
    },
    async layer(sheet, scale) {
      const page = await pdf.getPage(sheet.number);
      const container = make('div', { className: 'textLayer' });
      container.style.setProperty('--total-scale-factor', scale);
      sheet.append(container);
      await new TextLayer({ textContentSource: await page.getTextContent(), container, viewport: page.getViewport({ scale }) }).render();
    },
  };
}

/** A picture, as one page. */
export async function pictureFrom(blob) {
  const bitmap = await createImageBitmap(blob);
  return {
    count: 1,
    size: async () => [bitmap.width, bitmap.height],
    async paint(_number, canvas) {
      canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    },
  };
}
