"""Lanes of due work: what is done in one of them never waits for what is done in another."""

from __future__ import annotations

TIMERS, CASES, DOCUMENTS, MAIL, STUDIO = "timers", "cases", "documents", "mail", "studio"

LANES = (TIMERS, CASES, DOCUMENTS, MAIL, STUDIO)
"""What time brings about, what moves cases, the files of documents, what leaves over the channels, long work for drafts."""

INSIDE = (TIMERS, CASES, DOCUMENTS)
"""The lanes that wait for nothing outside of the installation."""

TURNS = (TIMERS, CASES)
"""The lanes whose work changes cases: of one case it is done one by one, in due order, and claimed in batches."""

_OF_KIND = {
    "timer": TIMERS,
    "reminder": TIMERS,
    "escalation": TIMERS,
    "rating_reminder": TIMERS,
    "digest": TIMERS,
    "document": DOCUMENTS,
    "unclaimed": DOCUMENTS,
    "archive": DOCUMENTS,
    "erasure": DOCUMENTS,
    "studio": STUDIO,
    "head": DOCUMENTS,
    "verification": DOCUMENTS,
    "marks": DOCUMENTS,
    "message": CASES,
    "barrier": CASES,
    "follow": CASES,
    "ballot": CASES,
    "ballot_keys": CASES,
    "ballot_anew": CASES,
    "reviewer": CASES,
    "deputy_end": CASES,
    "morning": CASES,
    "other_case": CASES,
    "registration": CASES,
    "start": CASES,
    "publication": CASES,
    "intervention": CASES,
    "moves": CASES,
    "recount": CASES,
    "undo_moves": CASES,
    "retries": CASES,
}


def lane_of(kind: str) -> str:
    """Return the lane of a kind of work; what is not named here is a channel of messages."""
    return _OF_KIND.get(kind, MAIL)
