"""Operation that takes over the results of a public vote held elsewhere (公众投票) from a table, with its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from service.sdk import Invalid, TableFile, Text, Work, clean_number, exact_number, operation

_NAME = ("名称", "候选名称", "候选组织", "申报组织", "组织名称", "姓名", "name")
_NUMBER = ("编号", "申报编号", "序号", "number")
_VOTES = ("票数", "得票", "得票数", "votes")
_SUM = ("合计", "总计", "total", "sum")
_WAYS = ("share", "best")


class Unreadable(Exception):
    """The table cannot be taken over; the sentence says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Import:
    """Which table, whose votes, and what they are worth."""

    file_from: str = field(metadata={"help": "FEEL 文本：上传的计票结果表，例如 public_votes.result"})
    record_from: str = field(
        metadata={
            "help": "FEEL 文本：上传的投票记录（公证书、平台统计报告等），例如 public_votes.record；没有记录不予采用"
        }
    )
    candidates: str = field(metadata={"help": "FEEL 文本：候选名单，每项含 id、name，可含 number，与表中逐一核对"})
    name: str = field(metadata={"help": "记录各候选得票的事实名", "facts": ("{}",)})
    form: str = field(default="public_votes", metadata={"help": "上传结果的表单编号"})
    how: str = field(default="share", metadata={"help": "折算：share 得票占总票数的比例，best 得票与最高得票之比"})
    full: Any = field(default=100, metadata={"help": "满分；折算成的分数记在 points，比例记在 share"})


@operation(
    "votes.import",
    Text("导入公众投票结果", "Take over votes of the public"),
    result={"ok": "boolean", "problem": "string", "count": "number", "votes": "number", "tries": "number"},
)
def take_over(work: Work, parameters: Import) -> Mapping[str, Any]:
    """Take the counted results over from the table, once they fit the candidates; ``problem`` says what does not.

    Rows {candidate, name, votes, share, points} are recorded as a fact; the history keeps the hash of table and record.
    ``tries`` counts how often the office handed one in.
    """
    if parameters.how not in _WAYS:
        raise Invalid(
            Text(
                f"不认识的折算方法“{parameters.how}”，可用{'、'.join(_WAYS)}。",
                f"Unknown way “{parameters.how}”: {', '.join(_WAYS)}.",
            )
        )
    tries = len(work.forms(parameters.form))
    candidates = [dict(row) for row in work.evaluate(parameters.candidates) or []]
    files, records = (work.evaluate(text) or [] for text in (parameters.file_from, parameters.record_from))
    try:
        if not records:
            raise Unreadable("没有附上投票的记录，不能采用计票结果。", "The record of the vote is not attached.")
        table = _table(work, files)
        votes = counted(table.rows, candidates)
    except Unreadable as wrong:
        work.audit(f"公众投票结果未采用：{wrong.text.zh}")
        return {"ok": False, "problem": wrong.text.zh, "count": 0, "votes": 0, "tries": tries}
    rows = _rows(candidates, votes, parameters.how, exact_number(parameters.full))
    work.cases.set({parameters.name: rows})
    kept = [{"name": str(row.get("name")), "sha256": work.tables.sha256(row)} for row in records]
    work.audit(
        f"导入公众投票结果“{table.name}”：{len(rows)}个候选，共{sum(votes.values())}票，附记录{len(kept)}份",
        {"table": {"name": table.name, "sha256": table.sha256}, "records": kept},
    )
    return {"ok": True, "problem": "", "count": len(rows), "votes": sum(votes.values()), "tries": tries}


def counted(rows: Sequence[Sequence[str]], candidates: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the votes by candidate id; every candidate has exactly one line, and a line of sums agrees with the others.

    Raises Unreadable with the line that does not fit.
    """
    head = [cell.strip().rstrip("*＊ ").lower() for cell in rows[0]] if rows else []
    name, number, votes = (
        next((head.index(w) for w in words if w in head), None) for words in (_NAME, _NUMBER, _VOTES)
    )
    if votes is None or (name is None and number is None):
        raise Unreadable(
            "表格第一行须有“名称”或者“编号”一列和“票数”一列。",
            "The first line needs the headings 名称 or 编号, and 票数.",
        )
    found: dict[str, int] = {}
    total: int | None = None
    for line, row in enumerate(rows[1:], 2):
        cells = [
            row[column].strip() if column is not None and column < len(row) else "" for column in (name, number, votes)
        ]
        if not any(cells):
            continue
        given = _whole(cells[2], line)
        if cells[0].lower() in _SUM or cells[1].lower() in _SUM:
            total = given
            continue
        one = _candidate(cells[0], cells[1], candidates, line)
        if one in found:
            raise Unreadable(f"第{line}行：“{cells[0] or cells[1]}”出现两次。", f"Line {line}: it stands there twice.")
        found[one] = given
    missing = [str(c["name"]) for c in candidates if str(c["id"]) not in found]
    if missing:
        raise Unreadable(f"表中没有{'、'.join(missing)}的票数。", f"The table lacks {', '.join(missing)}.")
    if total is not None and total != sum(found.values()):
        raise Unreadable(
            f"表中合计{total}票，各行相加为{sum(found.values())}票。",
            f"The sum says {total}, the lines come to {sum(found.values())}.",
        )
    return found


def _table(work: Work, files: Sequence[Mapping[str, Any]]) -> TableFile:
    if len(files) != 1:
        raise Unreadable("请上传一份计票结果表。", "Hand in one table of results.")
    try:
        return work.tables.read(files[0])
    except Invalid as refusal:
        raise Unreadable(refusal.message.zh, refusal.message.en) from refusal


def _candidate(name: str, number: str, candidates: Sequence[Mapping[str, Any]], line: int) -> str:
    """Return whose line it is: by number where there is one, else by the whole name."""
    by_number = [c for c in candidates if number and str(c.get("number") or "") == number]
    fitting = by_number or [c for c in candidates if name and str(c["name"]) == name]
    named = name or number
    if len(fitting) != 1:
        words = "在候选名单中有同名的，请写编号" if fitting else "不在候选名单中"
        raise Unreadable(
            f"第{line}行：“{named}”{words}。",
            f"Line {line}: “{named}” is {'ambiguous' if fitting else 'no candidate'}.",
        )
    if by_number and name and str(fitting[0]["name"]) != name:
        raise Unreadable(
            f"第{line}行：编号{number}是“{fitting[0]['name']}”，不是“{name}”。",
            f"Line {line}: {number} is another person.",
        )
    return str(fitting[0]["id"])


def _whole(text: str, line: int) -> int:
    plain = clean_number(text.removesuffix("票")).removesuffix(".0")
    if not plain.isascii() or not plain.isdigit() or len(plain) > 12:
        raise Unreadable(f"第{line}行：票数“{text}”不是整数。", f"Line {line}: “{text}” is no number of votes.")
    return int(plain)


def _rows(
    candidates: Sequence[Mapping[str, Any]], votes: Mapping[str, int], how: str, full: Fraction
) -> list[dict[str, Any]]:
    base = sum(votes.values()) if how == "share" else max(votes.values(), default=0)
    shares = {ident: Fraction(given, base) if base else Fraction(0) for ident, given in votes.items()}
    return [
        {
            "candidate": c["id"],
            "name": str(c["name"]),
            "votes": votes[str(c["id"])],
            "share": round(float(shares[str(c["id"])]), 6),
            "points": float(Fraction(int(shares[str(c["id"])] * full * 100 + Fraction(1, 2)), 100)),
        }
        for c in candidates
    ]
