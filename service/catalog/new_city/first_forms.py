"""The first forms of a place: which pattern each is made of, and what the place puts into its slots."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.law_text.paragraphs import items_within, strip_blanks
from service.catalog.new_city.outline import CityOutline, Recommender
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import CALL_BY
from service.catalog.source.json import as_json_file
from service.catalog.table_sheets.sheet import TableSheetRow, read_sheet
from service.catalog.table_sheets.write import write_sheet

WINDOW = {"calendar_days": "application_window_calendar_days", "working_days": "application_window_working_days"}
"""The parameters of the days that a round takes applications at least, by their unit."""
_STEP_OF_FORM = {"open_round": "apply", "apply": "apply", "decide": "acceptance", "recommend": "recommendation"}


def forms_of(outline: CityOutline) -> tuple[str, ...]:
    """Return the first forms of a place."""
    return tuple(n for n in _STEP_OF_FORM if n != "recommend" or CityStep.RECOMMENDATION in outline.steps)


def form_of(outline: CityOutline, name: str) -> dict[str, Any]:
    """Return what form ``name`` says of its pattern."""
    cited = " ".join(outline.cited.get(_STEP_OF_FORM[name], ()))
    pattern_use: dict[str, Any] = {"from_pattern": f"start_{name}", "form": cited or None}
    if name == "apply":
        recommenders = outline.recommenders if CityStep.RECOMMENDATION in outline.steps else ()
        return pattern_use | {"category": _category_field(outline), "recommender": _recommender_field(recommenders)}
    return pattern_use | _call_rules(outline) if name == "open_round" else pattern_use


def _category_field(outline: CityOutline) -> dict[str, Any] | None:
    """Return the field in which one says which of the categories one applies for, none where tiers are ranks."""
    if CityStep.CATEGORIES not in outline.steps:
        return None
    return {
        "type": "radio",
        "id": "field_category",
        "key": "category",
        "label": "申报的奖项",
        "values": [{"label": tier.name, "value": tier.id} for tier in outline.tiers],
        "validate": {"required": True},
        "properties": {"label_en": "Category"},
    }


def _recommender_field(recommenders: tuple[Recommender, ...]) -> dict[str, Any] | None:
    """Return the field in which an applicant says who recommends it, none where there is one authority alone."""
    if len(recommenders) < 2:
        return None
    return {
        "type": "radio",
        "id": "field_recommender",
        "key": "recommender",
        "label": "推荐单位",
        "values": [
            {
                "label": f"{recommender.name}（{recommender.whose}）" if recommender.whose else recommender.name,
                "value": recommender.id,
            }
            for recommender in recommenders
        ],
        "validate": {"required": True},
        "properties": {"label_en": "Recommending unit"},
    }


def _call_rules(outline: CityOutline) -> dict[str, Any]:
    """Return what refuses to open a round: too short a time to apply, and a call behind its latest day without a reason."""
    reads = "param" if outline.window_days or outline.call_by else None
    if outline.window_days and outline.working_window:
        reads = "param coming_working_days"
    return {"window_reads": reads, **_window_rule(outline), **_latest_rule(outline)}


def _window_rule(outline: CityOutline) -> dict[str, Any]:
    """Return the rule that keeps a round open as long as the text asks for, counted from the day of the call."""
    if not outline.window_days:
        return dict.fromkeys(("window_rule", "window_said", "window_said_en"))
    days = f"param.{WINDOW[outline.unit_of('window_days').value]}"
    rule = f'deadline >= today() + duration("P" + string({days}) + "D")'
    if outline.working_window:
        rule = f"count(coming_working_days[item > today() and item <= deadline]) >= {days}"
    return {
        "window_rule": rule,
        "window_said": f"申报时间短于规定的天数{_format_articles(outline)}，请把截止日期延后。",
        "window_said_en": "The time to apply is shorter than the regulation asks for: choose a later deadline.",
    }


def _latest_rule(outline: CityOutline) -> dict[str, Any]:
    """Return the rule that asks why a call comes behind its latest day: it is late, and still has to be made."""
    if not outline.call_by:
        return dict.fromkeys(("call_rule", "call_said", "call_said_en", "late_reason"))
    return {
        "call_rule": f'today() <= date(string(deadline.year) + "-" + param.{CALL_BY}) or late_reason != null',
        "call_said": f"发布申报公告已经晚于规定的最迟日期{_format_articles(outline)}：仍要启动的，请写明逾期的原因。",
        "call_said_en": "The call comes behind its latest day: say why it is late if the round is to be opened.",
        "late_reason": {
            "type": "textarea",
            "id": "field_late_reason",
            "key": "late_reason",
            "label": "逾期发布申报公告的原因",
            "description": "晚于规定的最迟日期时填写",
            "properties": {"label_en": "Why the call is late"},
        },
    }


def _format_articles(outline: CityOutline) -> str:
    articles = "、".join(dict.fromkeys(clause.article for clause in outline.clauses_of("apply")))
    return f"（{articles}）" if articles else ""


_HEAD = re.compile("[:：]$")
_BARS = re.compile("(?:不得|不能|不予|不可以?)[^。；]{0,4}(?:申报|参加|参评|受理|评选|推荐)")
_ITEM = re.compile(r"^[（(][一二三四五六七八九十]+[）)]\s*")
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
    """Return what the row on the years since foundation cites: the first that introduces no list."""
    cited = outline.clauses_of("conditions")
    first_clause = next((clause for clause in cited if not introduces(clause)), None)
    return (*_heads_of(outline, first_clause), first_clause.id) if first_clause is not None else ()


def attested_conditions(outline: CityOutline) -> tuple[AttestedCondition, ...]:
    """Return the conditions cited that say something else than the years since foundation, in the order of the regulation."""
    years = founded_clauses(outline)
    listed = {head for clause in outline.clauses_of("conditions") for head in _heads_of(outline, clause)}
    condition_clauses = [
        clause for clause in outline.clauses_of("conditions") if clause.id not in years and clause.id not in listed
    ]
    conditions = [(clause, words) for clause in condition_clauses for words in _conditions_in(clause)]
    return tuple(_condition(outline, clause, words, number) for number, (clause, words) in enumerate(conditions, 1))


def with_conditions(filled: Mapping[str, bytes], outline: CityOutline, award: str) -> dict[str, bytes]:
    """Return the table and the form of a new place with its ``attested_conditions``; nothing where there are none."""
    conditions = attested_conditions(outline)
    if not conditions:
        return {}
    table, form = f"{award}/eligibility.dmn", f"{award}/forms/apply.json"
    sheet = read_sheet(filled[table], table)
    columns = [column.name for column in sheet.outputs]
    rows = tuple(_in_sheet(*_attested_row(condition), columns, len(sheet.inputs)) for condition in conditions)
    form_schema = json.loads(filled[form])
    form_schema["components"] += [_attested_field(condition) for condition in conditions]
    return {
        table: write_sheet(filled[table], table, replace(sheet, rows=(*sheet.rows, *rows))),
        form: as_json_file(form_schema),
    }


def _words_of(clause: Clause) -> str:
    """Return what a clause asks of an applicant, without its number and its last mark."""
    return _ITEM.sub("", strip_blanks(clause.text or clause.summary)).rstrip("；;。")


def _conditions_in(clause: Clause) -> tuple[str, ...]:
    """Return what a clause asks of an applicant: each item of a list that stands in its one passage, else the whole."""
    items = items_within(strip_blanks(clause.text or clause.summary))
    return tuple(words for _, words in items) or (_words_of(clause),)


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
    return _HEAD.search(strip_blanks(clause.text or clause.summary)) is not None


def _says_bars(clauses: Iterable[Clause]) -> bool:
    """Tell whether one of ``clauses`` says what must not be."""
    return any(_BARS.search(strip_blanks(clause.text or clause.summary)) for clause in clauses)


def _heads_of(outline: CityOutline, clause: Clause) -> tuple[str, ...]:
    return tuple(head.id for head in heads_of(outline.clauses_of("conditions"), clause))


def _condition(outline: CityOutline, clause: Clause, words: str, number: int) -> AttestedCondition:
    heads = [c for c in outline.clauses if clause.article.startswith(c.article) and _HEAD.search(_words_of(c))]
    cited = (*_heads_of(outline, clause), clause.id)
    return AttestedCondition(f"condition_{number}", words, cited, _says_bars((*heads, clause)))


def _attested_row(condition: AttestedCondition) -> tuple[TableSheetRow, dict[str, str]]:
    """Return the row of a condition, without its cells, and the results by column."""
    condition_text = condition.words.replace("\\", "").replace('"', "”")
    answer = f"apply.{condition.key}"
    holds, fails = (
        ("没有所列情形", "有所列情形，不得申报") if condition.bars else ("申报组织声明符合", "申报组织声明不符合")
    )
    cells = {
        "met": f'if {answer} = "yes" then true else if {answer} = "no" then false else null',
        "condition": f'"{condition_text}"',
        "finding": f'"{holds}：{condition_text}"',
        "failure": f'"{fails}：{condition_text}"',
        "clauses": f'"{" ".join(condition.cited)}"',
        "decided_by": '"attested"',
        "supplied_by": '"applicant"',
        "evidence": f"[{answer}]",
    }
    return TableSheetRow(condition.key, "", condition.words[:_LONGEST], (), ()), cells


def _in_sheet(row: TableSheetRow, cells: Mapping[str, str], columns: list[str], inputs: int) -> TableSheetRow:
    return replace(row, inputs=("-",) * inputs, outputs=tuple(cells.get(column, "null") for column in columns))


def _attested_field(condition: AttestedCondition) -> dict[str, Any]:
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
