"""Rules of a ballot that a text often leaves open: how many there are, of whom votes are a share, whether it is secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.catalog.law import Clause, passages_of
from service.catalog.law_text.ballots_said import ballots_said
from service.catalog.law_text.vote_said import vote_said
from service.catalog.new_city.rows import flow_list

MOST_BALLOTS = "vote_max_ballots"
"""The parameter that every ballot keeps to by its name."""


VOTE_RULES = {"base": "vote_threshold_base", "secret": "secret_ballot"}
"""The parameters that every ballot keeps to by their names, by what is asked."""


def rule_value(question: str, answer: str) -> Any:
    """Return the value of a parameter of ``VOTE_RULES`` as it was answered."""
    return answer == "true" if question == "secret" else answer


def ballots_entry(number: Any, cited: Sequence[str], *, stated: bool) -> dict[str, Any]:
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


def vote_rules_of(answers: Mapping[str, str], cited: Sequence[str], clauses: Sequence[Clause]) -> dict[str, Any]:
    """Return the entries of ``VOTE_RULES`` that were answered: the law's word where a clause cited says the same."""
    told = vote_said(passages_of([clause for clause in clauses if clause.id in cited]))
    return {
        ident: ballots_entry(
            rule_value(question, answer), cited, stated=question in told and told[question].value == answer
        )
        for question, ident in VOTE_RULES.items()
        if (answer := answers.get(question, ""))
    }
