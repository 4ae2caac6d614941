"""API routes of ballots."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.ballots.cast_vote import cast_vote, check_paper
from service.casework.ballots.close_ballot import close_ballot
from service.casework.ballots.declare_recusal import declare_recusal
from service.casework.ballots.enter_hall_vote import enter_hall_vote
from service.casework.ballots.repeat_count import read_record, repeat_count
from service.casework.ballots.view_ballot import view_ballot
from service.casework.ballots.void import declare_void
from service.casework.queries.ballots.own_ballots import list_own_ballots, results_of_ballot
from service.casework.queries.ballots.sittings_of_ballot import sittings_of_ballot
from service.domain.ballots import READ, HallSheet, Mark
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import ballots as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, vote = "/ballots/<int:ballot_id>", "ballot.cast"
    hidden: Any = {"unmarked": True}  # nothing of a vote is kept
    listed: Any = {"query": {"after": row_place()}}
    for operation, work in (
        (ApiOperation("GET", "/ballots", "ballot.view", "List one's own ballots", schemas.OwnBallotsOut, **listed), own_ballots),
        (ApiOperation("GET", f"{one}/results", "ballot.view", "Say where results stand", schemas.BallotResultsOut), results_of_count),
        (ApiOperation("GET", one, "ballot.view", "Get a ballot with its paper", schemas.BallotOut), ballot),
        (ApiOperation("POST", f"{one}/check", vote, "Read a paper without casting it", schemas.CheckedPaperOut, schemas.PaperIn, **hidden), read_ballot_paper),
        (ApiOperation("POST", f"{one}/vote", vote, "Cast one's vote", schemas.BallotReceiptOut, schemas.PaperIn, **hidden), vote_now),
        (ApiOperation("POST", f"{one}/recusal", vote, "Withdraw from a candidate", None, schemas.BallotRecusalIn, **hidden), withdraw_from),
        (ApiOperation("POST", f"{one}/hall", "ballot.tell", "Enter a teller's tally", schemas.HallCountedOut, schemas.HallSheetIn, **hidden), enter_tally),
        (ApiOperation("POST", f"{one}/close", "ballot.close", "Close a ballot early", None, schemas.ReasonIn), close_early),
        (ApiOperation("POST", f"{one}/void", "ballot.void", "Make a ballot void, by two people", schemas.CalledAnewOut, schemas.ReasonIn), make_void),
        (ApiOperation("GET", f"{one}/record", "ballot.repeat", "Get the record of a count", schemas.CountRecordOut), record_of_count),
        (ApiOperation("POST", f"{one}/repeat", "ballot.repeat", "Count again", schemas.RepeatedCountOut, schemas.CountRecordIn), count_again),
    ):  # fmt: skip
        add_route(api, operation, work)


def own_ballots() -> dict[str, Any]:
    """List."""
    rows, before = list_own_ballots(the_desk(), the_actor(), cursor(request.args, "after"))
    return {"ballots": rows, "next": before}


def results_of_count(ballot_id: int) -> dict[str, Any]:
    """Say."""
    found = results_of_ballot(the_desk(), the_actor(), ballot_id)
    return {
        "notices": found.notices,
        "documents": [{"id": ident, "title": title} for ident, title, _ in found.documents],
        "ballots": [{"id": ident, "title": title, "state": state} for ident, title, state in found.ballots],
        "sittings": sittings_of_ballot(the_desk(), the_actor(), ballot_id),
    }


def ballot(ballot_id: int) -> Any:
    """Get."""
    return view_ballot(the_desk(), the_actor(), ballot_id)


def read_ballot_paper(body: dict[str, Any], ballot_id: int) -> dict[str, Any]:
    """Read."""
    read = check_paper(the_desk(), the_actor(), ballot_id, _marks(body))
    longest = max(len(mark) for mark in Mark)
    return {"paper": read, "fill": " " * sum(longest - len(mark) for mark in read.values())}


def vote_now(body: dict[str, Any], ballot_id: int) -> dict[str, str]:
    """Cast."""
    return {"receipt": cast_vote(the_desk(), the_actor(), ballot_id, _marks(body))}


def _marks(body: dict[str, Any]) -> dict[str, str]:
    """Return the marks of a paper as words, however they were sent."""
    return {key: READ.get(sent, sent) for key, sent in body["paper"].items()}


def withdraw_from(body: dict[str, Any], ballot_id: int) -> None:
    """Withdraw."""
    declare_recusal(the_desk(), the_actor(), ballot_id, body["candidate"], body["reason"])


def enter_tally(body: dict[str, Any], ballot_id: int) -> dict[str, Any]:
    """Enter."""
    marks = {key: (yes, no, abstain) for key, (yes, no, abstain) in body["marks"].items()}
    sheet = HallSheet(tuple(body["numbers"]), body["spoiled"], marks)
    return {"counted": enter_hall_vote(the_desk(), the_actor(), ballot_id, sheet)}


def close_early(body: dict[str, Any], ballot_id: int) -> None:
    """Close."""
    close_ballot(the_desk(), the_actor(), ballot_id, body["reason"])


def make_void(body: dict[str, Any], ballot_id: int) -> dict[str, int | None]:
    """Make void."""
    return {"instead": declare_void(the_desk(), the_actor(), ballot_id, body["reason"])}


def record_of_count(ballot_id: int) -> dict[str, Any]:
    """Get."""
    return {"record": read_record(the_desk(), the_actor(), ballot_id)}


def count_again(body: dict[str, Any], ballot_id: int) -> Any:
    """Count again."""
    return repeat_count(the_desk(), the_actor(), ballot_id, body["record"])
