"""How long data of a finished round are kept: kinds of cases, classes of data, our defaults, and the day they are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.text import Text

PERSONAL, SECRET, INTERNAL, SHEETS, MAILS = "personal", "secret", "internal", "sheets", "mails"
WINNER, NOT_AWARDED, OBJECTION, OTHER = "winner", "not_awarded", "objection", "other"

PARTS: Mapping[str, Text] = {
    PERSONAL: Text("个人信息和附件", "personal data and uploaded files"),
    SECRET: Text("商业秘密", "trade secrets"),
    INTERNAL: Text("内部办理内容", "internal contents"),
    SHEETS: Text("评分表的评语", "comments of score sheets"),
    MAILS: Text("消息和邮件", "messages and mails"),
}
"""Classes of data that are erased. What is public (notices, register, statistics) is never erased."""

KINDS: Mapping[str, Text] = {
    WINNER: Text("获奖者的申报", "application of a winner"),
    NOT_AWARDED: Text("未获奖的申报", "application that was not awarded"),
    OBJECTION: Text("异议、举报", "objection or report"),
    OTHER: Text("届次和其他办件", "round and other cases"),
}

CONTENTS = frozenset((PERSONAL, SECRET, INTERNAL))
"""Classes of what stands in forms; comments and mails are not in them."""

_DEFAULT_YEARS: Mapping[str, int] = {
    "winner.personal": 10, "winner.secret": 5, "winner.internal": 30,
    "not_awarded.personal": 5, "not_awarded.secret": 2, "not_awarded.internal": 10,
    "objection.personal": 5, "objection.secret": 2, "objection.internal": 10,
    "other.personal": 10, "other.secret": 5, "other.internal": 30,
    "any.sheets": 10, "any.mails": 5,
}  # fmt: skip
"""Ours: no regulation of the five cities names a time. 10 and 30 years are terms of 国家档案局令第8号 for files of an office."""

MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Data of class ``part`` of a ``kind`` of case ("any": of all) are kept for ``years`` after the round; None: for good."""

    kind: str
    part: str
    years: int | None

    @property
    def name(self) -> str:
        """Return its name, such as ``winner.personal``."""
        return f"{self.kind}.{self.part}"

    @property
    def text(self) -> Text:
        """Say what it is about."""
        part, kind = PARTS[self.part], KINDS.get(self.kind)
        return Text(f"{kind.zh}：{part.zh}", f"{kind.en}: {part.en}") if kind else part

    def due(self, ended: date) -> date | None:
        """Return the day from which what belongs to a round that ``ended`` then is to be erased; None: never."""
        if self.years is None:
            return None
        try:
            return ended.replace(year=ended.year + self.years)
        except ValueError:  # 29 February
            return date(ended.year + self.years, 3, 1)


def default_rules() -> dict[str, RetentionRule]:
    """Return the rules where a city chose none, by name."""
    split = {name: name.partition(".") for name in _DEFAULT_YEARS}
    return {name: RetentionRule(kind, part, _DEFAULT_YEARS[name]) for name, (kind, _, part) in split.items()}
