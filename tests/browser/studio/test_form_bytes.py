"""Every form of the cities, opened and saved unchanged, keeps its bytes."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from service.catalog.tree import read_sources

ROOT = Path(__file__).parents[3]
VALUES = ROOT / "service/web/frontend/src/studio/form/values.js"
TRY = """async ([source, texts]) => {
  const { asFile, inOrderOf, write } = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  const again = (text) => asFile(inOrderOf(JSON.parse(text), JSON.parse(text)));
  const turned = (value) => (value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).reverse().map(([key, one]) => [key, turned(one)]))
    : Array.isArray(value) ? value.map(turned) : value);
  const back = (text) => {  // a setting that goes and comes again stands where it stood
    const now = JSON.parse(text);
    const held = now.properties?.title;
    if (held !== undefined) { write(now, 'properties.title', undefined); write(now, 'properties.title', held); }
    return asFile(inOrderOf(JSON.parse(text), now));
  };
  return texts.map((text) => [again(text), asFile(inOrderOf(JSON.parse(text), turned(JSON.parse(text)))), back(text)]);
}"""


def test_every_form_keeps_its_bytes(chromium: Browser) -> None:
    files = {path: data.decode() for path, data in read_sources(ROOT).items() if path.endswith(".json")}
    assert len(files) > 300
    page = chromium.new_page()
    found = page.evaluate(TRY, [VALUES.read_text(), list(files.values())])
    page.close()
    for (path, text), kept in zip(files.items(), found, strict=True):
        assert kept == [text] * 3, path
