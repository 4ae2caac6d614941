// The picture of a page that was refused while others' pages were drawn is asked for again, some seconds later.
const MOST = 10;

function again(picture) {
  const tries = Number(picture.dataset.tries || 0);
  if (tries >= MOST) return;
  picture.dataset.tries = tries + 1;
  setTimeout(() => { picture.src = picture.getAttribute('src'); }, 2000 + 1000 * tries);
}

export function pictures(root) {
  for (const picture of root.querySelectorAll('.page-sheet > img')) {
    if (picture.complete && picture.currentSrc && !picture.naturalWidth) again(picture);
  }
  if (root !== document) return;
  document.addEventListener('error', (event) => {
    if (event.target.matches?.('.page-sheet > img')) again(event.target);
  }, true);
}
