"""The manual as pages: every chapter reads, every link within it leads to what is there."""

from __future__ import annotations

import re

import pytest

from service.web.public.manual import CHAPTERS, IMAGES, Chapter, chapter, section, sections

_LINK = re.compile(r'(?:href|src)="(/manual[^"]*|#[^"]*)"')


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("one", CHAPTERS, ids=lambda one: one.name)
def test_every_link_of_a_chapter_leads_to_something(one: Chapter, language: str) -> None:
    for address in (found for part in sections(one, language) for found in _LINK.findall(part.html)):
        assert address.startswith("/manual"), address
        path, _, anchor = address.removeprefix("/manual").removeprefix("/").partition("#")
        name, _, rest = path.partition("/")
        if name == "images":
            assert (IMAGES / rest).is_file(), address
        elif name:
            assert not anchor or anchor in section(chapter(name), rest).anchors, address


_TAG = re.compile(r"<(h[1-6]|ol|ul|li|table|tr|pre|img|code)[ >]")
_SAYS = re.compile(r"[一-鿿]")
_WORDS = re.compile(r"<pre>.*?</pre>|<code>.*?</code>|<[^>]*>", re.S)
IN_CHINESE = [one for one in CHAPTERS if one.chinese]


@pytest.mark.parametrize("one", IN_CHINESE, ids=lambda one: one.name)
def test_a_chapter_says_in_chinese_what_it_says_in_english(one: Chapter) -> None:
    """Designers, offices and administrators work in Chinese; the same headings, lists, tables, pictures and code stand there."""
    for said, meant in zip(sections(one, "zh"), sections(one, "en"), strict=True):
        assert said.anchor == meant.anchor
        assert _TAG.findall(said.html) == _TAG.findall(meant.html), said.anchor
        left = [text for text in _WORDS.sub("\n", said.html).splitlines() if re.search(r"[a-z]+ [a-z]+ [a-z]+", text)]
        assert [text for text in left if not _SAYS.search(text)] == [], said.anchor


def test_the_first_page_has_the_seven_steps_with_their_pictures() -> None:
    first = section(CHAPTERS[0], "")
    assert len(re.findall(r'<img src="/manual/images/studio-\d', first.html)) == 7
    assert "/manual/studio" in first.html
    assert "law.yaml" in {part.words for part in sections(CHAPTERS[0])}
