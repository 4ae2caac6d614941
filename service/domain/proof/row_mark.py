"""What is found of the mark of a row: where the row stands, what is the matter with it, and who may mend it and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class _Matter:
    name: Text
    remedy: Text


_FIRST = Text(
    "先保留现状，由审计管理员查明是谁改动了数据库",
    "Keep things as they are first; the audit administrator finds out who changed the database",
)
_KNOWN = Text(
    "确认现状无误的，由运行本系统机器的人员运行 laurel audit record-rows",
    "where what stands there is known to be right, whoever runs the machine runs laurel audit record-rows",
)


def _matter(name: Text, mended: Text, last: Text = _KNOWN) -> _Matter:
    return _Matter(
        name, Text(f"{_FIRST.zh}；{mended.zh}；{last.zh}。", f"{_FIRST.en}; {mended.en}; {last.en}."),
    )  # fmt: skip


class MarkMatter(Enum):
    """What is the matter with the mark of a row."""

    UNMARKED = _matter(
        Text("没有印记", "bears no mark"),
        Text(
            "不该有的行，由系统管理员和安全管理员在页面上撤销或者重新办理",
            "what should not be there is taken back or done anew on its page, by the system and the security administrator",
        ),
    )
    UNFIT = _matter(
        Text("印记不符", "mark does not fit"),
        Text(
            "由系统管理员从备份恢复该行原值，或者在页面上重新办理",
            "the system administrator puts the row back from a backup, or it is done anew on its page",
        ),
    )
    MISSING = _matter(
        Text("缺失", "missing"),
        Text("由系统管理员从备份恢复缺的行", "the system administrator puts the missing rows back from a backup"),
    )
    FOREIGN = _matter(
        Text("他人写入记录链", "written into a chain by others"),
        Text(
            "与外部锚定和备份核对，由系统管理员从备份恢复该链",
            "compare it with the anchors outside and a backup, from which the system administrator puts the chain back",
        ),
    )
    DISAGREES = _matter(
        Text("票箱与名册不符", "urn and roll disagree"),
        Text(
            "监督机构在表决页同意以后，由系统管理员在办件的“干预”中将该次表决作废并重新发起；只是少了最后一票的，请成员凭回执核对，没有投上的重新投票",
            "once supervision agreed on its page, the system administrator has the ballot made void and called anew among the"
            " interventions in its case; where only the last paper is missing, members look"
            " at their receipts and vote again who has none",
        ),
        Text(
            "密钥不在的，先放回密钥目录",
            "where a key is not there, the folder of keys is put back first",
        ),
    )

    @property
    def text(self) -> Text:
        """Its name."""
        return self.value.name

    @property
    def remedy(self) -> Text:
        """Who mends it, and how."""
        return self.value.remedy


@dataclass(frozen=True, slots=True)
class RowMark(Text):
    """A sentence about the mark of ``row`` in ``table``: of a chain of records, its name and the number of the entry."""

    table: str = ""
    row: str = ""
    matter: MarkMatter = MarkMatter.UNFIT


def matter_of(seal: str) -> MarkMatter:
    """Return what is the matter with a row whose ``seal`` does not hold."""
    return MarkMatter.UNFIT if seal else MarkMatter.UNMARKED
