"""The clauses of a regulation by the article of which they are parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from service.catalog.coverage.matrix import ClauseLine

_ARTICLE = re.compile(r"第[^条（]+条(?:之[一二三四五六七八九十]+)?|[^（(]+")


def by_article(lines: Sequence[ClauseLine]) -> list[tuple[str, list[ClauseLine]]]:
    """Return ``lines``, in their order, with the article before its clauses."""
    return [(name, list(those)) for name, those in groupby(lines, lambda line: whole_article(line.clause.article))]


def whole_article(cited: str) -> str:
    """Return the article of which a clause is a part: ``第十一条`` of ``第十一条第（二）项``."""
    found = _ARTICLE.match(cited)
    return found[0].strip() if found else cited
