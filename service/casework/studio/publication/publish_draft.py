"""Publish an approved draft, today or from a day on, with what the decision rests on; withdraw a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import ADMINISTRATOR, DESIGNER, SECURITY_ADMINISTRATOR, Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.definitions.deploy import PackageRefused
from service.casework.definitions.publish import (
    APPROVED,
    PUBLISHED,
    begin_on,
    begin_version,
    current_in_turn,
    keep_version,
    places_in_force,
    record_event,
)
from service.casework.definitions.settings import ReplacedValue, settings_ended_by
from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import (
    HOME,
    PUBLISHER,
    jurisdiction_of,
    publishing_administrator,
    seat_first_people,
)
from service.casework.people.rights.seats import EVERYWHERE
from service.casework.people.tell_person import tell_person
from service.casework.queries.law.versions import VersionLine, version_lines
from service.casework.queries.law.view_moves import RunningView, running_view
from service.casework.reading.published import WITHDRAWN, Published, published, version_name
from service.casework.step.post import add_page_link
from service.casework.studio.check_beside import find_problems
from service.casework.studio.drafts.check_draft import LastCheck, check_draft, counted, last_check
from service.casework.studio.drafts.compare_draft import DraftComparison, compare_draft
from service.casework.studio.drafts.draft_access import (
    REVIEW,
    awaits_review_by,
    is_edited_by_another,
    may_edit,
    require_current,
    visible_draft,
)
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.jobs import Job
from service.casework.studio.publication.review_draft import (
    StatedAmendment,
    list_holders,
    stated_amendment,
)
from service.casework.studio.scenarios.run_scenarios import (
    ScenarioLine,
    describe_plays,
    describe_stale,
    list_scenarios,
    on_record,
    plays_of,
    verdicts_of,
)
from service.catalog import Package, Severity
from service.catalog.award import PUBLIC
from service.catalog.coverage.coverage import coverage
from service.catalog.coverage.matrix import ClauseStatus, Verdicts, as_played, build_coverage_matrix
from service.catalog.jurisdiction import Body, Role
from service.catalog.law.law import Amendment
from service.catalog.tree import sources_of
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, DefinitionRow, PackageDraftRow, PackageEventRow


@guarded("draft.publish")
def publish_draft(desk: Desk, actor: Actor, draft: int, day: date | None = None) -> str:
    """Let cases that start on ``day`` (today) or later use the draft, and return its version; running cases keep theirs.

    Raises:
        PackageRefused: the draft has errors.
        Conflict: it is not approved, waits for its day already, or somebody published meanwhile.
        Invalid: the day has passed, or lies before the one from which the regulation says that it is in force.
    """
    errors = tuple(p for p in check_draft(desk, actor, draft).problems if p.severity is Severity.ERROR)
    today = local_date(desk.clock.now())
    begins = day or today
    if begins < today:
        raise Invalid(Text("生效日期不能早于今天。", "The first day cannot lie before today."))
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft, "draft.publish")
        details = dict(row.details or {})
        if row.state != APPROVED or details.get("from"):
            raise Conflict(
                Text(
                    "草稿还没有通过复核，或者已经排定发布，请刷新页面。",
                    "The draft is not approved, or waits for its day already: reload the page.",
                )
            )
        if errors:
            raise PackageRefused(row.package, errors)
        require_current(tx, row)
        tree, now = tree_of(desk, tx, draft), desk.clock.now()
        package = tree.package
        ended = settings_ended_by(desk, tx, package, begins)
        keep_version(tx, package, now, actor.name, sources_of(tree.files, row.package), draft)
        _begin_version(desk, tx, actor, row, package, begins if begins > today else None)
        text = f"发布草稿“{row.title}”，自{format_full_day(begins).zh}起生效。"
        plays = plays_of(tx, draft, tree)
        if (how := describe_plays(plays)) is not None:
            text += f"{how.zh}{_reviewer_words(details)}"
        if ended:
            text += (
                f"本地设定的{len(ended)}项随之不再算数：{'；'.join(replacement.sentence.zh for replacement in ended)}。"
            )
        data = {"version": package.version, "from": begins.isoformat(), "scenarios": on_record(plays)}
        record_event(tx, actor, now, row.package, "published", text, draft, data)
        _tell_published(desk, tx, actor, package, row.title, begins, stated_amendment(desk, tx, row, tree).said)
    return package.version


def _begin_version(
    desk: Desk, tx: Transaction, actor: Actor, row: PackageDraftRow, package: Package, day: date | None
) -> None:
    """Let a version that is kept begin, now or on ``day``."""
    now = desk.clock.now()
    publisher = publishing_administrator(actor, row)
    if day is None:
        tx.package_drafts.change(row.id, state=PUBLISHED, changed_at=now)
        begin_version(tx, package, now, places_in_force(desk, tx, package))
        seat_first_people(tx, row, package, publisher, now)
        return
    details = {**(row.details or {}), "from": day.isoformat(), PUBLISHER: publisher}
    tx.package_drafts.change(row.id, details=details, changed_at=now)
    begin_on(tx, row.id, package.version, day, now)


def _reviewer_words(details: Mapping[str, Any]) -> str:
    """Return with what sentence the reviewer approved it all the same."""
    reviewed = details.get("reviewed") or {}
    return f"复核人{reviewed['by']}：{reviewed['reason'][:200]}" if reviewed.get("reason") else ""


def _tell_published(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, title: str, begins: date, amendment: Amendment | None
) -> None:
    """Tell the others who design, administer and apply the law of the place; ``amendment`` is what it says of running cases."""
    day, award = format_full_day(begins), package.award.text
    running = (
        Text("在办办件是否适用，见该版本的说明。", "Whether running cases follow, the version says.")
        if amendment is not None and amendment.applies_to_running
        else Text("在办办件按启动时的版本办完。", "Running cases keep the version they began under.")
    )
    subject = Text(f"{award.zh}：新版本自{day.zh}起生效", f"{award.en}: a new version begins on {day.en}")
    text = Text(
        f"{actor.name}发布了“{title}”。自{day.zh}起启动的办件按它办理。{running.zh}",
        f"{actor.name} published “{title}”: cases that begin from {day.en} on use it. {running.en}",
    )
    message = add_page_link(text, f"/law/{package.key}/versions/{package.version}")
    for person in list_holders(tx, package.key, _TOLD, desk.clock.now()):
        if person.id != actor.person_id:
            tell_person(desk, tx, person, subject, message, "published")


_TOLD = (DESIGNER, SECURITY_ADMINISTRATOR, ADMINISTRATOR, "office")


@guarded("draft.publish")
def withdraw_version(desk: Desk, actor: Actor, key: str, version: str, reason: str) -> tuple[CaseRow, ...]:
    """Let new cases of package ``key`` use the version before ``version``; returns the running cases that keep it.

    Raises:
        NotFound: nothing is published under ``key``.
        Conflict: ``version`` is not the current one, or there is none before it.
        Invalid: no reason is given.
        NotAllowed: the person does not design or administer the jurisdiction.
    """
    jurisdiction, _, award = key.partition("/")
    GUARDS["draft.publish"].demand(actor, jurisdiction)
    if not reason.strip():
        raise Invalid(Text("请写明撤回的理由，会记入发布记录。", "Say why; the reason goes on record."))
    with desk.store.write() as tx:
        current = current_in_turn(tx, key)
        if current is None:
            raise NotFound(Text(f"“{key}”尚未发布。", f"“{key}” is not published."))
        if current.version != version:
            name = version_name(tx, key, current.version)
            raise Conflict(
                Text(
                    f"现行的已是{name.zh}，不是您要撤回的那一版，请刷新页面。",
                    f"In force is {name.en}, not the one that you would withdraw: reload the page.",
                )
            )
        if current.base is None:
            raise Conflict(
                Text(
                    "这是第一个版本，没有可以退回的版本。请另行修改后发布。",
                    "This is the first version: there is none to go back to. Publish a corrected one.",
                )
            )
        before, now = desk.packages.get(current.base, tx), desk.clock.now()
        begin_version(tx, before, now, places_in_force(desk, tx, before))
        running = tuple(
            r
            for r in tx.cases.select(jurisdiction=jurisdiction, award=award, status__ne="ended")
            if r.definition == version
        )
        gone, instead = (version_name(tx, key, each).zh for each in (version, before.version))
        text = f"撤回{gone}，新办件改用{instead}：{reason.strip()[:200]}"
        data = {"version": version, "instead": before.version, "running": len(running)}
        record_event(tx, actor, now, key, WITHDRAWN, text, current.draft_id, data)
        _tell_others(desk, tx, actor, jurisdiction, before.award.text, text)
    return running


def _tell_others(desk: Desk, tx: Transaction, actor: Actor, place: str, award: Text, text: str) -> None:
    """Tell who designs, administers and applies the law of the place: one person alone withdraws, and others must see it."""
    now = desk.clock.now()
    others = [person for person in list_holders(tx, place, _TOLD, now) if person.id != actor.person_id]
    subject = Text(f"{award.zh}：现行版本已撤回", f"The current version of {award.en} was withdrawn")
    message = Text(
        f"{actor.name}{text}\n如果不应撤回，请另行发布；理由不实的，请告诉审计管理员。",
        f"{actor.name} withdrew the current version of {award.en}: new cases use the one before. If that is wrong, publish"
        " another, and tell the audit administrator.",
    )
    for person in others:
        tell_person(desk, tx, person, subject, message, "withdrawn")


@dataclass(frozen=True, slots=True)
class NextStart:
    """A kind of case that stands below no other, started by ``roles``; ``href`` leads there for who may start it."""

    process: str
    name: Text
    roles: tuple[Text, ...]
    may: bool
    href: str


def next_starts(actor: Actor, package: Package) -> Iterator[NextStart]:
    """Yield the kinds of cases with which everything else begins: rounds, before all."""
    place = package.jurisdiction
    for info in package.award.processes.values():
        if info.parent is None and not info.public and info.started_by:
            roles = tuple(place.roles[role].text for role in info.started_by if role in place.roles)
            may = any(actor.holds(place.id, role) is not None for role in info.started_by)
            yield NextStart(info.key, info.text, roles, may, f"/start/{package.key}/{info.key}")


@dataclass(frozen=True, slots=True)
class ScenarioCount:
    """How many scenarios a draft has, and how many were met, not met, and not played since the last change.

    ``open`` are those not met and not played, worst first; ``stale`` says what plays before the last change came to.
    """

    all: int
    met: int
    unmet: int
    waiting: int
    open: tuple[ScenarioLine, ...] = ()
    stale: Text | None = None

    @property
    def begun(self) -> bool:
        """Whether any of them was played since the last change."""
        return self.waiting < self.all


@guarded("draft.view")
def count_scenarios(desk: Desk, actor: Actor, draft: int) -> ScenarioCount:
    """Return how many scenarios were met, not met, and not played since the last change."""
    lines = list_scenarios(desk, actor, draft).lines
    fresh = [line.passed for line in lines if line.passed is not None and not line.stale]
    met = sum(fresh)
    red = [line for line in lines if line.passed is False and not line.stale]
    unplayed = sorted(
        (line for line in lines if line.passed is None or line.stale), key=lambda line: line.passed is not False
    )
    stale = describe_stale([line.passed for line in unplayed if line.passed is not None])
    return ScenarioCount(len(lines), met, len(fresh) - met, len(lines) - len(fresh), (*red, *unplayed), stale)


@dataclass(frozen=True, slots=True)
class UnheldRole:
    """A role without a holder, and the bodies in which it may be held; ``begins`` with the version: until then nobody gets it."""

    role: Role
    bodies: tuple[Body, ...]
    begins: bool


def unheld_roles(tx: Transaction, package: Package, publications: Published, now: datetime) -> tuple[UnheldRole, ...]:
    """Return the roles that act in ``package`` and that nobody holds at ``now``, in the order in which it declares them.

    Whoever manages people can give the roles that the place has by what is ``publications``, the current packages.

    Roles of applicants are held by whoever applies; a person whom the package names gets an account with it.
    """
    place = package.jurisdiction
    acting = set(_iterate_acting_roles(package))
    named = {role for body in place.bodies for member in body.members for role in member.roles}
    existing_roles = {role for current in publications.of(place.id)[:1] for role in current.jurisdiction.roles}
    return tuple(
        UnheldRole(role, place.bodies_with(role.id), role.id not in existing_roles)
        for role in place.roles.values()
        if role.id in acting
        and not role.subject
        and role.id not in named
        and not _has_holder(tx, place.id, role.id, now)
    )


def _iterate_acting_roles(package: Package) -> Iterator[str]:
    for diagram in package.diagrams.values():
        yield from (package.role_of(element) for element in diagram.elements.values() if element.role)
    for kind in package.award.processes.values():
        yield from (package.jurisdiction.bind(role) for role in kind.started_by if role != PUBLIC)


def _has_holder(tx: Transaction, place: str, role: str, now: datetime) -> bool:
    return any(tx.people.people_with(where, role, None, now) for where in (place, EVERYWHERE))


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A published version, what people call it, how many cases run under it and how many ended.

    ``before`` is what withdrawing it brings back, ``again`` its newest publication where it was published more than once,
    ``withdrawn`` how it was withdrawn, where it is.
    """

    row: DefinitionRow
    name: Text
    running: int
    ended: int
    before: str | None
    again: PackageEventRow | None
    withdrawn: PackageEventRow | None


@dataclass(frozen=True, slots=True)
class PublicationView:
    """A draft on its way: ``running`` is its effect on running cases, None where that cannot be told; ``today`` the first day.

    ``checked`` is None until the newest change is checked, which ``job`` does beside.
    ``unheld`` are the roles of the draft without a holder, ``amendment`` what it says of running cases; ``unmanaged``:
    the place begins with it, and published by who looks now it would have no administrator;
    ``starts`` are what begins a round, once it is the current version;
    ``ended`` is what the city set itself and what would hold no more.
    """

    row: PackageDraftRow
    checked: LastCheck | None
    job: Job | None
    covered: Text
    scenarios: ScenarioCount
    compared: DraftComparison
    running: RunningView | None
    events: tuple[PackageEventRow, ...]
    versions: tuple[PublishedVersion, ...]
    today: date
    may_submit: bool
    may_review: bool
    may_publish: bool
    may_take_back: bool
    may_withdraw: bool
    unheld: tuple[UnheldRole, ...]
    unmanaged: bool
    manages_people: bool
    amendment: StatedAmendment
    may_edit: bool
    starts: tuple[NextStart, ...] = ()
    ended: tuple[ReplacedValue, ...] = ()


@guarded("draft.view")
def view_publication(desk: Desk, actor: Actor, draft: int) -> PublicationView:
    """Return everything that a decision on ``draft`` rests on; raises NotFound."""
    with desk.store.read() as tx:
        checked = last_check(visible_draft(tx, actor, draft))
    job = None
    if checked is None or not checked.current:
        found = find_problems(desk, actor, draft)
        checked = counted(found.checked.problems) if found.checked and not found.behind else None
        job = found.job
    compared = compare_draft(desk, actor, draft)
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        current = tx.definitions.current(row.package)
        effect = (
            None if checked is None or checked.errors or current is None else _preview_effect(desk, tx, actor, tree)
        )
        state, place = row.state, jurisdiction_of(row)
        edits, publishes = (GUARDS[action].admits(actor, place) for action in ("draft.edit", "draft.publish"))
        mine = may_edit(actor, row) and not is_edited_by_another(actor, row, desk.clock.now())
        return PublicationView(
            row,
            checked,
            job,
            _describe_coverage(tree, verdicts_of(tx, draft, tree)),
            count_scenarios(desk, actor, draft),
            compared,
            effect,
            tuple(reversed(tx.package_events.select(package=row.package, draft_id=draft))),
            tuple(_iterate_versions(tx.definitions.of_package(row.package), version_lines(tx, row.package))),
            local_date(desk.clock.now()),
            may_submit=mine,
            may_review=awaits_review_by(tx, actor, row),
            may_publish=publishes and state == "approved" and not (row.details or {}).get("from"),
            may_take_back=edits and state in (REVIEW, "approved"),
            may_withdraw=publishes,
            unheld=unheld_roles(tx, tree.package, published(desk, tx), desk.clock.now()),
            unmanaged=HOME in (row.details or {}) and publishing_administrator(actor, row) is None,
            manages_people=GUARDS["people.manage"].admits(actor, tree.package.jurisdiction.id),
            amendment=stated_amendment(desk, tx, row, tree),
            may_edit=mine,
            starts=tuple(next_starts(actor, tree.package)) if state == PUBLISHED and _in_force(current, tree) else (),
            ended=settings_ended_by(desk, tx, tree.package, local_date(desk.clock.now())),
        )


def _in_force(current: DefinitionRow | None, tree: DraftTree) -> bool:
    return current is not None and current.version == tree.package.version


def _describe_coverage(tree: DraftTree, verdicts: Verdicts) -> Text:
    """Return how the clauses are accounted for; what a red or unplayed scenario would prove, or part of it, is counted apart."""
    whole = build_coverage_matrix([tree.package])
    played = as_played(whole, verdicts)
    if played == whole:
        return coverage(tree.package).summary
    failed, unplayed = played.count(ClauseStatus.FAILED), played.count(ClauseStatus.UNPLAYED)
    proved, open_ones = played.count(ClauseStatus.CARRIED_OUT), played.count(ClauseStatus.UNPROVED)
    words, informative_count = played.count(ClauseStatus.WORDS_ONLY), played.count(ClauseStatus.INFORMATIVE)
    outside = played.count(ClauseStatus.OUTSIDE)
    uncovered_count = played.count(ClauseStatus.UNCOVERED) + played.count(ClauseStatus.LATER)
    counted = (
        (failed, "情景未通过", "whose scenario failed"),
        (unplayed, "有情景证明、还没有在本版上运行", "whose scenario was not played on this version yet"),
        (open_ones, "没有情景证明", "that no scenario proves"),
        (uncovered_count, "未落实", "uncovered"),
        (words, "为文字体现", "words only"),
        (informative_count, "为说明性", "informative"),
        (outside, "在流程之外", "outside the procedure"),
    )
    rest = [(number, zh, en) for number, zh, en in counted if number]
    return Text(
        f"共 {len(played.lines)} 条："
        + "；".join([f"{proved} 条由流程落实并在本版上证明", *(f"{number} 条{zh}" for number, zh, _ in rest)]),
        f"{len(played.lines)} clauses: "
        + "; ".join(
            [f"{proved} carried out and proved on this version", *(f"{number} {en}" for number, _, en in rest)]
        ),
    )


def _preview_effect(desk: Desk, tx: Transaction, actor: Actor, tree: DraftTree) -> RunningView:
    desk.packages.remember(tree.package)
    return running_view(desk, tx, actor, tree.package)


def _iterate_versions(rows: Sequence[DefinitionRow], lines: Sequence[VersionLine]) -> Iterator[PublishedVersion]:
    for row, line in zip(rows, lines, strict=True):
        yield PublishedVersion(row, line.name, line.running, line.ended, row.base, line.again, line.withdrawn)
