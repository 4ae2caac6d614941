"""How a list is sorted, for its page: the heads of its columns, the choice above its cards, and its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from service.domain.text import Text
from service.web.frame.requests.current import say, t
from service.web.frame.requests.parse_values import count_or_none
from service.web.frame.requests.sought import query_of
from service.web.frame.requests.unheeded import unheeded


def order_asked() -> tuple[str, int]:
    """Return the order that the address asks for and which page of it, from 1; raises Invalid for a page that is none."""
    return request.args.get("order", "")[:20], count_or_none(request.args, "page") or 1


@dataclass(frozen=True, slots=True)
class Sorting:
    """In which orders the list at ``path`` can be shown.

    ``columns`` are their names by the word of the order, "" for the order that the list has by itself: with the smallest
    first where it is ``rising``. ``turned`` is the word of that one turned round, "" where there is none.
    """

    path: str
    columns: Mapping[str, Text]
    rising: bool = False
    turned: str = ""

    @property
    def words(self) -> Sequence[str]:
        """Return every word that the address may say."""
        ups, downs = zip(*(self._ways(by) for by in self.columns), strict=True)
        return [word for word in (*ups, *downs) if word]

    def listed(self, kept: Mapping[str, object], many: int = 0, pages: int = 0) -> dict[str, Any]:
        """Return what the parts of the page show; ``kept`` are the list's conditions, ``many`` its rows on ``pages``."""
        order, page = order_asked()
        order = order if order in self.words else ""
        conditions = {name: value for name, value in kept.items() if value not in ("", None)}
        options = [(word, by, rising) for by in self.columns for word, rising in self._labelled(by)]
        return {
            "heads": {by: self._head(by, order, conditions) for by in self.columns},
            "sorting": {
                "action": self.path,
                "kept": conditions,
                "order": order,
                "options": [{"value": word, "label": self._label(by, rising=rising)} for word, by, rising in options],
            },
            "unread": unheeded({**dict.fromkeys(request.args), "order": self.words}),
            "unordered": order.removeprefix("-") in self.columns and bool(order) and not pages,
            "many": many,
            "page_count": pages,
            "page_number": min(max(page, 1), pages or 1),
            "page_url": lambda number: self.url({**conditions, "order": order, "page": number}),
        }

    def url(self, asked: Mapping[str, object]) -> str:
        """Return the address of the list with what is not empty of ``asked``."""
        return f"{self.path}?{query_of({name: value for name, value in asked.items() if value not in ('', None)})}"

    def _ways(self, by: str) -> tuple[str | None, str | None]:
        """Return the words with which a column rises and falls, None where it cannot."""
        if by:
            return by, f"-{by}"
        return ("", self.turned or None) if self.rising else (self.turned or None, "")

    def _labelled(self, by: str) -> list[tuple[str, bool]]:
        up, down = self._ways(by)
        both = [(up, True), (down, False)] if by or self.rising else [(down, False), (up, True)]
        return [(word, rising) for word, rising in both if word is not None]

    def _head(self, by: str, order: str, kept: Mapping[str, object]) -> dict[str, str]:
        """Return where the head of a column leads: to its order, turned round where it is in force; and how it sorts now."""
        up, down = self._ways(by)
        in_force = {up: "ascending", down: "descending"}.get(order, "none")
        other = {up: down, down: up}.get(order, by)
        leads = {**kept, "order": other or ""}
        return {"label": say(self.columns[by]), "href": self.url(leads), "sorted": in_force}

    def _label(self, by: str, *, rising: bool) -> str:
        name = say(self.columns[by])
        return t(f"{name}（升序）", f"{name} (ascending)") if rising else t(f"{name}（降序）", f"{name} (descending)")
