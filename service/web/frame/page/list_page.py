"""A list for its page: heads of columns, the choice above its cards, its pages; and the same list handed out as a table."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from service.casework.lists import ListSpec, Page, Table
from service.casework.queries.downloads.files import Download
from service.office.workbooks import XLSX, write_book, write_csv
from service.web.frame.page.files import hand_out
from service.web.frame.requests.current import say, t
from service.web.frame.requests.guarding import View, offer_file
from service.web.frame.requests.list_query import list_unheeded, query_of
from service.web.frame.requests.parse_values import count_or_none, dated_place

_AROUND = {"page": None, "done": None, "like": None}
"""What an address may say beside the conditions of its list: which page, and which task was done just now, at which step."""


def read_order() -> tuple[str, int]:
    """Return the order that the address asks for and which page of it, from 1; raises Invalid for a page that is none."""
    return request.args.get("order", "")[:20], count_or_none(request.args, "page") or 1


def show_list(spec: ListSpec[Any], filters: Mapping[str, object], page: Page[Any, Any]) -> dict[str, Any]:
    """Return what the parts of the page show of a list; ``filters`` are its conditions."""
    order, number = read_order()
    order = order if order in list_orders(spec) else ""
    conditions = {name: value for name, value in filters.items() if value not in ("", None)}
    options = [(word, by, rising) for by in spec.heads for word, rising in _list_order_words(spec, by)]
    query_values = {**conditions, "order": order}
    place = dated_place(page.after) if isinstance(page.after, tuple) else page.after
    return {
        "page": page,
        "heads": {by: _build_head(spec, by, order, conditions) for by in spec.heads},
        "sorting": {
            "action": spec.path,
            "kept": conditions,
            "order": order,
            "options": [
                {"value": word, "label": _format_label(spec, by, rising=rising)} for word, by, rising in options
            ],
        },
        "unread": list_unheeded(
            {**dict.fromkeys(spec.conditions or request.args), **_AROUND, spec.cursor: None, "order": list_orders(spec)}
        ),
        "unordered": spec.is_order(order) and not page.pages,
        "many": page.many,
        "page_count": page.pages,
        "page_number": min(max(number, 1), page.pages or 1),
        "page_url": lambda number: address_of(spec, {**query_values, "page": number}),
        "first_url": address_of(spec, query_values) if request.args.get(spec.cursor) else None,
        "next_url": address_of(spec, {**query_values, spec.cursor: place}) if page.after else None,
        "export_url": address_of(spec, {**conditions, "format": "xlsx"}),
    }


def address_of(spec: ListSpec[Any], conditions: Mapping[str, object]) -> str:
    """Return the address of the list with what is not empty of ``conditions``."""
    query = query_of({name: value for name, value in conditions.items() if value not in ("", None)})
    return f"{spec.path}?{query}" if query else spec.path


def list_orders(spec: ListSpec[Any]) -> list[str]:
    """Return every word of an order that the address of the list may say."""
    ways = [_get_order_words(spec, by) for by in spec.heads]
    return [word for place in (0, 1) for way in ways if (word := way[place])]


def offer_table(action: str, find: Callable[..., Table]) -> Callable[[View], View]:
    """Let the decorated page answer ``?format=xlsx`` or ``csv`` with the table that ``find`` returns, behind guard ``action``."""
    return offer_file(action, lambda form, **place: hand_out_tables(form, find(**place)), "xlsx", "csv")


def hand_out_tables(form: str, *tables: Table) -> Response:
    """Hand out a table as ``form``, or a workbook of several, which nobody keeps on the way."""
    first, as_csv = tables[0], form == "csv"
    content = write_csv(first.columns, first.rows) if as_csv else write_book(*tables)
    kind = "text/csv" if as_csv else XLSX
    return hand_out(Download(f"{first.title}.{form}", kind, len(content), io.BytesIO(content)))


def _get_order_words(spec: ListSpec[Any], by: str) -> tuple[str | None, str | None]:
    """Return the words with which a column rises and falls, None where it cannot."""
    if by:
        return by, f"-{by}"
    return ("", spec.turned or None) if spec.rising else (spec.turned or None, "")


def _list_order_words(spec: ListSpec[Any], by: str) -> list[tuple[str, bool]]:
    up, down = _get_order_words(spec, by)
    both = [(up, True), (down, False)] if by or spec.rising else [(down, False), (up, True)]
    return [(word, rising) for word, rising in both if word is not None]


def _build_head(spec: ListSpec[Any], by: str, order: str, query_values: Mapping[str, object]) -> dict[str, str]:
    """Return where the head of a column leads: to its order, turned round where it is in force; and how it sorts now."""
    up, down = _get_order_words(spec, by)
    in_force = {up: "ascending", down: "descending"}.get(order, "none")
    other = {up: down, down: up}.get(order, by)
    return {
        "label": say(spec.heads[by]),
        "href": address_of(spec, {**query_values, "order": other or ""}),
        "sorted": in_force,
    }


def _format_label(spec: ListSpec[Any], by: str, *, rising: bool) -> str:
    name = say(spec.heads[by])
    return t(f"{name}（升序）", f"{name} (ascending)") if rising else t(f"{name}（降序）", f"{name} (descending)")
