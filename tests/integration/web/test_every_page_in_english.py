"""English pages are English: what stays Chinese are names, numbers of documents, quotations, and what people typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.web.frame.page.names import translate_name
from service.web.frame.requests.current import DESK
from tests.integration.web.test_demo import play
from tests.support.demonstration import demonstration
from tests.support.led_to import PERSONS, kind_of, led_to
from tests.support.samples import sample

HAN = re.compile("[\u3400-\u9fff]")
RUN = re.compile("[^\x00-\x7f：。．；]*[\u3400-\u9fff][^\x00-\x7f：。．；]*")
NUMBERED = re.compile(r"[^\s“”《》（）()：:]*〔\d+〕\d+号?")
PIECES = re.compile(r" · |[（）()]")
ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "label")
QUOTED = ("processes/*/law.yaml", "processes/*/*/scenarios/*.yaml", "deploy/demo/*/*.yaml")
"""The law's own words, what scenarios expect letters to say and people to type, and what the seasons' people typed."""
VERBATIM = re.compile(r"^(中文|e\.g\. .*|An \.xlsx or \.csv file; .*|⚠ Still missing: .*)$", re.DOTALL)
"""A language in itself, an example, the columns of a file as they are spelled there, labels that a form's formula joins."""
LONG = 100
"""What is so long is a text of its own, in which names are not asked for one by one."""
MOST = 70
"""Pages of one person; of those that differ by a number or a place alone one is read."""


class Words(HTMLParser):
    """Collects what a page says in Chinese, but for fields that people fill in and for what is marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._without = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value and HAN.search(value)]
        quotation = tag not in ("html", "option") and (dict(attrs).get("lang") or "").startswith("zh")
        if not self._without and (quotation or tag in ("script", "style", "textarea")):
            self._without = tag

    def handle_endtag(self, tag: str) -> None:
        if self._without == tag:
            self._without = ""

    def handle_data(self, data: str) -> None:
        if not self._without and HAN.search(data):
            self.found.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("english"))
    yield app
    app.extensions[DESK].store.close()


@pytest.fixture(scope="module")
def quoted(demo: Flask) -> str:
    """Return the law's words, what was typed, and the texts of what was served and posted, which stay in Chinese."""
    files = [file for pattern in QUOTED for file in sorted(Path().glob(pattern))]
    said = [word for file in files for word in _strings(to_plain_value(parse_yaml(file.read_bytes(), str(file))))]
    with demo.extensions[DESK].store.read() as tx:
        for case in range(1, 400):
            said += [word for row in tx.notices.select(case_id=case) for word in _strings(row.content)]
            said += [word for row in tx.documents.select(case_id=case) for word in _strings(row.content)]
    return "".join("".join(one.split()) for one in said)


def _strings(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for one in part.values():
            yield from _strings(one)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _strings(one)
    elif isinstance(part, str):
        yield part


@pytest.mark.parametrize("login", sample(PERSONS, len(PERSONS)))
def test_every_page_of_a_person_is_in_english(demo: Flask, quoted: str, login: str) -> None:
    browser = play(demo, login) if login else demo.test_client()
    browser.get("/language?to=en")
    left, known, looked = dict[str, set[str]](), dict[str, bool](), set[str]()
    waiting = ["/", "/home" if login else "/portal"]
    while waiting and len(looked) < MOST:
        path = waiting.pop(0)
        if kind_of(path) in looked:
            continue
        looked.add(kind_of(path))
        answer = browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.mimetype != "text/html":
            continue
        words = Words()
        words.feed(answer.text)
        new = [said for said in dict.fromkeys(words.found) if said not in known and not VERBATIM.match(said)]
        with demo.test_request_context(headers={"Cookie": "laurel_language=en"}):
            known |= {said: _known(said) or bool(_strange(said, quoted)) for said in new}
        if wrong := {said for said in words.found if known.get(said)}:
            left[kind_of(path)] = wrong
        waiting += led_to(answer.text)
    assert len(looked) > 5
    assert left == {}, left


def _known(said: str) -> bool:
    """Tell whether the program has English for what was said, or for all of a part of it that stands by itself."""
    parts = {said, *PIECES.split(said)} if len(said) < LONG and not NUMBERED.search(said) else {said}
    names = (part.strip(" ：:，。、") for part in parts)
    return any(len(name) > 1 and HAN.search(name) and not HAN.search(translate_name(name)) for name in names)


def _strange(said: str, quoted: str) -> list[str]:
    """Return what is neither a name or number nor anybody's words."""
    runs = (run.strip("（）：，。“”《》、… ·—–；　") for run in RUN.findall(NUMBERED.sub(" ", said)))
    return [run for run in runs if HAN.search(run) and "".join(run.split()) not in quoted]
