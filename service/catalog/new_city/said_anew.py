"""A parameter that a place has already and that an assistant is answered for anew."""

from __future__ import annotations

from typing import Any

from service.catalog.new_city.site import ASKED, NewParameter
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import change_parameter, set_value
from service.catalog.source.freeze import thaw


def said_anew(text: str, package: Package, ident: str, said: NewParameter, clause: str) -> str:
    """Return parameters.yaml where a parameter that is there has the value that was answered, and cites the clause.

    A value that was no choice so far becomes one. What the clause does not say is the place's own where it is another value
    than before; where it is the same its basis stays.
    """
    old = package.award.parameters.get(ident)
    same = old is not None and said.value == thaw(old.values[-1].value)
    if old is None or (same and not said.said):
        return text
    cited = list(dict.fromkeys([*old.clauses, clause]))
    basis = {"source": "stated", "question": None} if said.said else {"source": "default", "question": ASKED}
    fields: dict[str, Any] = {"clauses": cited, **basis}
    if said.value not in old.choices:
        fields |= {"choices": list(said.choices)} if old.choices else {}
    text = change_parameter(text, ident, fields)
    return text if same else set_value(text, ident, said.value)
