"""The page of retention: the rules of each place, what is due, and what was erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.archives.gather import keeps_records
from service.casework.desk.desk import Desk
from service.casework.reading.published import published
from service.casework.retention.due import DueRound, coming_rules, due_rounds, rules_of
from service.domain.calendar import local_date
from service.domain.errors import Conflict, NotAllowed
from service.domain.retention import RetentionRule
from service.domain.text import Text
from service.store import Occupied
from service.store.models import ErasureRow, RetentionRuleRow

NOT_REACHED = (
    Text(
        "公示、名录（含个人获奖者的姓名和登记号码）、惩戒：依法公开，原样保留。",
        "Notices, the register (with name and number of individuals who won) and sanctions: public by law, kept as they are.",
    ),
    Text(
        "表决和抽取专家的记录：为能复核计票和抽取，原样保留，其中有委员、专家和候选者的姓名。",
        "Records of ballots and draws: kept so that they can be repeated; they name members, experts and candidates.",
    ),
    Text(
        "账号、专家库和单位名录：随账号、任期管理，不随办件清除。",
        "Accounts, the register of experts and the list of bodies: kept with the account or term, not with a case.",
    ),
    Text(
        "已经取出的归档、备份、已经发出的邮件和日志：本系统够不到，请按各自的保存期限处理。不含个人信息的归档连同其中的文书留存。",
        "Archives taken out, backups, mail that left and logs: out of reach, see to them by their own times."
        " Archives without personal data stay, with the documents in them.",
    ),
    Text(
        "登录后随立件的表单或者动作传来、始终没有提交成的附件：不属于任何办件。",
        "Files that somebody signed in sent with a form that starts a case, or an action, and never submitted: they belong to"
        " no case.",
    ),
    Text(
        "单个字、不足五位的数字、“没有”之类的常用词和本奖项表单、文书自己的用语只从原来的栏目清除；与组织名称相同的字句保留。",
        "Single characters, numbers below five digits, ordinary words such as “none” and what the award's own forms and"
        " documents say go from their own field only; words of an organisation's name stay.",
    ),
    Text(
        "数据库文件中已释放的空间由系统管理员整理以后才不再留有旧内容。",
        "Space that the database freed holds old contents until the system administrator has tidied it.",
    ),
)
"""What erasing does not reach, as the page says it."""


PAGE = 200
"""Erasures on a page."""


@dataclass(frozen=True, slots=True)
class ErasureView:
    """An erasure with the title of its case and who wanted it."""

    row: ErasureRow
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class RetentionDesk:
    """Rules by place, those that hold from a later day on (``coming``), finished rounds with what is due ``by`` a day, and erasures.

    Erasures are a page of them, newest first, which ``before`` continues.
    """

    by: date
    rules: Mapping[str, Sequence[RetentionRule]]
    coming: Mapping[str, Sequence[RetentionRuleRow]]
    names: Mapping[str, Text]
    rounds: tuple[DueRound, ...]
    erasures: tuple[ErasureView, ...]
    before: int | None
    may_change: frozenset[str]


@guarded("retention.view")
def view_retention(desk: Desk, actor: Actor, by: date | None = None, before: int | None = None) -> RetentionDesk:
    """Return it for the places that the actor administers or whose office they are of; cases they are recused from are left out.

    Who decides on policy alone sees the rules and nothing of the rounds.
    """
    today = local_date(desk.clock.now())
    with desk.store.read() as tx:
        publications = published(desk, tx)
        places = sorted(place for place in publications.jurisdictions() if keeps_records(actor, place))
        rounds = due_rounds(desk, tx, places, by or today)
        ruled = sorted(place for place in publications.jurisdictions() if place in places or actor.secures(place))
        rows = tx.erasures.select("-id", jurisdiction=places, limit=PAGE + 1, after=before)
        onward, rows = (rows[PAGE - 1].id if len(rows) > PAGE else None), rows[:PAGE]
        cases = tx.cases.by_id([row.case_id for row in rows])
        rows = [row for row in rows if row.case_id in cases and not is_recused(actor, cases[row.case_id])]
        people = tx.people.named({row.person_id for row in rows if row.person_id is not None})
        rules = {place: tuple(rules_of(tx, place, today).values()) for place in ruled}
        coming = {place: tuple(coming_rules(tx, place, today)) for place in ruled}
    visible_rounds = (
        DueRound(due_round.root, tuple(case for case in due_round.cases if not is_recused(actor, case.case)))
        for due_round in rounds
    )
    return RetentionDesk(
        by or today,
        rules,
        coming,
        {place: publications.of(place)[0].jurisdiction.text for place in ruled},
        tuple(due_round for due_round in visible_rounds if due_round.cases),
        tuple(ErasureView(r, cases[r.case_id].title, people.get(r.person_id or 0, "系统")) for r in rows),
        onward,
        frozenset(place for place in ruled if actor.secures(place)),
    )


@guarded("retention.erase")
def tidy_database(desk: Desk, actor: Actor) -> None:
    """Write the database anew, so that no freed space holds what was erased; every machine must stand still meanwhile.

    Raises:
        NotAllowed: for anybody but administrators of the whole system.
        Conflict: the database is in use.
        StorageFull, NotOwner: there is no room for a second copy, or the database's account does not own the tables.
    """
    if actor.person_id is not None and not actor.administers("*"):
        raise NotAllowed(
            Text("由全系统管理员整理数据库。", "An administrator of the whole system has the database tidied.")
        )
    try:
        desk.store.rewrite()
    except Occupied as error:
        raise Conflict(
            Text(
                "数据库正在使用，没有重写。请停止所有机器上的 laurel 和其他连接（备份等）后再试。",
                "The database is in use and was not written anew. Stop laurel on every machine, and whatever else is"
                " connected (a backup), then try again.",
            )
        ) from error
