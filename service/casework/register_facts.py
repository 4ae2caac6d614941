"""What is on record of an organisation, under all its names."""

from __future__ import annotations

from typing import Any

from service.casework.spreadsheets.individuals import shown_code
from service.store import Transaction
from service.store.rows import BodyRow


def register_of(tx: Transaction, body_id: int) -> dict[str, Any]:
    """Return the awards and sanctions on record of an organisation, newest first.

    What is on record under another name or code counts once a person has confirmed that it is the same
    organisation; ``doubtful`` names those of the same name, now or before, of whom nobody has said so yet.
    """
    one = tx.people.body(body_id)
    ids = [one.id, *same_organisations(one)]
    awards = sorted((a for i in ids for a in tx.register.awards(i)), key=lambda a: (a.decided_on, a.id), reverse=True)
    sanctions = sorted(
        (s for i in ids for s in tx.register.sanctions(i)), key=lambda s: (s.decided_on, s.id), reverse=True
    )
    return {
        "doubtful": [{"id": b.id, "name": b.name, "key": shown_code(b)} for b in doubtful_organisations(tx, one)],
        "awards": [
            {
                "id": a.id,
                "jurisdiction": a.jurisdiction,
                "award": a.award,
                "tier": a.tier,
                "round": a.round,
                "decided_on": a.decided_on.isoformat(),
                "revoked_on": a.revoked_on and a.revoked_on.isoformat(),
                "number": a.number,
                "details": a.details,
            }
            for a in awards
        ],
        "sanctions": [
            {
                "jurisdiction": s.jurisdiction,
                "ground": s.ground,
                "effect": s.effect,
                "decided_on": s.decided_on.isoformat(),
                "from_day": s.from_day.isoformat(),
                "last_day": s.last_day and s.last_day.isoformat(),
            }
            for s in sanctions
        ],
    }


def same_organisations(body: BodyRow) -> list[int]:
    """Return the rows that a person confirmed to be this organisation under another name or code."""
    return [int(i) for i in (body.details or {}).get("same_as", ())]


def doubtful_organisations(tx: Transaction, body: BodyRow) -> list[BodyRow]:
    """Return organisations that bear this one's name, or one it bore before, and of whom nobody decided yet."""
    details = body.details or {}
    decided = {body.id, *same_organisations(body), *(int(i) for i in details.get("not_same_as", ()))}
    names = [body.name, *(str(n) for n in details.get("former_names", ()))]
    return [other for other in tx.people.organisations_named(names) if other.id not in decided]
