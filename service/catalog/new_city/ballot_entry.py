"""How many ballots there are where somebody did not get the votes: what a text that knows only 空缺 leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.catalog.law import Clause
from service.catalog.law_text.ballots_said import ballots_said
from service.catalog.new_city.rows import flow_list

MOST_BALLOTS = "vote_max_ballots"
"""The parameter that every ballot keeps to by its name."""


def ballots_entry(number: int, cited: Sequence[str], *, stated: bool) -> dict[str, Any]:
    """Return the entry of the parameter: the law's word where a clause says it, else a proposal of the place.

    Name, unit and the question are those that all places share.
    """
    basis = {"source": "stated"} if stated else {"source": "default"}
    return {"clauses": flow_list(cited), **basis, "value": number}


def ballots_of(number: int, cited: Sequence[str], clauses: Sequence[Clause]) -> dict[str, Any]:
    """Return the entry by its id as a place begins with it; nothing for 0, where nobody was asked."""
    told = [ballots_said(clause.text or clause.summary) for clause in clauses if clause.id in cited]
    stated = any(found is not None and found[0] == str(number) for found in told)
    return {MOST_BALLOTS: ballots_entry(number, cited, stated=stated)} if number else {}
