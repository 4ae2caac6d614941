"""The public page for lodging an objection: what may be objected to, with which form, or why not now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.cases.start import Starter, require_start
from service.casework.desk.desk import Desk
from service.casework.public.lodge import place_of, public_process, targets_at
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.published import published
from service.casework.reading.results import is_contestable_notice
from service.casework.step.decide import Undecided
from service.casework.step.fill import form_settings
from service.catalog import Package, ProcessInfo
from service.catalog.award import PUBLIC
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.forms import Form
from service.domain.forms.describe import FieldInfo
from service.domain.text import Text
from service.domain.values.titled import Titled
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, NoticeRow

MOST_NOTICES = 50
"""So many running notices are offered at once; each has its own page besides."""


@dataclass(frozen=True, slots=True)
class LodgingOption:
    """A kind of objection open to the public, and where to lodge it; about ``notice`` until its ``last_day``, or at a round.

    ``package`` and ``process`` name the form of it, ``round_id`` is sent as place, and ``href`` is the page for people.
    ``by_letter``: a letter to the office does as well.
    """

    name: Text
    place: str
    package: str
    process: str
    href: str
    jurisdiction: str
    notice: int | None = None
    last_day: date | None = None
    by_letter: bool = True
    round_id: int | None = None


@dataclass(frozen=True, slots=True)
class LodgingView:
    """The page: ``targets`` are (case, name) to choose from; ``refusal`` when none of them can be objected to now."""

    package: Package
    process: str
    name: Text
    place: int
    place_title: str
    notice: int | None
    notice_title: str
    targets: tuple[Titled, ...]
    form: Form | None
    clauses: tuple[CitedArticle, ...]
    refusal: Text | None
    today: date
    settings: Mapping[str, Any]

    @property
    def address(self) -> str:
        """The page's path and query."""
        tail = f"notice={self.notice}" if self.notice is not None else f"place={self.place}"
        return f"/objections/{self.package.key}/{self.process}?{tail}"

    @property
    def fields(self) -> tuple[FieldInfo, ...]:
        """The fields of the form; in lists their path has ``[]``."""
        return self.form.fields_of(self.settings, self.today) if self.form else ()

    @property
    def context(self) -> Mapping[str, Any]:
        """What the program fills in, and what conditions of fields read besides these: it is not sent."""
        return self.form.split_values({}, today=self.today, stored=self.settings)[1] if self.form else {}


@guarded("objection.lodge")
def lodging_options(
    desk: Desk, actor: Actor, notice_id: int | None = None, jurisdiction: str | None = None
) -> tuple[LodgingOption, ...]:
    """Return what the public may lodge about a notice, or (without one) in ``jurisdiction`` or everywhere.

    There the notices that are posted for objections come first, which ends soonest before all, then running rounds.
    """
    del actor
    with desk.store.read() as tx:
        if notice_id is not None:
            return _about_notice(desk, tx, tx.notices.get(notice_id))
        posted = [
            n
            for n in tx.notices.list_public(jurisdiction, running_only=True, limit=MOST_NOTICES)
            if is_contestable_notice(n)
        ]
        posted.sort(key=lambda notice: (notice.last_day, notice.id))
        packages = [p for p in published(desk, tx).packages if jurisdiction in (None, p.jurisdiction.id)]
        rounds = [o for p in packages for o in _about_rounds(desk, tx, p, {n.case_id for n in posted})]
        return (*(o for n in posted for o in _about_notice(desk, tx, n)), *rounds)


@guarded("objection.lodge")
def view_lodging(
    desk: Desk, actor: Actor, package_key: str, process: str, *, place: int | None = None, notice: int | None = None
) -> LodgingView:
    """Return the page for ``process`` about a notice, or at a round (``place``); raises Invalid, NotFound, NotAllowed."""
    del actor
    if notice is None and place is None:
        raise Invalid(
            Text(
                "链接不完整，看不出对哪一则公示或者哪一届提出异议。请从公示页面进入“提出异议”。",
                "The link is incomplete: it does not say which notice or round the objection is about. Start from the page of a notice.",
            )
        )
    with desk.store.read() as tx:
        row = tx.notices.get(notice) if notice is not None else None
        if row is not None and row.audience != "public":
            raise NotFound(Text("请从公示页面进入“提出异议”。", "Start from the page of a notice."))
        case = tx.cases.get(row.case_id if row else int(place or 0))
        package = desk.packages.get(case.definition, tx)
        info = public_process(package, process)
        root = place_of(package, case)
        targets = targets_at(tx, info, root)
        if row is not None and case.process == info.parent:
            targets = [c for c in targets if c.id == case.id]
        return LodgingView(
            package=package,
            process=process,
            name=info.text,
            place=root,
            place_title=tx.cases.get(root).title,
            notice=notice,
            notice_title=row.title if row else "",
            targets=tuple(Titled(c.id, c.title) for c in targets),
            form=desk.packages.form(package, info.start_form) if info.start_form else None,
            clauses=cite(package, info.clauses),
            refusal=_find_refusal(desk, tx, package, info, targets)
            if package.key == package_key
            else _describe_no_targets(),
            today=local_date(desk.clock.now()),
            settings=form_settings(package, case.parameters),
        )


def _about_notice(desk: Desk, tx: Transaction, row: NoticeRow) -> tuple[LodgingOption, ...]:
    if row.audience != "public" or row.state != "running":
        return ()
    case = tx.cases.get(row.case_id)
    package = desk.packages.get(case.definition, tx)
    return tuple(
        LodgingOption(
            info.text,
            row.title,
            package.key,
            info.key,
            f"/objections/{package.key}/{info.key}?notice={row.id}",
            row.jurisdiction,
            row.id,
            row.last_day,
            (case.parameters or {}).get("objection_form") != "online_only",
        )
        for info in package.award.processes.values()
        if info.public and _is_offered(desk, tx, package, info, place_of(package, case))
    )


def _about_rounds(desk: Desk, tx: Transaction, package: Package, posted: Collection[int]) -> list[LodgingOption]:
    """Return what may be lodged at rounds, running or with titles that stand, other than those whose own notice (``posted``) leads there.

    A round at which nothing was made public yet leads nowhere.
    """
    kinds = package.award.processes
    options = []
    for info in kinds.values():
        if not info.public or info.parent is None:
            continue
        above = kinds[info.parent].parent or info.parent
        chosen = CaseFilter([package.jurisdiction.id], above, live=info.parent != above)
        for row in tx.cases.search(chosen, limit=20):
            if (
                row.award == package.award.id
                and row.definition
                and row.id not in posted
                and _is_offered(desk, tx, package, info, row.id)
            ):
                key, city = desk.packages.get(row.definition, tx).key, package.jurisdiction.id
                href = f"/objections/{key}/{info.key}?place={row.id}"
                options.append(LodgingOption(info.text, row.title, key, info.key, href, city, round_id=row.id))
    return options


def _is_offered(desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, place: int) -> bool:
    """Return whether ``info`` can be lodged at ``place``; an objection to the result itself is offered in its time only."""
    targets = targets_at(tx, info, place)
    if info.holds and info.parent == tx.cases.get(place).process:
        return _find_refusal(desk, tx, package, info, targets) is None
    return bool(targets)


def _find_refusal(
    desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, targets: list[CaseRow]
) -> Text | None:
    if not targets:
        return _describe_no_targets()
    refusal: Text | None = None
    for case in targets:
        try:
            require_start(desk, tx, package, info, case, None, Starter(PUBLIC))
        except Undecided:  # who tries is told
            return None
        except (Conflict, Invalid) as refused:
            refusal = refused.message
        else:
            return None
    return refusal


def _describe_no_targets() -> Text:
    return Text(
        "目前没有可以提出异议的公示对象。公示期间可以从公示页面进入；其他情况请书面送交办公室。",
        "There is nothing to object to here now: use the page of a running notice, or write to the office.",
    )
