"""Conditions of a new place that no date decides: each clause is a row of its own, of which the applicant says whether it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.law_text.paragraphs import items_within
from service.catalog.law_text.preset import squeezed
from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.rows import flow_row
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.in_rows import put_in_rows
from service.catalog.source.json import as_json_file
from service.catalog.table_sheets.sheet import TableSheetRow, read_sheet
from service.catalog.table_sheets.write import write_sheet

_HEAD = re.compile("[:：]$")
_BARS = re.compile("(?:不得|不能|不予|不可以?)[^。；]{0,4}(?:申报|参加|参评|受理|评选|推荐)")
_ITEM = re.compile(r"^[（(][一二三四五六七八九十]+[）)]\s*")
_SEASONS_KEPT = 256
"""Texts of scenarios of which the one with an answer more is kept: those of two or three places."""
_LONGEST = 40
"""So much of its words names a row; the field and the finding have all of them."""


@dataclass(frozen=True, slots=True)
class AttestedCondition:
    """A clause that demands something of applicants: its ``words``; ``bars``: it says what must not be.

    ``cited`` are the clauses of its row: the one that introduces its list, and its own.
    """

    key: str
    words: str
    cited: tuple[str, ...]
    bars: bool

    @property
    def asked(self) -> str:
        """The question to an applicant."""
        return f"是否没有下列情形：{self.words}" if self.bars else f"是否符合：{self.words}"


def founded_clauses(outline: CityOutline) -> tuple[str, ...]:
    """Return what the row on the years since foundation cites: the clause that says them, with what introduces its list.

    Where none says them it cites all that were chosen, and the place sees to them.
    """
    said = outline.stated.get("founded_years")
    if said is None:
        return tuple(outline.cited.get("conditions", ()))
    known = [clause for clause in _cited(outline) if clause.id == said.clause]
    return tuple(ident for clause in known for ident in (*_heads_of(outline, clause), clause.id))


def attested_conditions(outline: CityOutline) -> tuple[AttestedCondition, ...]:
    """Return the conditions cited that say something else than the years since foundation, in the order of the regulation."""
    years = founded_clauses(outline)
    listed = {head for clause in _cited(outline) for head in _heads_of(outline, clause)}
    own = [clause for clause in _cited(outline) if clause.id not in years and clause.id not in listed]
    asked = [(clause, words) for clause in own for words in conditions_in(clause)]
    return tuple(_condition(outline, clause, words, number) for number, (clause, words) in enumerate(asked, 1))


def with_conditions(filled: Mapping[str, bytes], outline: CityOutline, award: str) -> dict[str, bytes]:
    """Return the table, the form and the scenarios of a new place with its ``attested_conditions``; nothing where there are none."""
    conditions = attested_conditions(outline)
    if not conditions:
        return {}
    table, form = f"{award}/eligibility.dmn", f"{award}/forms/apply.json"
    season = f"{award}/scenarios/first_season.yaml"
    sheet = read_sheet(filled[table], table)
    columns = [column.name for column in sheet.outputs]
    rows = tuple(_in_sheet(*attested_row(one), columns, len(sheet.inputs)) for one in conditions)
    asked = json.loads(filled[form])
    asked["components"] += [attested_field(one) for one in conditions]
    return {
        table: write_sheet(filled[table], table, replace(sheet, rows=(*sheet.rows, *rows))),
        form: as_json_file(asked),
        season: answered(filled[season].decode(), [one.key for one in conditions]).encode(),
    }


def _cited(outline: CityOutline) -> Iterator[Clause]:
    cited = outline.cited.get("conditions", ())
    return (clause for clause in outline.clauses if clause.id in cited)


def condition_words(clause: Clause) -> str:
    """Return what a clause asks of an applicant, without its number and its last mark."""
    return _ITEM.sub("", squeezed(clause.text or clause.summary)).rstrip("；;。")


def conditions_in(clause: Clause) -> tuple[str, ...]:
    """Return what a clause asks of an applicant: each item of a list that stands in its one passage, else the whole."""
    return tuple(words for _, words in items_of(clause)) or (condition_words(clause),)


def items_of(clause: Clause) -> tuple[tuple[str, str], ...]:
    """Return the items of the list that stands in the one passage of a clause, as (第（一）项, words)."""
    return items_within(squeezed(clause.text or clause.summary))


def row_name(words: str) -> str:
    """Return what the row of a condition is called."""
    return words[:_LONGEST]


def heads_of(clauses: Iterable[Clause], clause: Clause) -> tuple[Clause, ...]:
    """Return those of ``clauses`` that introduce the list in which ``clause`` stands."""
    return tuple(
        other
        for other in clauses
        if other.id != clause.id
        and clause.article.startswith(other.article)
        and clause.article != other.article
        and introduces(other)
    )


def introduces(clause: Clause) -> bool:
    """Tell whether a clause only introduces the list below it."""
    return _HEAD.search(squeezed(clause.text or clause.summary)) is not None


def says_bars(clauses: Iterable[Clause]) -> bool:
    """Tell whether one of ``clauses`` says what must not be."""
    return any(_BARS.search(squeezed(one.text or one.summary)) for one in clauses)


def _heads_of(outline: CityOutline, clause: Clause) -> tuple[str, ...]:
    return tuple(head.id for head in heads_of(_cited(outline), clause))


def _condition(outline: CityOutline, clause: Clause, words: str, number: int) -> AttestedCondition:
    heads = [c for c in outline.clauses if clause.article.startswith(c.article) and _HEAD.search(condition_words(c))]
    cited = (*_heads_of(outline, clause), clause.id)
    return AttestedCondition(f"condition_{number}", words, cited, says_bars((*heads, clause)))


def attested_row(condition: AttestedCondition, form: str = "apply") -> tuple[TableSheetRow, dict[str, str]]:
    """Return the row of a condition, without its cells, and the results by column; ``form`` asks the applicant."""
    said = condition.words.replace("\\", "").replace('"', "”")
    answer = f"{form}.{condition.key}"
    holds, fails = (
        ("没有所列情形", "有所列情形，不得申报") if condition.bars else ("申报组织声明符合", "申报组织声明不符合")
    )
    cells = {
        "met": f'if {answer} = "yes" then true else if {answer} = "no" then false else null',
        "condition": f'"{said}"',
        "finding": f'"{holds}：{said}"',
        "failure": f'"{fails}：{said}"',
        "clauses": f'"{" ".join(condition.cited)}"',
        "decided_by": '"attested"',
        "supplied_by": '"applicant"',
        "evidence": f"[{answer}]",
    }
    return TableSheetRow(condition.key, "", row_name(condition.words), (), ()), cells


def _in_sheet(row: TableSheetRow, cells: Mapping[str, str], columns: list[str], inputs: int) -> TableSheetRow:
    return replace(row, inputs=("-",) * inputs, outputs=tuple(cells.get(column, "null") for column in columns))


def attested_field(condition: AttestedCondition) -> dict[str, Any]:
    """Return the field of a form in which the applicant says whether a condition holds."""
    return {
        "type": "radio",
        "id": f"field_{condition.key}",
        "key": condition.key,
        "label": condition.asked,
        "values": [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}],
        "validate": {"required": True},
        "properties": {
            "clauses": " ".join(condition.cited),
            "label_en": f"Condition {condition.key.rpartition('_')[2]}",
        },
    }


def answered(text: str, keys: Iterable[str], answer: str = "yes", nick: str = "") -> str:
    """Return a scenario in which every applicant, or ``nick`` alone, gives that ``answer`` to the questions ``keys``."""
    return _answered(text, tuple(keys), answer, nick)


@lru_cache(maxsize=_SEASONS_KEPT)
def _answered(text: str, keys: tuple[str, ...], answer: str, nick: str) -> str:
    """Return it once for each text: what is previewed is written next, and a place has some eighty seasons.

    Where every applicant's answers stand on a line of their own the rest is not read: eighty documents take seconds.
    """
    put = put_in_rows(
        text,
        "steps",
        lambda step: step.get("start") == "application" and nick in ("", step.get("name")),
        "with",
        dict.fromkeys(keys, answer),
    )
    if put is not None:
        return put
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict) and step.get("start") == "application" and nick in ("", step.get("name")):
            step["with"] = flow_row({**(step.get("with") or {}), **dict.fromkeys(keys, answer)})
    return dump_yaml(document)
