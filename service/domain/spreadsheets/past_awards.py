"""Read a city's list of past winners: one line each, read strictly, with a sentence for what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.text import Text
from service.domain.values.credit_code import valid_credit_code
from service.domain.values.identity_number import valid_identity_number

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("组织名称", "名称", "name"),
    "code": ("统一社会信用代码", "信用代码", "uscc"),
    "kind": ("主体类型", "类型", "kind"),
    "former_names": ("曾用名", "former_names"),
    "tier": ("奖项类别", "类别", "tier"),
    "round": ("届次", "round"),
    "decided_on": ("授奖日期", "决定日期", "decided_on"),
    "number": ("证书编号", "number"),
    "prize_yuan": ("奖金", "奖金（元）", "prize_yuan"),
    "revoked_on": ("撤销日期", "revoked_on"),
}
"""Headings a list may use for each of its columns; the first is the one we write."""

KINDS: Mapping[str, str] = {"": "organisation", "组织": "organisation", "个人": "individual"}
"""What a line may say of who won; an organisation where it says nothing."""

_NEEDED = ("name", "tier", "round", "decided_on")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


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
    prize_yuan: int
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line that cannot be read, and why."""

    line: int
    name: str
    reason: Text
    column: str = ""


def read_past_awards(rows: Sequence[Sequence[str]], tiers: Mapping[str, str]) -> tuple[list[PastAward], list[BadLine]]:
    """Return the lines of a list whose first row holds the headings.

    ``tiers`` maps what a line may call a tier (its id or its name) to the tier's id. Empty lines are
    left out. Raises ValueError, with the missing headings, when a needed column is not there.
    """
    if not rows:
        raise ValueError("、".join(COLUMNS[c][0] for c in _NEEDED))
    places = _places(rows[0])
    missing = [COLUMNS[c][0] for c in _NEEDED if c not in places]
    if missing:
        raise ValueError("、".join(missing))
    good: list[PastAward] = []
    bad: list[BadLine] = []
    for line, row in enumerate(rows[1:], 2):
        cells = {c: row[i].strip() if i < len(row) else "" for c, i in places.items()}
        if any(cells.values()):
            read = _line(line, cells, tiers)
            (good.append(read) if isinstance(read, PastAward) else bad.append(read))
    return good, bad


def _places(head: Sequence[str]) -> dict[str, int]:
    words = {word: column for column, names in COLUMNS.items() for word in names}
    plain = [cell.strip().rstrip("*＊").strip() for cell in head]  # our own template stars what is needed
    return {words[cell]: i for i, cell in enumerate(plain) if cell in words}


def _line(line: int, cells: Mapping[str, str], tiers: Mapping[str, str]) -> PastAward | BadLine:
    code, tier = cells.get("code", "").upper(), tiers.get(cells["tier"])
    decided, revoked = _day(cells["decided_on"]), _day(cells.get("revoked_on", ""))
    column, wrong = _wrong(cells, code, tier, decided, revoked) or ("", None)
    if wrong is not None or tier is None or decided is None:
        return BadLine(line, cells["name"], wrong or Text("读不懂这一行。", "The line cannot be read."), column)
    names = tuple(n for n in re.split(r"[、;；,，]", cells.get("former_names", "")) if n.strip())
    prize = re.sub(r"[,，\s元]", "", cells.get("prize_yuan", "")) or "0"
    return PastAward(
        line, cells["name"], code, KINDS[cells.get("kind", "")], names, tier, cells["round"], decided, cells.get("number") or None, int(float(prize)),
        revoked,
    )  # fmt: skip


def _wrong(
    cells: Mapping[str, str], code: str, tier: str | None, decided: date | None, revoked: date | None
) -> tuple[str, Text] | None:
    if not cells["name"]:
        return "name", Text("没有组织名称。", "The name is missing.")
    if tier is None:
        return "tier", Text(f"没有奖项类别“{cells['tier']}”。", f"There is no tier “{cells['tier']}”.")
    if not cells["round"]:
        return "round", Text("没有届次。", "The round is missing.")
    if decided is None:
        return "decided_on", Text(
            f"授奖日期“{cells['decided_on']}”不是日期，请写成 2022-12-30。", "The day is no date: write 2022-12-30."
        )
    return _code_wrong(cells, code, decided) or _rest_wrong(cells, revoked)


def _code_wrong(cells: Mapping[str, str], code: str, decided: date) -> tuple[str, Text] | None:
    """Return what is wrong with the winner's code; a number that may be an identity number is not repeated."""
    kind = KINDS.get(cells.get("kind", ""))
    if kind is None:
        return "kind", Text("主体类型填“组织”或者“个人”。", "The kind is 组织 or 个人.")
    person = valid_identity_number(code, decided)
    if kind == "individual" and code and not person:
        reason = "公民身份号码的位数、出生日期或校验位不对。"
        return "code", Text(reason, "This is no valid identity number.")
    if kind == "organisation" and person and not valid_credit_code(code):
        reason = "这是公民身份号码；获奖的是个人的，请在“主体类型”列填写“个人”。"
        return "code", Text(reason, "This is an identity number: for an individual write 个人 under 主体类型.")
    if kind == "organisation" and code and not valid_credit_code(code):
        return "code", Text(f"统一社会信用代码“{code}”的位数或校验位不对。", f"“{code}” is no valid credit code.")
    return None


def _rest_wrong(cells: Mapping[str, str], revoked: date | None) -> tuple[str, Text] | None:
    if cells.get("revoked_on") and revoked is None:
        return "revoked_on", Text("撤销日期不是日期。", "The day of revocation is no date.")
    if not re.fullmatch(r"[\d,，.\s元]*", cells.get("prize_yuan", "")):
        return "prize_yuan", Text("奖金不是数字。", "The prize is no number.")
    return None


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
