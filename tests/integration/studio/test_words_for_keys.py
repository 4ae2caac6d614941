"""No page of a draft shows a key, be it of one word (“no”), a dotted path or a name of a file where a word belongs, except in formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.catalog import build_catalog
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.pieces.piece_kinds import PieceKind
from service.catalog.tree import read_sources
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside
from tests.support.records import hold_seat

PROCESSES = Path(__file__).parents[3]
CITY = "urumqi"
OTHERS = frozenset({"kizilsu", "qingyuan", "ganzhou", "yining"})
WRITTEN = "//script|//style|//head|//input|//textarea|//code|//pre|//datalist|//svg|//*[@hidden]"
"""Where keys stand on purpose: what a designer types, formulas, files as they are."""
CITED = "hc-holiday 的源程序和说明（china_scoped.rs、china-holiday-arrangements.md）"
"""A source of the calendar, cited by the names of its files."""
KEY = re.compile(r"[A-Za-z]\w*_\w+|(?<![\w.@/])[a-z]\w+\.[a-z]\w+|slot:\w+")
"""An identifier of several words, a dotted path, a name of a file, a slot of a shared diagram."""

WORD = re.compile(r"(?<![\w./@“:-])[a-z][a-z0-9]+(?![\w./@:-])")
"""A word in small letters that stands by itself: on a Chinese page it is a key, if the package has one of that name."""
NAMED = re.compile(r"""(?:"|^\s*(?:- )?[{]?|: )([a-z][a-z0-9]+)(?:"|:|$|(?=[,}]))""", re.MULTILINE)
"""What stands in the files of a package as a key of an entry, or as a value by itself."""


def keys_of(files: Mapping[str, bytes]) -> frozenset[str]:
    """Return the keys of one word that the files name."""
    found = (word for content in files.values() for word in NAMED.findall(content.decode()))
    return frozenset(word for word in found if not re.fullmatch("[yna]{3,}", word))  # the votes of a scenario, as typed


def told(page: str) -> str:
    """Return what a page shows, without what is written in it on purpose."""
    tree = html.fromstring(page)
    for node in tree.xpath(WRITTEN):
        node.drop_tree()
    return re.sub(r"\s+", " ", " ".join(tree.itertext())).replace(CITED, "")


def pages_of(app: Flask, town: Lakeside, draft: int) -> Iterator[str]:
    """Yield the address of every page of a draft: each place, and a few of what can be opened in it."""
    view = view_draft(town.desk, town.designer, draft)
    there = {kind: [file.path for file in view.of(kind)] for kind in PieceKind}
    opened = {
        "diagrams/edit": PieceKind.DIAGRAM,
        "tables/edit": PieceKind.TABLE,
        "forms/edit": PieceKind.FORM,
        "documents/edit": PieceKind.DOCUMENT,
        "scenarios/view": PieceKind.SCENARIO,
        "scenarios/edit": PieceKind.SCENARIO,
        "shared": PieceKind.DIAGRAM,
    }
    here = f"/studio/drafts/{draft}"
    for rule in app.url_map.iter_rules():
        path = rule.rule.removeprefix("/studio/drafts/<int:draft>")
        if path == rule.rule or "GET" not in (rule.methods or ()):
            continue
        kind = opened.get(path.strip("/"))
        if kind is not None:
            yield from (f"{here}{path}?path={one}" for one in there[kind][:: max(1, len(there[kind]) // 4)])
        elif path == "/clauses":
            yield from (f"{here}/clauses?clause={one}" for one in ["", *view.package.law.clauses][::15])
        elif path.endswith("<parameter>"):
            yield from (f"{here}/parameters/{one}" for one in [*view.package.award.parameters][::12])
        elif "<" not in path and not re.search(r"\.\w+$|/(preview|export|file|source|progress|about|print)\b", path):
            yield f"{here}{path}"


@pytest.fixture
def draft(town: Lakeside) -> int:
    """A draft of a real city, opened by the designer of the miniature, who is given its role there."""
    key = f"{CITY}/quality_award"
    files = read_sources(PROCESSES, OTHERS)
    deploy_package(town.desk, SYSTEM, build_catalog(fill_patterns(files)[0]).package(key), sources=files)
    with town.desk.store.write() as tx:
        office = tx.bodies.find(jurisdiction=CITY, key="office")
        assert office is not None
        hold_seat(tx, town.people["designer"], office.id, CITY, "designer", town.clock.now())
    town.designer = replace(
        town.designer, seats=tuple(replace(seat, jurisdiction=CITY) for seat in town.designer.seats)
    )
    return open_draft(town.desk, town.designer, key, "公示期改为七个工作日")


def test_no_page_of_a_draft_shows_a_key_for_a_word(town: Lakeside, draft: int) -> None:
    app = make_app(town)
    designer = Browser(app, town, "designer")
    found, seen = {}, 0
    named = keys_of(read_sources(PROCESSES, OTHERS))
    assert {"no", "general", "office"} <= named
    for path in pages_of(app, town, draft):
        answer = designer.get(path)
        if answer.status_code != 200 or "html" not in (answer.content_type or ""):
            continue
        seen += 1
        text = told(answer.text)
        alone = (word for word in WORD.findall(text) if word in named)
        keys = list(dict.fromkeys([*KEY.findall(text), *alone]))
        if keys:
            found[path.removeprefix(f"/studio/drafts/{draft}")] = keys[:12]
    assert seen > 55
    assert found == {}, "\n".join(f"{path}: {keys}" for path, keys in found.items())
