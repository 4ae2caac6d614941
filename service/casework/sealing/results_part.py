"""Rankings, counts and awards of a round."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from service.casework.ballots.box import COUNTED
from service.casework.desk.jsonable import jsonable
from service.casework.sealing.round_read import RoundRead
from service.store.rows import AuditRow, BallotRow

_RANKED = "note"
_OF_CANDIDATE = ("name", "href", "hint")


def rankings_part(read: RoundRead) -> list[dict[str, Any]]:
    """Return the rankings on record, the oldest first; ``last`` marks the newest of its name.

    Of one made before the record held its inputs only the weights are known, and that is said (``record`` none).
    """
    parents = {case.parent_id for case in read.cases}
    events = [(case.id, e) for case in read.cases if case.id in parents for e in read.tx.history.whole(case.id)]
    made = [(case, e) for case, e in events if e.action == _RANKED and {"weights", "cut_off"} <= set(e.data)]
    newest = {(case, str(e.data.get("name", "")), e.element): e.seq for case, e in made}
    return [
        {
            "case": case,
            "at": event.at.isoformat(),
            "name": str(event.data.get("name", "")),
            "last": newest[case, str(event.data.get("name", "")), event.element] == event.seq,
            "record": _record(event),
        }
        for case, event in made
    ]


def _record(event: AuditRow) -> list[Any] | None:
    found = event.data.get("rankings")
    return found if isinstance(found, list) else None


def counts_part(read: RoundRead) -> list[dict[str, Any]]:
    """Return every ballot of the round; of a counted one the record that members could download."""
    return [_count(read, row) for case in read.cases for row in read.tx.ballots.of_case(case.id)]


def _count(read: RoundRead, row: BallotRow) -> dict[str, Any]:
    known = {"ballot": row.id, "case": row.case_id, "state": row.state, "opened_at": row.opened_at.isoformat()}
    result = read.tx.ballots.result(row.id) if row.state == COUNTED else None
    if result is None:
        return {**known, "record": None}
    record, withheld = deepcopy(result.record), list[str]()
    for place, candidate in enumerate(record["candidates"]):
        if str(candidate["id"]).isdecimal() and int(candidate["id"]) not in read.named:
            candidate.update(dict.fromkeys(_OF_CANDIDATE, ""))
            withheld.append(f"candidates.{place}")
    if any(name in record["title"] for name in read.unnamed):
        record["title"] = ""
        withheld.append("title")
    return {
        **known,
        "counted_at": result.counted_at.isoformat(),
        "fingerprint": result.fingerprint,
        "receipts_key": row.public_key,
        "withheld": withheld,
        "chosen_by_chair": result.outcome.get("chosen", []),
        "record": record,
    }


def awards_part(read: RoundRead) -> list[dict[str, Any]]:
    """Return what was conferred, as the public register has it."""
    bodies = read.tx.people.bodies_by_id({row.body_id for row in read.awards})
    return [
        {
            "award": row.id,
            "case": row.details.get("application"),
            "tier": row.tier,
            "name": bodies[row.body_id].name,
            "number": row.number,
            "decided_on": row.decided_on.isoformat(),
            "decision": jsonable(row.details.get("decision")),
            "revoked_on": row.revoked_on.isoformat() if row.revoked_on else None,
        }
        for row in read.awards
    ]
