"""What somebody typed of a new city so far: kept for them alone, page by page, until the draft is made or they begin anew."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from service.casework.people.accounts.kept_views import keep_setting, setting_of
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.frame.requests.current import the_actor, the_desk

STEPS = ("begin", "law", "steps")
"""The pages in their order: names and text, the passages to be confirmed, what each step rests on."""
_KEY = "studio.new_city"
_CSRF = "csrf_token"
_MOST_BYTES = 4_000_000


class BegunCity:
    """The pages that were filled in, by their name in `STEPS`: every field with its value, in the order sent."""

    def __init__(self) -> None:
        self._pages: dict[str, list[list[str]]] = setting_of(the_desk(), the_actor(), _KEY) or {}

    @property
    def step(self) -> int:
        """Return the number of the page that was reached, from 1; 0 where nothing was begun."""
        return max((number for number, page in enumerate(STEPS, 1) if page in self._pages), default=0)

    @property
    def name(self) -> str:
        """Return how the place is called, "" while nobody said it."""
        return next((value for pages in self._pages.values() for key, value in pages if key == "name" and value), "")

    def __contains__(self, page: str) -> bool:
        return page in self._pages

    def read_again(self, page: str) -> None:
        """Let the request read ``page`` as it was filled in."""
        if not request.form:
            request.form = ImmutableMultiDict([(key, value) for key, value in self._pages[page]])


def keep_page(page: str, text: str | None = None) -> None:
    """Keep the fields of this request as those of ``page``, and of the pages before it alone; raises Invalid when too long.

    ``text`` is what was read from the file that came along: it stands in the place of what was pasted.
    """
    fields = [[key, value] for key, value in request.form.items(multi=True) if key != _CSRF]
    if text is not None:
        fields = [[key, value] for key, value in fields if key != "text"] + [["text", text]]
    if len(orjson.dumps(fields)) > _MOST_BYTES:
        raise Invalid(
            Text("正文过长，请分几次登记条款。", "The text is too long: register its clauses in several turns.")
        )
    _change(STEPS[: STEPS.index(page)], {page: fields})


def forget_city() -> None:
    """Drop what was begun: its draft is made, or somebody begins anew."""
    _change((), {})


def _change(kept: Collection[str], new: dict[str, Any]) -> None:
    def changed(before: Any) -> dict[str, Any]:
        known = before or {}
        return {page: known[page] for page in kept if page in known} | new

    keep_setting(the_desk(), the_actor(), _KEY, changed)
