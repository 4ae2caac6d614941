"""From what a bar counts (years, months, or rounds of the award): an award, its revocation, or something that happened.

Each is a row of the table of conditions; what happened before is told by the applicant, in a field of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog.clause_kinds.barred_winners import Barred
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.parameters.parameters import Unit
from service.catalog.source.json import as_json_file
from service.catalog.table_sheets.sheet import TableSheetRow
from service.domain.errors import Invalid
from service.domain.text import Text

BAR_QUESTIONS = (
    ClauseQuestion(
        "since",
        Text("这几年（月、届）从什么时候算", "From what the years, months or rounds count"),
        AnswerKind.CHOICE,
        "",
        (
            (
                "award",
                Text(
                    "从获得本地这个奖往后：获奖后不得再申报", "from the award given here: who won may not apply again"
                ),
            ),
            ("revocation", Text("从撤销奖励往后：撤销后不得申报", "from the revocation of an award")),
            (
                "event",
                Text(
                    "从申报往前：申报前没有发生某件事（事故、处罚、失信，或者获得别处的奖等；不能按届）",
                    "back from the application: something did not happen (accident, penalty; not in rounds)",
                ),
            ),
        ),
        optional=True,
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
    ClauseQuestion(
        "spared",
        Text("获得哪些奖项的不受此限", "Winners of which tiers are spared"),
        AnswerKind.WORDS,
        hint=Text(
            "从获奖往后算、条文写明某个奖项除外时填写奖项名称，例如“提名奖”，几个的用顿号分开",
            "Where winners of a tier are excepted: its name, several with 、 between them",
        ),
        optional=True,
    ),
    ClauseQuestion(
        "applying",
        Text("不得申报的只是哪个奖项", "The one tier that may not be applied for"),
        AnswerKind.WORDS,
        hint=Text(
            "条文只限制申报某个奖项的（例如“不得再次申报银奖”）填写它的名称，哪个都不得申报的空着；申报时要选择奖项",
            "Where the text bars from one tier alone: its name; empty: from all. Applications have to say what they are for",
        ),
        optional=True,
    ),
)


_LONGEST = 30
"""How many characters of what did not happen stand in the name of a parameter."""


def since_of(answers: Mapping[str, Any]) -> str:
    """Return from what the years are called to count; from an award where nobody said."""
    return str(answers.get("since") or "award")


def with_since(answers: Mapping[str, str], read: Mapping[str, str]) -> Mapping[str, str]:
    """Return the answers with what the text says of from what a bar counts (the fields ``read``), where nobody was asked."""
    return answers if "since" in answers or "since" not in read else {**answers, "since": read["since"]}


def drawn_since(rows: Iterable[str], parameter: str) -> str:
    """Return from what a bar that is drawn counts, by the ids of the ``rows`` of conditions; "" for one that is not."""
    signs = {f"{sign}_{parameter}": since for since, (_, sign) in _SAID.items()}
    return next((signs[row] for row in rows if row in signs), "")


def bar_name(answers: Mapping[str, Any], unit: Unit = Unit.YEARS) -> str:
    """Return what the years, months or rounds of a bar are called where nobody named them."""
    word = _COUNTED[unit].name
    if unit is Unit.BOOLEAN:
        return _filled(_EVER[since_of(answers)][0], {"WHAT": _in_short(answers)})
    if since_of(answers) == "event":
        return f"申报前未{_in_short(answers)}的{word}"
    return f"{'撤销奖励' if since_of(answers) == 'revocation' else '获奖'}后不得申报的{word}"


def _in_short(answers: Mapping[str, Any]) -> str:
    """Return what did not happen, short enough for a name: the first of several things, with 等 behind it."""
    what = str(answers.get("what") or "").strip()
    if len(what) <= _LONGEST:
        return what
    first = re.split("或者|[，,；;]", what)[0]
    return f"{first[: _LONGEST - 1]}等"


def field_of(parameter: str) -> str:
    """Return the key of the field in which an applicant says when it last happened."""
    return f"last_{parameter}"


@dataclass(frozen=True, slots=True)
class _BarUnit:
    """How a unit of bars is said and counted: ``word`` behind a number, the ``name`` of the parameter, ``period`` in ISO 8601."""

    word: str
    name: str
    period: str


_COUNTED = {
    Unit.YEARS: _BarUnit("年", "年限", "Y"),
    Unit.MONTHS: _BarUnit("个月", "月数", "M"),
    Unit.COUNT: _BarUnit("届", "届数", ""),
    Unit.BOOLEAN: _BarUnit("", "", ""),
}
"""Units in which a bar counts; rounds of the award have no length in days, one without an end counts nothing."""


def bar_row(
    place: str, parameter: str, clause: str, answers: Mapping[str, Any], unit: Unit, whom: Barred
) -> tuple[TableSheetRow, dict[str, str]]:
    """Return the row that a bar adds to the conditions of ``place``, without its cells, and the results by column.

    Raises Invalid where nobody said from what it counts or what did not happen, or where that would be counted in rounds.
    """
    _demand_since(answers)
    since, counted = since_of(answers), _COUNTED[unit]
    what = str(answers.get("what") or "").strip().replace("\\", "").replace('"', "”")
    if since == "event":
        _demand_event(what, unit)
        found = _before(f"{whom.form}.{field_of(parameter)}")
    elif since == "revocation":
        found = _after(place, "item.revoked_on != null", "revoked_on", "被撤销奖励")
    else:
        counted_ones = "".join(f' and item.tier != "{tier}"' for tier in whom.spared)
        counted_ones += f' and item.tier = "{whom.won[0]}"' if whom.won else ""
        found = _after(place, f"item.revoked_on = null{counted_ones}", "decided_on", whom.award)
    name, ident = _SAID[since]
    name = name.replace("获奖", whom.award)
    if unit is Unit.COUNT:
        rounds = "rounds_since" if since == "award" else "rounds_since_revoked"
        found["met"] = found["met"].partition(" satisfies ")[0] + f" satisfies a.{rounds} > param.{parameter}"
    if unit is Unit.BOOLEAN:
        name, found = _EVER[since][0].replace("获奖", whom.award), found | _ever(found, parameter, since, whom)
    if whom.applying:
        name, found = f"{name}{whom.applying[1]}", _for_one_tier(found, whom)
    said = {"NUMBER": f"string(param.{parameter})", "UNIT": counted.word, "PERIOD": counted.period, "WHAT": what}
    told = {**said, "NUMBER": str(answers.get("value") or "").strip() or "规定的"}
    row = TableSheetRow(f"{ident}_{parameter}", "", _filled(name, told), (), ())
    common = {"clauses": f'"{clause}"', "decided_by": '"machine"'}
    return row, common | {key: _filled(text, said) for key, text in found.items()}


def _for_one_tier(found: Mapping[str, str], whom: Barred) -> dict[str, str]:
    """Return the results of a row that asks only who applies for one tier."""
    ident, name = whom.applying or ("", "")
    return {
        **found,
        "met": f'{whom.form}.category != "{ident}" or ({found["met"]})',
        "condition": f'"申报{name}的，" + {found["condition"]}',
        "failure": f'{found["failure"]} + "{name}"',
        "evidence": f"{found['evidence'].removesuffix(']')}, {whom.form}.category]",
    }


def _filled(text: str, said: Mapping[str, str]) -> str:
    for word, put in said.items():
        text = text.replace(word, put)
    return text


def _demand_since(answers: Mapping[str, Any]) -> None:
    """Raise Invalid where nobody said from what a bar counts: an award of another place is none of the award given here."""
    if not answers.get("since"):
        question = BAR_QUESTIONS[0]
        options = [title for _, title in question.options]
        raise Invalid(
            Text(
                f"条文没有说清，请回答“{question.title.zh}”：{'；'.join(one.zh for one in options)}。",
                f"The text does not say it: answer “{question.title.en}”: {'; '.join(one.en for one in options)}.",
            )
        )


def _demand_event(what: str, unit: Unit) -> None:
    if not what:
        raise Invalid(
            Text(
                "请填写“没有发生的是什么”，例如“发生重大质量安全事故”。",
                "Say what did not happen, such as a serious accident.",
            )
        )
    if unit is Unit.COUNT:
        raise Invalid(
            Text(
                "从申报往前算的不能按届，请改为按年或者按月，或者从获奖、从撤销奖励往后算。",
                "What counts back from an application cannot be counted in rounds: take years or months.",
            )
        )


def _after(place: str, which: str, day: str, what: str) -> dict[str, str]:
    awards = f'register.awards[item.jurisdiction = "{place}" and {which}]'
    return {
        "met": f'every a in {awards} satisfies date(a.{day}) + duration("P" + NUMBER + "PERIOD") < reference_date',
        "condition": f'NUMBER + "UNIT内未{what}"',
        "finding": f'NUMBER + "UNIT内没有{what}"',
        "failure": f'"{what}未满" + NUMBER + "UNIT，不得申报"',
        "supplied_by": '"office"',
        "evidence": "[register.awards]",
    }


_EVER = {
    "award": ("获奖后不得再次申报", "未获过奖", "获过奖的不得再次申报"),
    "revocation": ("撤销奖励后不得再申报", "未被撤销过奖励", "被撤销过奖励的不得再申报"),
    "event": ("WHAT的不得申报", "未WHAT", "WHAT的不得申报"),
}
"""A bar without an end, by what it counts from: its name, what is asked, why somebody fails."""


def _ever(found: Mapping[str, str], parameter: str, since: str, whom: Barred) -> dict[str, str]:
    """Return what a bar without an end says instead: it holds as long as the parameter says yes."""
    won = whom.won[1] if whom.won else ""
    condition, failure = (said.replace("获过奖", f"获得过{won}") if won else said for said in _EVER[since][1:])
    never = (
        found["met"].partition(" or ")[0]
        if since == "event"
        else f"{found['met'].partition(' satisfies ')[0]} satisfies false"
    )
    return {
        "met": f"param.{parameter} = false or ({never})",
        "condition": f'"{condition}"',
        "finding": f'"{condition}"',
        "failure": f'"{failure}"',
    }


def _before(day: str) -> dict[str, str]:
    return {
        "met": f'{day} = null or date({day}) + duration("P" + NUMBER + "PERIOD") < reference_date',
        "condition": '"近" + NUMBER + "UNIT内未WHAT"',
        "finding": '"近" + NUMBER + "UNIT内没有WHAT"',
        "failure": '"近" + NUMBER + "UNIT内WHAT，不得申报"',
        "supplied_by": '"applicant"',
        "evidence": f"[{day}]",
    }


_SAID = {
    "award": ("获奖后NUMBERUNIT内不得申报", "not_awarded_for"),
    "revocation": ("撤销奖励后NUMBERUNIT内不得申报", "not_revoked_for"),
    "event": ("近NUMBERUNIT内未WHAT", "no_event_for"),
}


BARS = tuple(f"{sign}_" for _, sign in _SAID.values())
"""What the ids of rows that are bars begin with."""


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
