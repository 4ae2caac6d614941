"""Where the studio keeps what remedies name by its file: the page and the field in its place, for who sees no files."""

from __future__ import annotations

import re
from dataclasses import replace

from service.catalog.basics.sections import SECTIONS
from service.catalog.package import Package
from service.catalog.problems import Problem
from service.catalog.wording.page_fields import in_fields
from service.domain.text import Text

_PAGES = {
    "award.yaml": Text("地方与奖项", "Place and award"),
    "jurisdiction.yaml": Text("地方与奖项", "Place and award"),
    "parameters.yaml": Text("参数", "Parameters"),
    "law.yaml": Text("条款", "Clauses"),
    "patterns.yaml": Text("流程图", "Diagrams"),
    "layer.yaml": Text("日历", "Calendar"),
}
_FACTS = Text("记录的事实", "Facts")
_FILES = "|".join(re.escape(name) for name in _PAGES)
_KEYS = "|".join(section.id for section in SECTIONS)
_ZH = re.compile(rf" ?(?:[\w/]+/)?\b({_FILES})(?: ?的 ?({_KEYS})(?:\.(\w+)(\.facts)?)?(?!\w))? ?", re.ASCII)
_EN = re.compile(rf"(?:(?:\bto|\bunder|\bin) )?(?:({_KEYS})(?:\.(\w+)(\.facts)?)? (?:of|in) )?(?:[\w/]+/)?({_FILES})")


def on_pages(package: Package, problem: Problem) -> Problem:
    """Return ``problem`` with pages and fields of the studio where its sentences name files and their keys."""
    return replace(
        problem, message=said_on_pages(package, problem.message), remedy=said_on_pages(package, problem.remedy)
    )


def said_on_pages(package: Package, said: Text) -> Text:
    """Return ``said`` with pages and fields of the studio where it names files and their keys."""
    zh = _ZH.sub(lambda found: "的".join(f"“{one.zh}”" for one in _path(package, *found.groups())), said.zh)
    en = _EN.sub(lambda found: _in_english(_path(package, found[4], *found.groups()[:3])), said.en)
    return Text(in_fields(zh, chinese=True), in_fields(en, chinese=False))


def _in_english(path: list[Text]) -> str:
    return f"on the page {', '.join(f'“{one.en}”' for one in path)}"


def _path(package: Package, file: str, section: str | None, entry: str | None, facts: str | None) -> list[Text]:
    """Return the page, its section, the entry and the field, as far as they are said."""
    titles = {one.id: one.title for one in SECTIONS}
    said = [_PAGES[file]]
    said += [titles[section]] if section else []
    if entry:
        kind = package.award.processes.get(entry)
        said.append(kind.text if kind else Text(entry, entry))
    return said + ([_FACTS] if facts else [])
