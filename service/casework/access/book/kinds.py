"""Acts that go into the book, and their chains; what office and applicants do in a case stands in its history alone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from service.domain.text import Text


class ActKind(Enum):
    """A chain of the book; one chain for everything would let every writer wait for every other."""

    SESSION = Text("登录与退出", "signing in and out")
    ACCOUNT = Text("账号、角色与密码", "accounts, roles and passwords")
    SETTING = Text("设置", "settings")
    PROCEDURE = Text("流程与日历的修改和发布", "procedures and calendars changed and published")
    EXPORT = Text("导出", "exports")
    READING = Text("查看个人信息、附件与下载", "personal data and files looked at, downloads")
    RECORD = Text("结果数据的校验记录", "digests of data that decide")
    CASE = Text("对办件的干预", "interventions in cases")
    OPERATION = Text("运行与修复", "operation and repair")
    REFUSAL = Text("被拒绝的其他操作", "other acts that were refused")

    @property
    def chain(self) -> str:
        """The name of its chain."""
        return self.name.lower()


_BY_KIND: Mapping[ActKind, tuple[str, ...]] = {
    ActKind.SESSION: ("session.begin", "session.end", "session.prove"),
    ActKind.ACCOUNT: (
        "people.manage", "offices.make", "office.take",
        "rights.change", "rights.decide", "password.change",
        "second_factor.keep", "identity.keep", "profile.change", "deputy.appoint", "registration.decide",
        "experts.manage", "ballot.void",
    ),
    ActKind.SETTING: ("settings.change", "retention.change", "amendment.apply"),
    ActKind.PROCEDURE: (
        "draft.edit", "draft.publish", "draft.review", "definition.publish", "calendar.decide", "calendar.correct",
    ),
    ActKind.CASE: (
        "case.suspend", "case.terminate", "case.message", "case.value", "due.change", "task.reassign", "step.restart",
        "token.move", "incident.retry", "incident.skip", "incident.hand_over", "notice.correct", "notice.recall",
    ),
    ActKind.OPERATION: (
        "hold.begin", "hold.resume", "keys.rotate", "records.verify", "records.ask",
        "archive.make", "retention.erase", "register.import",
    ),
    ActKind.RECORD: ("records.keep",),
    ActKind.EXPORT: (
        "applicants.export", "clauses.export", "experts.export", "people.export", "scores.export", "task.export",
        "case.export", "book.export", "note.export", "own_data.export", "person_data.export",
    ),
    ActKind.READING: ("personal.reveal", "book.read", "upload.read", "upload.download", "document.read"),
}  # fmt: skip

BOOKED: Mapping[str, ActKind] = MappingProxyType({action: kind for kind, all_ in _BY_KIND.items() for action in all_})
"""Action of a guard → the chain that its acts stand in."""

ALWAYS = frozenset({ActKind.EXPORT, ActKind.READING})
"""Acts of these kinds are entered though nothing was written; the others where something was."""
