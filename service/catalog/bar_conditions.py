"""From what the years of a bar count: an award, its revocation, or something that happened before the application.

Each is a row of the table of conditions; what happened before is told by the applicant, in a field of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from service.catalog.clause_question import AnswerKind, ClauseQuestion
from service.catalog.source.json import as_json_file
from service.catalog.table_sheets.sheet import TableSheetRow
from service.domain.errors import Invalid
from service.domain.text import Text

BAR_QUESTIONS = (
    ClauseQuestion(
        "since",
        Text("这几年从什么时候算", "From what the years count"),
        AnswerKind.CHOICE,
        "award",
        (
            ("award", Text("从获奖往后：获奖后几年内不得再申报", "from an award: who won may not apply for years")),
            ("revocation", Text("从撤销奖励往后：撤销后几年内不得申报", "from the revocation of an award")),
            (
                "event",
                Text(
                    "从申报往前：申报前几年内没有发生某件事（事故、处罚、失信等）",
                    "back from the application: something did not happen in those years (accident, penalty)",
                ),
            ),
        ),
    ),
    ClauseQuestion(
        "what",
        Text("没有发生的是什么", "What did not happen"),
        AnswerKind.WORDS,
        hint=Text(
            "从申报往前算时填写，例如“发生重大质量安全事故”；申报表中会加一栏，由申报组织填写最近一次的日期",
            "Where it counts back: such as a serious accident; the application gets a field for its last day",
        ),
        optional=True,
    ),
)


def since_of(answers: Mapping[str, Any]) -> str:
    """Return from what the years count; from an award where nobody asked."""
    return str(answers.get("since") or "award")


def bar_name(answers: Mapping[str, Any]) -> str:
    """Return what the years of a bar are called where nobody named them."""
    if since_of(answers) == "event":
        return f"近几年内未{str(answers.get('what') or '').strip()[:30]}的年数"
    return "撤销奖励后不得申报的年限" if since_of(answers) == "revocation" else "获奖后不得申报的年限"


def field_of(parameter: str) -> str:
    """Return the key of the field in which an applicant says when it last happened."""
    return f"last_{parameter}"


def bar_row(
    place: str, parameter: str, clause: str, answers: Mapping[str, Any]
) -> tuple[TableSheetRow, dict[str, str]]:
    """Return the row that a bar adds to the conditions of ``place``, without its cells, and the results by column.

    Raises Invalid where nobody said what did not happen.
    """
    since, years = since_of(answers), f"param.{parameter}"
    what = str(answers.get("what") or "").strip().replace("\\", "").replace('"', "”")
    if since == "event" and not what:
        raise Invalid(
            Text(
                "请填写“没有发生的是什么”，例如“发生重大质量安全事故”。",
                "Say what did not happen, such as a serious accident.",
            )
        )
    name, ident = _SAID[since]
    if since == "event":
        found = _before(f"apply.{field_of(parameter)}")
    elif since == "revocation":
        found = _after(place, "item.revoked_on != null", "revoked_on", "被撤销奖励")
    else:
        found = _after(place, "item.revoked_on = null", "decided_on", "获奖")
    told = {key: text.replace("WHAT", what) for key, text in found.items()}
    row = TableSheetRow(f"{ident}_{parameter}", "", name.replace("WHAT", what), (), ())
    common = {"clauses": f'"{clause}"', "decided_by": '"machine"'}
    return row, common | {key: text.replace("YEARS", f"string({years})") for key, text in told.items()}


def _after(place: str, which: str, day: str, what: str) -> dict[str, str]:
    awards = f'register.awards[item.jurisdiction = "{place}" and {which}]'
    return {
        "met": f'every a in {awards} satisfies date(a.{day}) + duration("P" + YEARS + "Y") <= today()',
        "condition": f'YEARS + "年内未{what}"',
        "finding": f'YEARS + "年内没有{what}"',
        "failure": f'"{what}未满" + YEARS + "年，不得申报"',
        "supplied_by": '"office"',
        "evidence": "[register.awards]",
    }


def _before(day: str) -> dict[str, str]:
    return {
        "met": f'{day} = null or date({day}) + duration("P" + YEARS + "Y") <= today()',
        "condition": '"近" + YEARS + "年内未WHAT"',
        "finding": '"近" + YEARS + "年内没有WHAT"',
        "failure": '"近" + YEARS + "年内WHAT，不得申报"',
        "supplied_by": '"applicant"',
        "evidence": f"[{day}]",
    }


_SAID = {
    "award": ("获奖后几年内不得申报", "not_awarded_for"),
    "revocation": ("撤销奖励后几年内不得申报", "not_revoked_for"),
    "event": ("近几年内未WHAT", "no_event_for"),
}


def with_field(form: bytes, parameter: str, what: str) -> bytes:
    """Return a form (JSON) that also asks for the last day on which ``what`` happened; as it is where it asks already."""
    said = json.loads(form)
    key = field_of(parameter)
    if any(one.get("key") == key for one in said["components"]):
        return form
    said["components"].append(
        {
            "type": "datetime",
            "id": f"field_{key}",
            "key": key,
            "subtype": "date",
            "dateLabel": f"最近一次{what}的日期（没有的空着）",
            "properties": {"label_en": "Last day on which it happened (empty: never)"},
        }
    )
    return as_json_file(said)
