"""Rules of a ballot that a text often leaves open: how many there are, of whom votes are a share, whether it is secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.catalog.law.law import Clause, passages_of
from service.catalog.law_text.ballots_said import ballots_said
from service.catalog.law_text.majority_said import majority_said, without_panels
from service.catalog.law_text.numbers import numbers_in
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
    """Return the entries of ``VOTE_RULES`` that were answered: the law's word, cited alone, where a clause says the same."""
    about = [clause for clause in clauses if clause.id in cited]
    told = vote_said(passages_of(about))
    found = {}
    for question, ident in VOTE_RULES.items():
        answer = answers.get(question, "")
        if answer:
            stated = question in told and told[question].value == answer
            saying = [about[told[question].at].id] if stated else cited
            found[ident] = ballots_entry(rule_value(question, answer), saying, stated=stated)
    return found


def majority_of(cited: Sequence[str], clauses: Sequence[Clause]) -> dict[str, Any]:
    """Return the entries of threshold and attendance as the cited clauses state them, each the least that is allowed.

    Nothing for what none says, or several say otherwise.
    """
    said: dict[str, dict[str, str]] = {"vote_threshold": {}, "vote_quorum": {}}
    for clause in clauses:
        if clause.id in cited:
            found, _ = majority_said(numbers_in(without_panels(clause.text or clause.summary)))
            for ident, key in (("vote_threshold", "value"), ("vote_quorum", "second")):
                if key in found:
                    said[ident].setdefault(found[key], clause.id)
    alone = {ident: next(iter(values.items())) for ident, values in said.items() if len(values) == 1}
    return {
        ident: {
            **({"unit": "count"} if value.isdecimal() else {}),
            "clauses": flow_list([clause]),
            "source": "stated",
            "minimum": int(value) if value.isdecimal() else value,
            "value": int(value) if value.isdecimal() else value,
        }
        for ident, (value, clause) in alone.items()
    }
