"""A condition that no date decides, in a place that is there: a question to applicants, a row, an answer in every season."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from service.catalog.assistants.bar_plays import applicant_of
from service.catalog.assistants.condition_rows import form_of_application, name_of_application, with_condition_row
from service.catalog.law.law import Clause
from service.catalog.law_text.expert_limits import expert_limits
from service.catalog.new_city.condition_clauses import (
    AttestedCondition,
    answered,
    attested_field,
    attested_row,
    condition_words,
    heads_of,
    introduces,
    says_bars,
)
from service.catalog.new_city.seasons_changed import in_seasons
from service.catalog.package import Package
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.json import as_json_file
from service.catalog.tree import Files


def condition_of(package: Package, clause: str, words: str = "", *, bars: bool | None = None) -> AttestedCondition:
    """Return the condition that ``clause`` states, in its own words and sense where none are given."""
    chosen = package.law.clause(clause)
    heads = heads_of(package.law.clauses.values(), chosen)
    sense = says_bars((*heads, chosen)) if bars is None else bars
    cited = (*(head.id for head in heads), clause)
    return AttestedCondition(_free_key(package), words.strip() or condition_words(chosen), cited, sense)


def introduced_by(package: Package, clause: str) -> tuple[Clause, ...]:
    """Return the items of the list that ``clause`` introduces; none where it says something of its own."""
    chosen = package.law.clause(clause)
    if not introduces(chosen):
        return ()
    return tuple(one for one in package.law.clauses.values() if chosen in heads_of((chosen,), one))


def text_with_head(package: Package, clause: str) -> str:
    """Return the text of ``clause``, behind what introduces its list where that speaks of who reviews: 有下列关系之一的，应当回避."""
    chosen = package.law.clause(clause)
    heads = "".join(one.text or one.summary for one in heads_of(package.law.clauses.values(), chosen))
    own = chosen.text or chosen.summary
    return heads + own if any(limit == "interest" for limit, _, _ in expert_limits(heads)) else own


def listed_text(package: Package, clause: str) -> str:
    """Return the text of the items of the list that ``clause`` introduces, one after another; "" where it introduces none."""
    return "".join(one.text or one.summary for one in introduced_by(package, clause))


def rows_of_condition(package: Package, clause: str) -> Iterator[tuple[str, str]]:
    """Yield the rows of the conditions that cite ``clause``, as the table's file and what the row is called."""
    for table in package.tables.values():
        if table.is_eligibility:
            yield from ((table.file, row.description or row.id) for row in table.rows if clause in table.clauses(row))


def asked_by(package: Package, clause: str) -> str:
    """Return the key of the question whose answer decides the row that cites ``clause``, "" where none does."""
    form = package.parts.forms.get(name_of_application(package))
    if not form:
        return ""
    asked = {one.get("key") for one in json.loads(package.files[form])["components"]}
    rows = ((t, row) for t in package.tables.values() if t.is_eligibility for row in t.rows)
    return next((row.id for table, row in rows if row.id in asked and clause in table.clauses(row)), "")


def draw_condition(
    filled: Files, package: Package, condition: AttestedCondition, each: Callable[[], None] = lambda: None
) -> dict[str, bytes]:
    """Return the table, the form and the scenarios with ``condition``; raises Invalid where nobody examines or applies.

    ``each`` is called before each scenario and may end the work by an exception.
    """
    form = form_of_application(package)
    row, cells = attested_row(condition, name_of_application(package))
    asked = json.loads(filled[form])
    asked["components"] = [*asked["components"], attested_field(condition)]
    drawn = with_condition_row(filled, package, row, cells) | {form: as_json_file(asked)}

    def with_answer(text: str) -> str:
        each()
        return answered(text, [condition.key])

    return drawn | in_seasons(filled, package, with_answer)


def refused_season(text: str, key: str, title: str) -> str | None:
    """Return the scenario ``text`` as one in which who applies first says that ``key`` does not hold; None where nobody applies."""
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    nick = applicant_of(steps) if isinstance(steps, list) else None
    if nick is None:
        return None
    document["title"], document["expect"] = title, []
    document.pop("clauses", None)
    return answered(dump_yaml(document), [key], "no", nick)


def _free_key(package: Package) -> str:
    taken = {row.id for table in package.tables.values() for row in table.rows}
    form = package.parts.forms.get(name_of_application(package))
    taken |= {one.get("key") for one in json.loads(package.files[form])["components"]} if form else set()
    return next(key for key in (f"condition_{number}" for number in range(1, len(taken) + 2)) if key not in taken)
