"""A city's list of past winners: its columns, and the lines read strictly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain.spreadsheets.import_report import lines_of
from service.domain.spreadsheets.lists import CellKind, CellMistake, Column, Line
from service.domain.text import Text
from service.domain.values.identity_codes import valid_credit_code, valid_identity_number
from service.domain.values.typed_text import plain_name
from service.domain.wording.numbers import HAN_NUMERAL, read_han

KINDS = (("organisation", "组织"), ("individual", "个人"))
"""What a line may say of who won; an organisation where it says nothing."""

_CODE = Column("code", Text("统一社会信用代码", "uscc"), kind=CellKind.CODE, longest=40, aliases=("信用代码",))

_REVOKED = Column("revoked_on", Text("撤销日期", "revoked_on"), kind=CellKind.DAY)


def past_award_columns(tiers: Sequence[tuple[str, str]]) -> tuple[Column, ...]:
    """Return the columns of a list of past winners; ``tiers`` are (id, name)."""
    return (
        Column("name", Text("组织名称", "name"), needed=True, longest=200, aliases=("名称",)),
        _CODE,
        Column("kind", Text("主体类型", "kind"), kind=CellKind.CHOICE, choices=KINDS, aliases=("类型",)),
        Column("former_names", Text("曾用名", "former_names"), kind=CellKind.WORDS),
        Column(
            "tier", Text("奖项类别", "tier"), needed=True, kind=CellKind.CHOICE, choices=tuple(tiers), aliases=("类别",)
        ),
        Column("round", Text("届次", "round"), needed=True, longest=80),
        Column("decided_on", Text("授奖日期", "decided_on"), needed=True, kind=CellKind.DAY, aliases=("决定日期",)),
        Column("number", Text("证书编号", "number"), longest=80),
        Column(
            "prize_yuan", Text("奖金", "prize_yuan"), kind=CellKind.NUMBER, aliases=("奖金（元）",), least=0, unit="元"
        ),
        _REVOKED,
    )


@dataclass(frozen=True, slots=True)
class PastAward:
    """One line that can be read; ``line`` is its number in the list, headings being line 1."""

    line: int
    name: str
    code: str
    kind: str
    former_names: tuple[str, ...]
    tier: str
    round: str
    decided_on: date
    number: str | None
    prize_yuan: int | None
    revoked_on: date | None


def read_past_awards(
    rows: Sequence[Sequence[str]], tiers: Sequence[tuple[str, str]]
) -> tuple[list[PastAward], list[Line]]:
    """Return the lines that can be read and those that cannot, with their mistakes; ``tiers`` are (id, name).

    Raises:
        Invalid: headings that are missing or doubled, or no line below them.
    """
    lines = [_with_days_judged(_with_code_judged(line)) for line in lines_of(rows, past_award_columns(tiers))]
    return [_build_award(line) for line in lines if not line.mistakes], [line for line in lines if line.mistakes]


def _build_award(line: Line) -> PastAward:
    values = line.values
    decided, revoked = values["decided_on"], values.get("revoked_on")
    assert isinstance(decided, date)
    assert revoked is None or isinstance(revoked, date)
    former = values.get("former_names", ())
    return PastAward(
        line.number,
        line.text("name"),
        line.text("code"),
        _get_kind(line),
        former if isinstance(former, tuple) else (),
        line.text("tier"),
        line.text("round"),
        decided,
        line.text("number") or None,
        int(line.text("prize_yuan")) if "prize_yuan" in values else None,
        revoked,
    )


def _get_kind(line: Line) -> str:
    return line.text("kind") or KINDS[0][0]


def _with_code_judged(line: Line) -> Line:
    decided, code = line.values.get("decided_on"), line.text("code")
    wrong = _code_mistake(_get_kind(line), code, decided) if code and isinstance(decided, date) else None
    return line if wrong is None else replace(line, mistakes=(*line.mistakes, CellMistake(_CODE.title, wrong)))


def _with_days_judged(line: Line) -> Line:
    decided, revoked = line.values.get("decided_on"), line.values.get("revoked_on")
    if not isinstance(decided, date) or not isinstance(revoked, date) or revoked >= decided:
        return line
    wrong = Text("撤销日期早于授奖日期，请核对。", "The award was revoked before it was decided: look at both days.")
    return replace(line, mistakes=(*line.mistakes, CellMistake(_REVOKED.title, wrong)))


def plain_round(text: str) -> str:
    """Return a round as rounds are compared: 第1届, 第一届 and 1 are one."""
    plain = plain_name(text).removeprefix("第").removesuffix("届")
    return str(read_han(plain)) if re.fullmatch(HAN_NUMERAL, plain) else plain.lstrip("0")


def _code_mistake(kind: str, code: str, decided: date) -> Text | None:
    """Return what is wrong with the winner's code; a number that may be an identity number is not repeated."""
    person = valid_identity_number(code, decided)
    if kind == "individual":
        return (
            None if person else Text("公民身份号码的位数、出生日期或校验位不对。", "This is no valid identity number.")
        )
    if valid_credit_code(code):
        return None
    if person:
        return Text(
            "这是公民身份号码；获奖的是个人的，请在“主体类型”列填写“个人”。",
            "This is an identity number: for an individual write 个人 under 主体类型.",
        )
    return Text(f"统一社会信用代码“{code}”的位数或校验位不对。", f"“{code}” is no valid credit code.")
