"""A bar that is reckoned from days takes the place of the question by which applicants answered for the same clause."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from service.catalog.assistants.asked_condition import asked_by
from service.catalog.assistants.clause_reading import read_clause
from service.catalog.assistants.condition_rows import form_of_application
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.preset import squeezed
from service.catalog.new_city.condition_clauses import heads_of
from service.catalog.new_city.seasons_changed import in_seasons
from service.catalog.package import Package
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.json import as_json_file
from service.catalog.table_sheets.sheet import read_sheet
from service.catalog.table_sheets.write import write_sheet
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

_ITEM = re.compile(r"^[（(][一二三四五六七八九十0-9]+[）)]")
_NO_WORDS = re.compile("[，。；、：,;:（）()的]|组织|单位|企业|申报者?|不得")
_FEWEST = 4
"""So few further characters say nothing else that would still have to be asked."""


def without_question(drawn: Mapping[str, bytes], filled: Files, package: Package, clause: str) -> dict[str, bytes]:
    """Return ``drawn`` without the question that asked for what ``clause`` says, its row and its answers in the scenarios.

    As it is where nothing asks it, or the clause says more than the bar. Raises Invalid where a scenario has somebody
    refused by that question.
    """
    key, law = asked_by(package, clause), package.law
    chosen = law.clauses.get(clause)
    if not key or chosen is None or not _is_bar_alone(chosen.text or chosen.summary):
        return dict(drawn)
    table = next(t for t in package.tables.values() if t.is_eligibility and any(row.id == key for row in t.rows))
    row = next(row for row in table.rows if row.id == key)
    heads = {head.id for head in heads_of(law.clauses.values(), chosen)}
    if set(table.clauses(row)) - heads != {clause} or "param." in "".join(row.outputs):
        return dict(drawn)
    _demand_unproved(filled, package, key)
    form = form_of_application(package)
    files = {**filled, **drawn}
    sheet, asked = read_sheet(files[table.file], table.file), json.loads(files[form])
    rows = tuple(one for one in sheet.rows if one.id != key)
    asked["components"] = [one for one in asked["components"] if one.get("key") != key]
    return {
        **drawn,
        table.file: write_sheet(files[table.file], table.file, replace(sheet, rows=rows)),
        form: as_json_file(asked),
        **in_seasons(files, package, lambda text: _unanswered(text, key)),
    }


def _is_bar_alone(text: str) -> bool:
    """Tell whether a clause says nothing beside its bar: 近三年无重大事故，且信用良好 asks something more."""
    rest = _ITEM.sub("", squeezed(text))
    for said in sorted(read_clause(AssistKind.BAR, text).words.values(), key=len, reverse=True):
        rest = rest.replace(said, "")
    return len(_NO_WORDS.sub("", rest)) <= _FEWEST


def _demand_unproved(filled: Files, package: Package, key: str) -> None:
    for path, content in filled.items():
        if path.startswith(f"processes/{package.key}/scenarios/") and re.search(
            rf"\b{key}: ['\"]?no\b", content.decode()
        ):
            title = str((load_yaml(content.decode()) or {}).get("title", path))
            raise Invalid(
                Text(
                    f"情景“{title}”里有人因为这一条的“是否符合”答“否”：改用几年内不得申报以后没有这一问了。请先删除这个情景，再来。",
                    f"In scenario “{title}” somebody is refused by the question on this clause, which the bar takes the place of: "
                    "delete that scenario first.",
                )
            )


def _unanswered(text: str, key: str) -> str:
    """Return a scenario in which nobody answers the question ``key``."""
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    given = [
        step["with"]
        for step in (steps if isinstance(steps, list) else ())
        if isinstance(step, dict) and isinstance(step.get("with"), dict) and key in step["with"]
    ]
    for answers in given:
        del answers[key]
    return dump_yaml(document) if given else text
