"""Clauses as they are cited on pages, by article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.catalog import Package
from service.domain.wording.numbers import read_han

_ARTICLE = re.compile(r"^第([一二三四五六七八九十百]+)条")
_ITEM = re.compile(r"（[一二三四五六七八九十]+）")


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """One article: what its clauses say in our words, the regulation, and where to read on.

    ``short`` is how lists cite it: 11(二) for 第十一条第（二）项.
    """

    id: str
    article: str
    short: str
    summary: str
    law: str
    href: str


def cite(package: Package, clauses: Iterable[str]) -> tuple[CitedArticle, ...]:
    """Return the clauses of ``package``'s regulation, those of one article together; an unknown id is shown as it is."""
    named = tuple(dict.fromkeys(clauses))
    return package.derived(("cited", named), lambda: _cite_articles(package, named))


def _cite_articles(package: Package, clauses: tuple[str, ...]) -> tuple[CitedArticle, ...]:
    grouped: dict[str, list[str]] = {}
    for ident in clauses:
        grouped.setdefault(package.law.article(ident), []).append(ident)
    return tuple(_build_citation(package, article, idents) for article, idents in grouped.items())


def short_article(article: str) -> str:
    """Return 第十一条第（二）项 as 11(二), 第二十条 as 20条; what is written otherwise stays."""
    match = _ARTICLE.match(article)
    if not match:
        return article
    items = "".join(f"({item.strip('（）')})" for item in _ITEM.findall(article))
    return f"{read_han(match[1])}{items or '条'}"


def _build_citation(package: Package, article: str, idents: list[str]) -> CitedArticle:
    clauses = (package.law.clauses.get(ident) for ident in idents)
    summary = " ".join(clause.summary for clause in clauses if clause is not None)
    href = f"/portal/{package.key}/regulation#{idents[0]}"
    return CitedArticle(idents[0], article, short_article(article), summary, f"《{package.law.title}》", href)
