"""Who recommends in a new city: typed one a line, or found in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.catalog.law_text.recommenders import each_its_own, places_said, places_to_recommend, recommenders_of
from service.catalog.new_city.site import Recommender
from service.domain.errors import Invalid
from service.domain.text import Text

_LINE = re.compile(r"(\S.*?)\s+([0-9]{1,4})(?:\s+(.*))?")
"""A name, which may have blanks of its own, a number, and whose applications are judged."""


def recommenders_typed(typed: str) -> Iterator[Recommender]:
    """Yield the authorities of lines “name places whose”; places and whose may be left out, whose goes behind a number.

    Raises Invalid for a line with no name or with a number of places that is none.
    """
    for number, line in enumerate((line.strip() for line in typed.splitlines() if line.strip()), 1):
        found = _LINE.fullmatch(line.replace("\u3000", " "))
        name, said, whose = found.groups("") if found else (line, "", "")
        if name.isdigit() or (said and int(said) == 0):
            raise Invalid(
                Text(
                    f"推荐单位“{line}”应写成“名称 名额 适用的申报者”，名额至少1，没有限制就不写，例如“东区市场监管局 3 东区的组织”。",
                    f"Write recommending unit “{line}” as “name places whose applications”, at least one place or none "
                    "said, such as “East Bureau 3 those of the east”.",
                )
            )
        yield Recommender(f"recommender_{number}", name, int(said) if said else None, whose)


def recommenders_found(passages: Sequence[tuple[str, str]]) -> tuple[str, str, str]:
    """Return what the text says as somebody would type it, and the article where it stands; both "" where it is silent.

    Last stand the places that it gives and that belong to no line yet: it gives several, or names no authority.
    """
    own = each_its_own(passages)
    if own:
        return "\n".join(f"{name} {number}" for name, number, _ in own), own[0][2], ""
    found = recommenders_of(passages)
    places = places_to_recommend(passages)
    lines = "\n".join(f"{name} {places}" if places else name for name, _ in found)
    open_ = places_said(passages) if not found or places is None else ()
    return lines, found[0][1] if found else "", "、".join(map(str, open_))
