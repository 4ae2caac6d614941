// Who reads another's trade secret, drawn into the picture of each page.
const [TURN, SIZE] = [-Math.PI / 7.5, 15];

/** Write `words` slantwise all over a canvas; `fine` are its points to one of the screen. */
export function drawWatermark(canvas, words, fine) {
  const context = canvas.getContext('2d');
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 0.16;
  context.fillStyle = '#000';
  context.font = `${SIZE * fine}px sans-serif`;
  context.rotate(TURN);
  const [across, down] = [context.measureText(words).width + 60 * fine, 110 * fine];
  const reach = canvas.width + canvas.height;
  for (let y = 0; y < reach; y += down) for (let x = -reach; x < reach; x += across) context.fillText(words, x, y);
  context.restore();
}
