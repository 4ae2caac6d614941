"""Everything that is wrong with what was typed of a new city, field by field: all of it is told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.law_text.preset import ReadText
from service.catalog.new_city.outline_faults import CityFault, faults_of
from service.catalog.new_city.steps import CityStep
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.frame.requests.current import say, t
from service.web.studio.new_city.city_numbers import (
    NUMBERS,
    PHASE_KEYS,
    number_of,
    numbers_asked,
    phases_typed,
    vote_asked,
)
from service.web.studio.new_city.city_recommenders import recommenders_typed
from service.web.studio.new_city.city_typed import day_of, outline_of, tiers_of

_FIRST_PAGE = "/studio/new"
_STANDS_IN = {"since": "2200-12-31", "tiers": "— 1", "recommenders": "—"}
"""What takes the place of something that cannot be read, so that the rest is looked at too; a number is left out."""


def city_faults(
    typed: Mapping[str, str], clauses: tuple[Clause, ...], cited: dict[str, tuple[str, ...]]
) -> list[CityFault]:
    """Return what is wrong: what cannot be read, then what is missing or not allowed."""
    unread = list(_unread(typed))
    fields = {fault.field for fault in unread}
    whole = {**typed, **{field: _STANDS_IN.get(field, "") for field in fields}}
    return unread + [fault for fault in faults_of(outline_of(whole, clauses, cited)) if fault.field not in fields]


def chosen_faults(sent: Mapping[str, str], typed: Mapping[str, str], read: ReadText) -> Iterator[CityFault]:
    """Yield, with the sentences, what was shown to be chosen and is empty; ``sent`` is what the page had."""
    asked = numbers_asked([step for step in CityStep if step.value in typed["steps"].split()], read)
    for one in (*asked, *vote_asked(read)):
        if one.required and one.key in sent and not typed[one.key]:
            said = Text(f"请选择“{one.title.zh}”。{one.hint.zh}。", f"Choose “{one.title.en}”. {one.hint.en}.")
            yield CityFault(one.key, said)


def shown_faults(faults: Sequence[CityFault], here: Collection[str]) -> dict[str, Any]:
    """Return for a page with the fields ``here`` the list at its top, and what stands beside each field."""
    listed = [
        {"id": fault.field, "message": say(fault.message)}
        if fault.field in here
        else {"id": fault.field, "href": _FIRST_PAGE, "message": say(fault.message) + t("（第一步）", " (first step)")}
        for fault in faults
    ]
    beside: dict[str, str] = {}
    for fault in faults:
        beside[fault.field] = "".join(filter(None, (beside.get(fault.field), say(fault.message))))
    return {"faults": listed, "wrong": beside}


def _unread(typed: Mapping[str, str]) -> Iterator[CityFault]:
    """Yield what cannot be read at all, in the order of the page."""
    readers: dict[str, Callable[[], object]] = {"tiers": lambda: list(tiers_of(typed["tiers"]))}
    for key in NUMBERS:
        if key in PHASE_KEYS:
            alone = {**dict.fromkeys(PHASE_KEYS, ""), key: typed[key]}
            readers[key] = partial(phases_typed, alone)
        elif typed[key]:
            readers[key] = partial(number_of, key, typed[key])
    readers["recommenders"] = lambda: list(recommenders_typed(typed["recommenders"]))
    readers["since"] = lambda: day_of(typed["since"])
    for field, reader in readers.items():
        try:
            reader()
        except Invalid as error:
            yield CityFault(field, error.message)
