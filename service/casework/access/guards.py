"""Permissions: every use case and every route names one of these guards.

A guard is the first check: it asks what the person *is*. Whether this task, this case, this
notice is theirs is asked by the use case itself, once it has the row (``Who.HOLDER``, ``Who.PARTY``).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar, cast

from service.casework.access.actor import ADMINISTRATOR, BUILT_IN, DESIGNER, SYSTEM, Actor
from service.casework.access.book.booked import asked_of, booked
from service.casework.access.book.kinds import BOOKED
from service.casework.access.lost_races import after_lost_races
from service.domain.errors import NotAllowed
from service.domain.text import Text

P = ParamSpec("P")
R = TypeVar("R")


class Who(Enum):
    """A ground on which a guard admits an actor."""

    ANYBODY = Text("任何人（无需登录）", "anybody, without an account")
    PERSON = Text("已登录人员", "anybody signed in")
    HOLDER = Text("担任所需角色的人员", "who holds the role asked for")
    PARTY = Text("办件当事单位人员", "people of the bodies that are party to the case")
    OVERSEER = Text("办公室、监督机构、政府及管理员", "office, supervisors, government and administrators")
    OFFICE = Text("办公室人员", "people of the office")
    DESIGNER = Text("流程设计人员", "designers of procedures")
    ADMINISTRATOR = Text("管理员", "administrators")
    SYSTEM = Text("系统", "the system itself")


class SignInNeeded(NotAllowed):
    """The action needs a signed-in person, and there is none."""

    code = "sign_in_needed"


@dataclass(frozen=True, slots=True)
class Guard:
    """A permission: ``action`` is open to actors for whom one of the grounds ``who`` holds."""

    action: str
    title: Text
    who: tuple[Who, ...]

    def admits(self, actor: Actor, jurisdiction: str | None = None) -> bool:
        """Return whether ``actor`` passes the first check (in ``jurisdiction``, when given)."""
        return actor is SYSTEM or any(_stands_on(ground, actor, jurisdiction) for ground in self.who)

    def demand(self, actor: Actor, jurisdiction: str | None = None) -> None:
        """Raise SignInNeeded or NotAllowed unless ``actor`` passes the first check."""
        if self.admits(actor, jurisdiction):
            return
        if actor.person_id is None:
            raise SignInNeeded(
                Text(f"“{self.title.zh}”需要先登录。", f"Sign in first to do this: {self.title.en.lower()}.")
            )
        zh, en = "、".join(w.value.zh for w in self.who), "; ".join(w.value.en for w in self.who)
        raise NotAllowed(
            Text(
                f"“{self.title.zh}”由{zh}办理，您（{actor.name}）目前没有相应角色。如需办理，请联系管理员。",
                f"“{self.title.en}” is for {en}; you ({actor.name}) hold no such role. Ask an administrator.",
            )
        )


_ANY, _OWN, _SEE = (Who.ANYBODY,), (Who.HOLDER,), (Who.PARTY, Who.OVERSEER)
_DECLARED: tuple[tuple[str, str, str, tuple[Who, ...]], ...] = (
    ("portal.view", "查看公共门户", "Read the public portal", _ANY),
    ("definition.view", "查看办法与流程图", "Read the regulation and its diagrams", _ANY),
    ("notice.view", "查看公示", "Read a notice", _ANY),
    ("notice.download", "下载公示文件", "Download a notice as a file", _ANY),
    ("session.begin", "登录", "Sign in", _ANY),
    ("language.switch", "切换语言", "Switch the language", _ANY),
    ("session.end", "退出登录", "Sign out", (Who.PERSON,)),
    ("password.change", "修改密码", "Change one's password", (Who.PERSON,)),
    ("preference.keep", "保存本人的页面习惯", "Keep how one likes one's pages", (Who.PERSON,)),
    ("profile.change", "修改本人联系方式", "Change one's address and telephone", (Who.PERSON,)),
    ("deputy.view", "查看与结束委托代理", "See and end who stands in for whom", (Who.PERSON,)),
    ("deputy.appoint", "委托他人代理", "Let a colleague stand in", _OWN),
    ("inbox.view", "查看消息", "Read one's messages", (Who.PERSON,)),
    ("case.start", "发起办件", "Start a case", _OWN),
    ("case.view", "查看办件", "Look at a case", _SEE),
    ("case.rate", "评价办理情况", "Rate how a case was handled", (Who.PARTY,)),
    ("rating.view", "查看评价", "Read ratings", (Who.OVERSEER,)),
    ("rating.answer", "答复差评", "Answer a bad rating", (Who.OFFICE,)),
    ("case.act", "申请撤回等办件操作", "Act on a case outside tasks", _OWN),
    ("task.list", "查看待办", "List tasks", (Who.PERSON,)),
    ("task.export", "导出待办", "Export the list of tasks", (Who.PERSON,)),
    ("task.view", "打开待办", "Open a task", (Who.HOLDER, Who.PARTY, Who.OVERSEER)),
    ("task.claim", "认领与放回待办", "Claim and release a task", _OWN),
    ("task.delegate", "转办", "Delegate a task", _OWN),
    ("task.draft", "暂存表单", "Save a draft", _OWN),
    ("task.complete", "提交待办", "Complete a task", _OWN),
    ("task.complete_many", "批量提交", "Complete several tasks at once", _OWN),
    ("task.send_back", "退回", "Send a task back", _OWN),
    ("task.urge", "催办", "Urge who must do a task", (Who.OVERSEER,)),
    ("task.take_back", "取回已提交内容", "Take back what was submitted", _OWN),
    ("task.ask_sign", "加签与会签", "Ask others to sign beside a task", _OWN),
    ("task.sign", "签署同意或不同意", "Sign what one is asked to", (Who.PERSON,)),
    ("note.read", "查看内部批注", "Read what offices note", (Who.HOLDER, Who.OVERSEER)),
    ("note.write", "书写批注、批示与抄送", "Write notes, instructions and copies", (Who.HOLDER, Who.OVERSEER)),
    ("upload.add", "上传附件", "Upload a file", _OWN),
    ("upload.remove", "移除附件", "Remove an uploaded file", _OWN),
    ("upload.read", "下载附件", "Download an uploaded file", _SEE),
    ("page_note.keep", "在材料页面上做本人笔记", "Note for oneself at pages of files", _SEE),
    ("document.read", "下载文书", "Download a document", _SEE),
    ("personal.reveal", "查看个人信息", "Reveal personal data", _SEE),
    ("registration.lodge", "组织自助注册", "Ask for an account of an organisation", _ANY),
    ("registration.decide", "核实组织注册", "Verify organisations that register", (Who.HOLDER, Who.OFFICE)),
    ("objection.lodge", "提出异议", "Object to what is made public", _ANY),
    ("objection.attach", "上传异议材料", "Attach files to an objection", _ANY),
    ("objection.track", "凭回执查询异议", "Look up an objection by its receipt", _ANY),
    ("register.view", "查看获奖名录", "Read the register of awards", _ANY),
    ("register.import", "导入往届获奖", "Import past winners", (Who.OFFICE,)),
    ("applicants.import", "导入申报组织", "Import applicants", (Who.OFFICE,)),
    ("applicants.export", "导出申报名单", "Export the list of applicants", (Who.OVERSEER,)),
    ("board.view", "查看申报进展", "Look at where applicants stand", (Who.OVERSEER, Who.HOLDER)),
    ("scores.fill", "以表格填写本人评分", "Fill in one's own score sheets as a table", _OWN),
    ("scores.export", "导出评分", "Export scores", (Who.OVERSEER,)),
    ("lists.use", "使用表格导入导出", "Use spreadsheets", (Who.PERSON,)),
    ("notice.recall", "收回公示", "Recall a notice", (Who.OFFICE, Who.HOLDER)),
    ("notice.correct", "更正公示", "Correct a notice", (Who.OFFICE, Who.HOLDER)),
    ("date.confirm", "确认暂定期限", "Confirm a provisional date", (Who.OFFICE, Who.ADMINISTRATOR)),
    ("ballot.view", "查看表决", "Look at a ballot", (Who.HOLDER, Who.OVERSEER)),
    ("ballot.cast", "投票", "Cast a vote", _OWN),
    ("ballot.tell", "录入在场选票", "Enter papers of the hall", _OWN),
    ("ballot.close", "提前截止表决", "Close a ballot early", (Who.OFFICE,)),
    (
        "ballot.confirm_account",
        "确认表决成员的账号由本人使用",
        "Confirm that a voter has their account",
        (Who.OVERSEER,),
    ),
    ("ballot.verify", "核验投票回执", "Check a receipt", (Who.PERSON,)),
    ("ballot.repeat", "复核计票", "Repeat a count", (Who.HOLDER, Who.OVERSEER)),
    ("experts.export", "导出评审专家库", "Export the register of experts", (Who.OVERSEER,)),
    ("experts.view", "查看专家库与抽取记录", "Look at the register of experts and at draws", (Who.OVERSEER,)),
    ("experts.manage", "管理专家库", "Keep the register of experts", (Who.OFFICE, Who.ADMINISTRATOR)),
    ("experts.consent", "答复专家库邀请", "Answer an invitation to a register of experts", (Who.PERSON,)),
    ("review.manage", "更换评审专家与安排答辩", "Replace evaluators, make appointments", (Who.OFFICE,)),
    ("review.view", "查看评审安排与评分汇总", "Look at appointments and sheets", _SEE),
    ("sitting.view", "查看会议", "Look at a sitting", (Who.HOLDER, Who.OVERSEER)),
    ("sitting.attend", "会议签到", "Sign in to a sitting", _OWN),
    ("sitting.call", "召集与记录会议", "Call and record a sitting", (Who.OFFICE,)),
    ("sitting.minutes", "下载会议纪要草稿", "Download the draft of minutes", (Who.OFFICE,)),
    ("monitor.view", "查看监控", "Look at the monitor", (Who.OVERSEER,)),
    ("audit.verify", "核验办理记录", "Verify the audit trail", (Who.OVERSEER,)),
    ("case.suspend", "暂停与恢复办件", "Suspend and resume a case", (Who.ADMINISTRATOR,)),
    ("case.intervene", "打开对办件的干预", "Open the interventions in a case", (Who.ADMINISTRATOR,)),
    ("case.terminate", "终止办件", "Terminate a case", (Who.ADMINISTRATOR,)),
    ("case.message", "补发办件等待的消息", "Send a message a case waits for", (Who.ADMINISTRATOR,)),
    ("case.value", "更正未经提交或决定的数据", "Set a value that nobody secured", (Who.ADMINISTRATOR,)),
    ("due.change", "依法改期", "Change a due date on a legal ground", (Who.ADMINISTRATOR,)),
    ("task.reassign", "改派与收回待办", "Reassign a task or take it away", (Who.ADMINISTRATOR,)),
    ("step.restart", "重新开始一个环节", "Restart a step", (Who.ADMINISTRATOR,)),
    ("token.move", "移回前一环节", "Move back to the step before", (Who.ADMINISTRATOR,)),
    (
        "clock.confirm",
        "确认系统时间，恢复期限自动推进",
        "Confirm the system's time, so that limits go on",
        (Who.ADMINISTRATOR,),
    ),
    (
        "lapse.decide",
        "决定停机期间届满的期限",
        "Decide on limits that ended while the system was away",
        (Who.OFFICE, Who.ADMINISTRATOR),
    ),
    ("calendar.foresee", "查看日历更正会改动的期限", "See what a corrected calendar moves", (Who.OVERSEER,)),
    ("calendar.correct", "按更正的日历改动期限", "Move limits to the corrected calendar", (Who.ADMINISTRATOR,)),
    ("epoch.release", "恢复后放行对外发送", "Let messages leave after a restore", (Who.ADMINISTRATOR,)),
    ("archive.make", "归档已办结的届次", "Archive finished rounds", (Who.OFFICE, Who.ADMINISTRATOR)),
    ("season.seal", "封存届次", "Seal a finished round", (Who.OFFICE,)),
    ("season.publish", "公布封存的届次", "Publish a sealed round", (Who.OFFICE,)),
    ("season.read", "查看公布的封存届次", "Read published sealed rounds", _ANY),
    ("retention.view", "查看保存期限", "Look at times of keeping", (Who.OFFICE, Who.ADMINISTRATOR)),
    ("retention.change", "更改保存期限", "Change times of keeping", (Who.ADMINISTRATOR,)),
    ("retention.erase", "清除期满的内容", "Erase what was kept long enough", (Who.OFFICE, Who.ADMINISTRATOR)),
    ("health.view", "查看运行状况", "Look at how the installation is", (Who.ADMINISTRATOR,)),
    ("health.choose", "设置监测限值与告警", "Choose limits and who is alarmed", (Who.ADMINISTRATOR,)),
    ("incident.retry", "重试异常", "Retry an incident", (Who.ADMINISTRATOR,)),
    ("incident.skip", "跳过异常", "Skip an incident", (Who.ADMINISTRATOR,)),
    ("incident.hand_over", "移交异常", "Hand an incident over", (Who.ADMINISTRATOR,)),
    ("book.read", "查阅操作日志", "Read the book of acts", (Who.ADMINISTRATOR,)),
    ("people.manage", "管理人员与角色", "Manage people and roles", (Who.ADMINISTRATOR,)),
    ("people.export", "导出人员名单", "Export people", (Who.ADMINISTRATOR,)),
    ("permissions.view", "查看权限表", "Read the table of permissions", (Who.ADMINISTRATOR,)),
    ("law.study", "查看条款、设置与差异", "Study clauses, settings and differences", (Who.OVERSEER, Who.DESIGNER)),
    ("amendment.preview", "查看修订对在办办件的影响", "See what an amendment means for running cases", (Who.OVERSEER,)),
    ("settings.change", "更改设置", "Change a city's settings", (Who.ADMINISTRATOR,)),
    ("amendment.apply", "对进行中的办件适用修订", "Apply an amendment to running cases", (Who.ADMINISTRATOR,)),
    ("draft.view", "查看流程草稿", "Look at drafts of a procedure", (Who.DESIGNER, Who.OFFICE, Who.ADMINISTRATOR)),
    ("draft.edit", "设计流程", "Design a procedure", (Who.DESIGNER, Who.ADMINISTRATOR)),
    ("draft.review", "评审流程草稿", "Review a draft", (Who.DESIGNER, Who.OFFICE, Who.ADMINISTRATOR)),
    ("draft.publish", "发布流程草稿", "Publish a reviewed draft", (Who.DESIGNER, Who.ADMINISTRATOR)),
    ("calendar.propose", "提出日历年份", "Propose a year of the calendar", (Who.DESIGNER, Who.ADMINISTRATOR)),
    (
        "calendar.decide",
        "核定与撤回日历年份",
        "Take a year of the calendar in, or withdraw it",
        (Who.DESIGNER, Who.ADMINISTRATOR),
    ),
    ("definition.publish", "发布流程版本", "Publish a version of a procedure", (Who.ADMINISTRATOR,)),
    ("vitals.read", "读取运行状况", "Read how the program is", _ANY),
    ("demo.play", "演示：扮演角色、拨动时钟", "Demonstration: play a person, move the clock", _ANY),
    ("epoch.begin", "恢复备份后开始新纪元", "Begin an epoch after a restore", (Who.SYSTEM,)),
    ("upgrade.check", "升级前检查在办办件", "Check running cases before an upgrade", (Who.SYSTEM,)),
    ("soundness.prove", "逐件核对办件与记录", "Compare every case with what is stored of it", (Who.SYSTEM,)),
    ("work.run", "到期计时与后台事项", "Due timers and background work", (Who.SYSTEM,)),
)

GUARDS: Mapping[str, Guard] = MappingProxyType(
    {action: Guard(action, Text(zh, en), who) for action, zh, en, who in _DECLARED}
)
"""Every guard by its action."""

GUARDED: dict[str, str] = {}
"""Qualified name of every guarded use case → its action."""


def guarded(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a use case with guard ``action``, checked against its argument ``actor``.

    Raises:
        KeyError: when there is no such guard.
        TypeError: when the function has no argument ``actor``.
    """
    guard = GUARDS[action]

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        if "actor" not in signature.parameters:
            raise TypeError(f"{function.__qualname__} is guarded and needs an argument “actor”")
        place = list(signature.parameters).index("actor")
        GUARDED[f"{function.__module__}.{function.__qualname__}"] = action

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = kwargs["actor"] if "actor" in kwargs else args[place]
            assert isinstance(actor, Actor)
            named = actor.in_whose_place(guard.admits)
            if named is not actor:
                return by_both_names(named, args, kwargs)

            def work() -> R:
                guard.demand(actor)
                return after_lost_races(lambda: function(*args, **kwargs), (*args, *kwargs.values()))

            if action not in BOOKED:
                return work()
            given = signature.bind(*args, **kwargs).arguments
            return booked(action, actor, given["desk"], asked_of(function.__name__, given), work)

        def by_both_names(named: Actor, args: Sequence[Any], kwargs: Mapping[str, Any]) -> R:
            if "actor" in kwargs:
                return cast("Callable[..., R]", checked)(*args, **{**kwargs, "actor": named})
            return cast("Callable[..., R]", checked)(*args[:place], named, *args[place + 1 :], **kwargs)

        return checked

    return declare


def _stands_on(ground: Who, actor: Actor, jurisdiction: str | None) -> bool:
    seats = [s for s in actor.seats if jurisdiction is None or s.serves(jurisdiction)]
    if ground is Who.ANYBODY:
        return True
    if ground is Who.PERSON:
        return actor.person_id is not None
    if ground in (Who.HOLDER, Who.PARTY):
        return any(s.role not in BUILT_IN for s in seats)
    if ground is Who.OVERSEER:
        return any(s.oversees for s in seats)
    if ground is Who.OFFICE:
        return any(s.in_office for s in seats)
    if ground is Who.DESIGNER:
        return any(s.role == DESIGNER for s in seats)
    return ground is Who.ADMINISTRATOR and any(s.role == ADMINISTRATOR for s in seats)
