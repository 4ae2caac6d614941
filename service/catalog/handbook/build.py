"""Put the handbook of a package together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.catalog.handbook.piece_chapters import (
    clause_chapter,
    form_chapter,
    letter_chapter,
    parameter_chapter,
    table_chapter,
)
from service.catalog.handbook.process_chapter import process_chapter
from service.catalog.package import Package
from service.domain.output.handbook import BookBlock, BookHeading, BookTable, BookText, Handbook
from service.domain.text import Text

_BODY_HEAD = Text("单位,担任的角色", "Body,Roles")


def handbook_of(package: Package, state: Text, day: date, language: str = "zh") -> Handbook:
    """Return the handbook of ``package`` in ``language``; ``state`` says which version it is, and stands on the cover."""
    place, award = package.jurisdiction.text.pick(language), package.award.text.pick(language)
    title = Text(f"{award}办理手册", f"{award}: handbook of the procedure").pick(language)
    cover = (place, package.law.title, state.pick(language), day.isoformat())
    chapters = (process_chapter, form_chapter, table_chapter, letter_chapter, parameter_chapter, clause_chapter)
    blocks = [block for chapter in (_overview, *chapters) for block in chapter(package, language)]
    return Handbook(title, cover, Text("目录", "Contents").pick(language), language, tuple(blocks))


def _overview(package: Package, language: str) -> Iterator[BookBlock]:
    yield BookHeading(Text("概况", "Overview").pick(language), 1)
    kinds = "、".join(info.text.pick(language) for info in package.award.processes.values())
    tiers = "、".join(tier.text.pick(language) for tier in package.award.tiers)
    if tiers:
        yield BookText(Text(f"奖项类别：{tiers}。", f"Tiers: {tiers}.").pick(language))
    yield BookText(Text(f"办件种类：{kinds}。", f"Kinds of cases: {kinds}.").pick(language))
    roles = package.jurisdiction.roles
    rows = tuple(
        (body.text.pick(language), "、".join(roles[role].text.pick(language) for role in body.roles if role in roles))
        for body in package.jurisdiction.bodies
    )
    if rows:
        yield BookTable(tuple(_BODY_HEAD.pick(language).split(",")), rows, (40, 60))
