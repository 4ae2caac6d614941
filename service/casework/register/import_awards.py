"""Import past winners from a list: previewed line by line, then put on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.subjects.case_subjects import INDIVIDUAL, KINDS, format_body_code, takes_individuals
from service.casework.subjects.register_facts import names_of
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from service.domain.forms.masking import masked
from service.domain.spreadsheets.import_report import (
    ImportReport,
    LineOutcome,
    LineReport,
    name_unread,
    refused,
    report_of,
)
from service.domain.spreadsheets.lists import unread_columns
from service.domain.spreadsheets.past_awards import PastAward, past_award_columns, plain_round, read_past_awards
from service.domain.text import Text
from service.domain.values.bounds import Example, Length
from service.domain.values.typed_text import plain_name
from service.store import Transaction
from service.store.models import AwardRow, BodyRow

NEW = "new"
"""The choice that a doubtful line names an organisation of its own."""

_CODE, _KIND, _DECIDED = (c.title for c in past_award_columns(()) if c.id in ("code", "kind", "decided_on"))


@guarded("register.import")
def import_awards(
    desk: Desk,
    actor: Actor,
    package_key: str,
    rows: Annotated[
        Sequence[Sequence[str]],
        Length(1, 20_000),
        Example([["组织名称", "奖项类别", "届次", "授奖日期"], ["某某公司", "市长质量奖", "第一届", "2024-09-10"]]),
    ],
    choices: Mapping[int, str] | None = None,
    *,
    commit: bool = False,
) -> ImportReport:
    """Match past winners with the organisations known, and with ``commit`` put them on record.

    An organisation is the same by its unified social credit code; where only a name (present or former)
    speaks for it, a person chooses: ``choices`` maps a line to a body id or "new". A line left
    undecided is not taken.

    Raises:
        NotAllowed: the office of another city.
        Invalid: the headings are not there.
    """
    with desk.store.write() as tx:
        package = _get_package(desk, tx, actor, package_key)
        tiers = tuple((tier.id, tier.name) for tier in package.award.tiers)
        good, bad = read_past_awards(rows, tiers)
        bodies = [b for b in tx.bodies.list_active("*") if b.kind in ("organisation", "individual")]
        reports = [refused(line, line.text("name")) for line in bad]
        seen: dict[tuple[object, ...], PastAward] = {}
        today = local_date(desk.clock.now())
        for award in good:
            report, body = _judge_line(tx, package, award, bodies, (choices or {}).get(award.line), today)
            winner = body.id if body else award.code
            marks = ((winner, award.tier, of) for of in (plain_round(award.round), award.decided_on))
            first = min((seen.setdefault(mark, award) for mark in marks), key=lambda each: each.line)
            if report.outcome is LineOutcome.TAKEN and first is not award:
                report = _report_repeated(award, first)
            if report.outcome is LineOutcome.TAKEN and commit:
                bodies = _record_award(tx, package, award, body, bodies)
            reports.append(report)
        return report_of(reports, done=commit, unread=unread_columns(rows, past_award_columns(tiers)))


@guarded("register.import")
def require_keeper(desk: Desk, actor: Actor, package_key: str) -> None:
    """Raise NotAllowed unless ``actor`` may import past winners of the package: before a file of theirs is opened."""
    with desk.store.read() as tx:
        _get_package(desk, tx, actor, package_key)


def _get_package(desk: Desk, tx: Transaction, actor: Actor, package_key: str) -> Package:
    package = desk.packages.current(package_key, tx)
    if not actor.in_office(package.jurisdiction.id):
        raise NotAllowed(Text("往届获奖由本市办公室导入。", "Past winners are imported by the city's own office."))
    return package


def _judge_line(
    tx: Transaction, package: Package, award: PastAward, bodies: Sequence[BodyRow], choice: str | None, today: date
) -> tuple[LineReport, BodyRow | None]:
    """Return what becomes of a line and whom it means (None: a new organisation)."""
    same = next((b for b in bodies if award.code and b.key == award.code), None)
    if same is not None and same.kind != award.kind:
        return _refused_kind(award, same), None
    names = {plain_name(name) for name in (award.name, *award.former_names)}
    alike = [b for b in bodies if b is not same and b.kind == award.kind and names & set(map(plain_name, names_of(b)))]
    if same is None and alike:
        chosen = next((b for b in alike if str(b.id) == choice), None)
        if chosen is None and choice != NEW:
            return _report_doubtful(award, alike), None
        same = chosen
    if same is None and (reason := _find_obstacle(package, award)) is not None:
        return LineReport(award.line, award.name, LineOutcome.REFUSED, reason, field=_CODE), None
    if award.decided_on > today:
        reason = Text("授奖日期还没有到，请核对。", "The day of the award is yet to come: look at it again.")
        return LineReport(award.line, award.name, LineOutcome.REFUSED, reason, field=_DECIDED), None
    record = _find_record(tx, package, award, same) if same is not None else None
    if same is not None and record is not None:
        reason = Text(
            "同一届次（或者同一天）同一类别的获奖已有记录。",
            "An award of this round, or day, and tier is on record already.",
        )
        known = LineReport(award.line, award.name, LineOutcome.KNOWN, reason)
        prize = (record.details or {}).get("prize_yuan")
        kept = (record.round, record.decided_on, record.number, int(prize) if prize else None, record.revoked_on)
        return _name_differences(known, award, names_of(same), kept), same
    return LineReport(award.line, award.name, LineOutcome.TAKEN, _describe_target(award, same)), same


def _describe_target(award: PastAward, same: BodyRow | None) -> Text:
    if same is not None:
        return Text(f"归入“{same.name}”", f"goes to “{same.name}”")
    if award.kind == INDIVIDUAL:
        masked_code = masked(award.code)
        return Text(f"新登记的个人（身份号码{masked_code}）", f"a new individual (number {masked_code})")
    return Text("新登记的组织", "a new organisation")


def _find_obstacle(package: Package, award: PastAward) -> Text | None:
    """Return why a line without a known organisation cannot register a new one; None when it can."""
    if award.kind == INDIVIDUAL and not takes_individuals(package):
        return Text("本市的奖项只授予组织，不登记个人。", "This city's award is for organisations only.")
    if award.code:
        return None
    if award.kind == INDIVIDUAL:
        return Text(
            "没有填写公民身份号码，也没有同名的已登记个人；新登记个人须填写号码，以免同名混淆。",
            "No identity number, and nobody registered of that name: a new individual is registered by number only.",
        )
    return Text("没有统一社会信用代码，也没有同名组织。", "No credit code, and no organisation of that name.")


def _refused_kind(award: PastAward, same: BodyRow) -> LineReport:
    kind_name = dict(KINDS)[same.kind]
    reason = Text(f"该代码登记的是{kind_name}，与“主体类型”不符。", f"This code is registered as {same.kind}.")
    return LineReport(award.line, award.name, LineOutcome.REFUSED, reason, field=_KIND)


def _report_repeated(award: PastAward, first: PastAward) -> LineReport:
    reason = Text(
        f"与第{first.line}行是同一获奖者同一届次（或者同一天）的同一类别。",
        f"The same winner, round (or day) and tier as line {first.line}.",
    )
    known = LineReport(award.line, award.name, LineOutcome.KNOWN, reason)
    kept = (first.round, first.decided_on, first.number, first.prize_yuan, first.revoked_on)
    return _name_differences(known, award, (first.name, *first.former_names), kept)


_COMPARED = ("round", "decided_on", "number", "prize_yuan", "revoked_on")


def _name_differences(report: LineReport, award: PastAward, names: Iterable[str], kept: Sequence[object]) -> LineReport:
    """Name what of a line is other than on record: ``names`` of the winner, and what is ``kept`` of each of `_COMPARED`."""
    recorded = dict(zip(_COMPARED, kept, strict=True)) | {"name": set(), "former_names": set()}
    known = set(map(plain_name, names))
    values = {name: getattr(award, name) for name in _COMPARED if getattr(award, name) is not None}
    values |= {
        "name": {plain_name(award.name)} - known,
        "former_names": set(map(plain_name, award.former_names)) - known,
    }
    if plain_round(award.round) == plain_round(str(recorded["round"])):
        values["round"] = recorded["round"]
    return name_unread(report, past_award_columns(()), values, recorded)


def _report_doubtful(award: PastAward, alike: Sequence[BodyRow]) -> LineReport:
    reason = Text(
        "名称或曾用名相同，但信用代码不同或没有填写，请确认是否同一组织。",
        "The name (or a former one) is known under another code or without: say whether it is the same organisation.",
    )
    if award.kind == INDIVIDUAL:
        reason = Text(
            "已登记有同名的个人，号码不同或没有填写，请确认是否同一人。",
            "A person of that name is registered under another number or without: say whether it is the same person.",
        )
    choices = tuple((b.id, f"{b.name}（{format_body_code(b)}）") for b in alike)
    return LineReport(award.line, award.name, LineOutcome.DOUBTFUL, reason, choices)


def _find_record(tx: Transaction, package: Package, award: PastAward, body: BodyRow) -> AwardRow | None:
    same = (package.jurisdiction.id, package.award.id, award.tier)
    rows = [a for a in tx.awards.list_of_body(body.id) if (a.jurisdiction, a.award, a.tier) == same]
    of_round = (a for a in rows if plain_round(a.round) == plain_round(award.round))
    return next(of_round, None) or next((a for a in rows if a.decided_on == award.decided_on), None)


def _record_award(
    tx: Transaction, package: Package, award: PastAward, body: BodyRow | None, bodies: Sequence[BodyRow]
) -> list[BodyRow]:
    ident = _ensure_body(tx, award, body)
    tx.awards.insert(
        AwardRow(
            jurisdiction=package.jurisdiction.id,
            award=package.award.id,
            tier=award.tier,
            body_id=ident,
            round=award.round,
            decided_on=award.decided_on,
            number=award.number,
            details={"imported": True, "prize_yuan": award.prize_yuan, "name_then": award.name},
            revoked_on=award.revoked_on,
        )
    )
    return [*(b for b in bodies if b.id != ident), tx.bodies.get(ident)]


def _ensure_body(tx: Transaction, award: PastAward, body: BodyRow | None) -> int:
    """Return the organisation's row, its other names added to its history of names."""
    if body is None:
        details = {"former_names": list(award.former_names)} if award.former_names else {}
        return tx.bodies.upsert("*", award.code, kind=award.kind, name=award.name, details=details)
    before = [str(n) for n in (body.details or {}).get("former_names", ())]
    names = list(dict.fromkeys(n for n in (*before, award.name, *award.former_names) if n != body.name))
    if names != before:
        details = {**(body.details or {}), "former_names": names}
        tx.bodies.upsert("*", body.key, kind=body.kind, name=body.name, name_en=body.name_en, details=details)
    return body.id
