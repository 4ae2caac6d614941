"""The register of an organisation under all its names: awards, sanctions, doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.subjects.case_subjects import format_body_code
from service.casework.subjects.rounds import Rounds
from service.domain.values.typed_text import plain_name
from service.store import Transaction
from service.store.models import AwardRow, BodyRow, CaseRow, SanctionRow


def register_of(tx: Transaction, body_ids: Sequence[int], case: CaseRow | None = None) -> dict[str, Any]:
    """Return the awards and sanctions on record of organisations that act together, newest first.

    Each says under ``holder`` for which of them it counts, by its present name; a sanction under ``titles`` which
    awards the organisation that it hit holds or held, apart from those that its successor won itself.
    What is on record under another name or code counts once a person has confirmed that it is the same
    organisation; ``doubtful`` names those of the same name, now or before, that are still undecided. With ``case`` each
    award of its kind says how many rounds there were since, that of the case included (`rounds_since`), and ``above``
    is the register of the organisations to which its applicant belongs.
    """
    each = [tx.bodies.get(ident) for ident in body_ids]
    awards: dict[int, tuple[AwardRow, str]] = {}
    sanctions: dict[int, tuple[SanctionRow, str]] = {}
    titles: dict[int, list[int]] = {}
    for body in each:
        for ident, until in _counting_for(tx, body).items():
            held = tx.awards.list_of_body(ident)
            titles[ident] = [a.id for a in held]
            for a in held:
                if a.decided_on <= until:
                    awards.setdefault(a.id, (a, body.name))
            for s in tx.sanctions.select(body_id=ident):
                if s.decided_on <= until:
                    sanctions.setdefault(s.id, (s, body.name))
    rounds = Rounds.before(tx, case) if case is not None and awards else None
    return {
        "doubtful": [
            {"id": b.id, "name": b.name, "key": format_body_code(b)}
            for organisation in each
            for b in doubtful_organisations(tx, organisation)
        ],
        "awards": [
            _build_award_facts(a, tx.bodies.get(a.body_id), holder, rounds)
            for a, holder in sorted(awards.values(), key=lambda row: (row[0].decided_on, row[0].id), reverse=True)
        ],
        "sanctions": [
            {**_build_sanction_facts(s, holder), "titles": _titles_of(tx, s.body_id, titles)}
            for s, holder in sorted(sanctions.values(), key=lambda row: (row[0].decided_on, row[0].id), reverse=True)
        ],
        **({"above": register_of(tx, [b.id for b in organisations_above(tx, case)])} if case is not None else {}),
    }


def names_above(case: CaseRow) -> list[str]:
    """Return the names of what the applicant belongs to: the body above a branch, the employer of an individual."""
    return [str(case.facts[fact]) for fact in ("parent_name", "employer") if case.facts.get(fact)]


def organisations_above(tx: Transaction, case: CaseRow) -> list[BodyRow]:
    """Return the organisations on record to which the applicant belongs."""
    return [b for b in tx.bodies.organisations_named(names_above(case)) if b.id != case.subject_id]


def sanctions_below(tx: Transaction, case: CaseRow) -> list[dict[str, Any]]:
    """Return the sanctions of this place against the organisations of the cases below a round, with the ``application``."""
    below = [row for row in tx.cases.select(parent_id=case.id) if row.subject_id is not None]
    bodies = tx.bodies.by_id([row.subject_id for row in below if row.subject_id is not None])
    counting = {ident: _counting_for(tx, body) for ident, body in bodies.items()}
    every = [ident for days in counting.values() for ident in days]
    sanctions = tx.sanctions.select("decided_on id", body_id=every, jurisdiction=case.jurisdiction) if below else []
    return [
        {**_build_sanction_facts(s, bodies[row.subject_id].name), "application": row.id}
        for row in below
        if row.subject_id is not None
        for s in sanctions
        if s.body_id in counting[row.subject_id] and s.decided_on <= counting[row.subject_id][s.body_id]
    ]


def running_applications(tx: Transaction, case: CaseRow, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """Return the live applications of the organisation of a case, besides the case itself and the one above it."""
    rows = tx.cases.select(subject_id=case.subject_id, process=kinds, award=case.award, jurisdiction=case.jurisdiction)
    others = [row for row in rows if row.status != "ended" and row.id not in (case.id, case.parent_id)]
    rounds = tx.cases.by_id([row.parent_id for row in others if row.parent_id is not None]) if others else {}
    return [
        {"id": row.id, "number": row.number, "round": rounds[row.parent_id].title if row.parent_id else row.title}
        for row in others
    ]


def conferred_in(tx: Transaction, case: CaseRow) -> dict[str, Any]:
    """Return the awards that a case without an organisation conferred, newest first, those revoked since too: a round's."""
    conferred_awards = _list_conferred(tx, case)
    holders = tx.bodies.by_id([a.body_id for a in conferred_awards]) if conferred_awards else {}
    awards = [
        _build_award_facts(a, holders[a.body_id], holders[a.body_id].name, None) for a in reversed(conferred_awards)
    ]
    return {"doubtful": [], "awards": awards}


def applications_awarded(tx: Transaction, case: CaseRow) -> set[int]:
    """Return the applications to which a round gave an award that stands."""
    return {int(a.details.get("application") or 0) for a in _list_conferred(tx, case) if a.revoked_on is None}


def _list_conferred(tx: Transaction, case: CaseRow) -> list[AwardRow]:
    since = date(case.started_at.year - 1, 1, 1)
    return [
        a
        for a in tx.awards.select(
            "decided_on id", jurisdiction=case.jurisdiction, award=case.award, decided_on__ge=since
        )
        if a.details.get("case") == case.id
    ]


def _build_sanction_facts(s: SanctionRow, holder: str) -> dict[str, Any]:
    return {
        "jurisdiction": s.jurisdiction,
        "ground": s.ground,
        "effect": s.effect,
        "decided_on": s.decided_on.isoformat(),
        "from_day": s.from_day.isoformat(),
        "last_day": s.last_day and s.last_day.isoformat(),
        "holder": holder,
    }


def _titles_of(tx: Transaction, body_id: int, titles: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the awards of an organisation under all the names that were confirmed to be its own."""
    names = (body_id, *same_organisations(tx.bodies.get(body_id)))
    return sorted({award for ident in names for award in titles.get(ident, ())})


def _build_award_facts(a: AwardRow, body: BodyRow, holder: str, rounds: Rounds | None) -> dict[str, Any]:
    winner = str(next((s["from"] for s in a.details.get("successions", ())), body.name))
    now = f"现名{body.name}" if winner in names_of(body) else f"现由{body.name}承继"
    return {
        "id": a.id,
        "jurisdiction": a.jurisdiction,
        "award": a.award,
        "tier": a.tier,
        "round": a.round,
        "decided_on": a.decided_on.isoformat(),
        "revoked_on": a.revoked_on and a.revoked_on.isoformat(),
        "number": a.number,
        "details": a.details,
        "holder": holder,
        "winner": winner if winner == body.name else f"{winner}（{now}）",
        "rounds_since": rounds and rounds.since(a, a.decided_on),
        "rounds_since_revoked": rounds and a.revoked_on and rounds.since(a, a.revoked_on),
    }


def _counting_for(tx: Transaction, organisation: BodyRow) -> dict[int, date]:
    """Return the rows whose record counts for an organisation: its own, its other names', its predecessors' and theirs.

    Each with the last day whose decisions count: of one that was divided, which may live on, the day of the division.
    """
    last_days: dict[int, date] = {}
    waiting = [(organisation.id, date.max)]
    while waiting:
        ident, until = waiting.pop(0)
        if last_days.get(ident, date.min) >= until:
            continue
        last_days[ident] = until
        body = organisation if ident == organisation.id else tx.bodies.get(ident)
        waiting += [(same, until) for same in same_organisations(body)]
        for before in (body.details or {}).get("predecessors", ()):
            divided = isinstance(before, Mapping)
            day = min(until, date.fromisoformat(str(before["until"]))) if divided else until
            waiting.append((int(before["id"] if divided else before), day))
    return last_days


def predecessors_of(tx: Transaction, body: BodyRow) -> list[BodyRow]:
    """Return the organisations that this one succeeded, and theirs, each with those confirmed to be the same."""
    counting = [ident for ident in _counting_for(tx, body) if ident not in (body.id, *same_organisations(body))]
    return list(tx.bodies.by_id(counting).values()) if counting else []


def same_organisations(body: BodyRow) -> list[int]:
    """Return the rows that a person confirmed to be this organisation under another name or code."""
    return [int(i) for i in (body.details or {}).get("same_as", ())]


def doubtful_organisations(tx: Transaction, body: BodyRow) -> list[BodyRow]:
    """Return undecided organisations with a present or former name of this one."""
    return [other for other in tx.bodies.organisations_named(names_of(body)) if has_doubtful_name(body, other)]


def doubtful_among(tx: Transaction, bodies: Sequence[BodyRow]) -> Iterator[tuple[BodyRow, list[BodyRow]]]:
    """Yield each organisation with the undecided ones that have a name of it, which are read at once."""
    named = tx.bodies.organisations_named({name for body in bodies for name in names_of(body)})
    for body in bodies:
        yield body, [other for other in named if has_doubtful_name(body, other)]


def has_doubtful_name(body: BodyRow, other: BodyRow) -> bool:
    """Return whether another organisation bears a present or former name of this one, and nobody decided about it."""
    decided = {body.id, *same_organisations(body), *(int(i) for i in (body.details or {}).get("not_same_as", ()))}
    return plain_name(other.name) in map(plain_name, names_of(body)) and other.id not in decided


def names_of(body: BodyRow) -> list[str]:
    """Return the present name of an organisation and its former ones."""
    return [body.name, *(str(n) for n in (body.details or {}).get("former_names", ()))]


def former_names(tx: Transaction, body: BodyRow) -> list[str]:
    """Return the names under which an organisation, or one that it succeeded, was known before."""
    counting = tx.bodies.by_id(_counting_for(tx, body)).values()
    return [name for counting_body in counting for name in names_of(counting_body) if name != body.name]
