"""What the forms of ballots send: marks of a paper, a teller's tally, a record to be counted again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import request

from service.casework.ballots.view_ballot import BallotView
from service.domain.ballots import READ, SENT, BadRecord, HallSheet, Mark, MarkUnit
from service.domain.values.whole_numbers import typed_whole_number
from service.web.frame.requests.parse_values import row_ids

MARK = "mark."
"""Begins the names of the fields that carry marks; the rest is the key of the question."""
UNMARKED = "---"
"""Sent for a question without a mark, as long as a mark."""
MOST_RECORD_BYTES = 4_000_000
_MOST_PAPERS = 99_999


def read_marks(view: BallotView) -> dict[str, str]:
    """Return the posted marks by question key; nothing else of the form is looked at."""
    posted = {n.removeprefix(MARK): v for n, v in request.form.items() if n.startswith(MARK) and v != UNMARKED}
    if view.unit is MarkUnit.APPROVAL:
        return {key: Mark.YES.value for key, sent in posted.items() if sent == SENT[Mark.YES]}
    return {key: READ.get(sent, sent) for key, sent in posted.items()}


def read_sheet(view: BallotView) -> HallSheet:
    """Return a teller's tally as posted; what is no number is -1."""

    def number(name: str) -> int:
        count = typed_whole_number(request.form.get(name, "").strip() or "0")
        return -1 if count is None or count > _MOST_PAPERS else count

    keys = [ask.key for part in view.parts for ask in part.asks]
    marks = {k: (number(f"{k}.yes"), number(f"{k}.no"), number(f"{k}.abstain")) for k in keys}
    return HallSheet(tuple(row_ids("member")), number("spoiled"), marks)


def brought_record() -> Mapping[str, Any]:
    """Return the record of a count that the reader brings; raises BadRecord."""
    file = request.files.get("record")
    content = file.read(MOST_RECORD_BYTES + 1) if file else b""
    try:
        found = orjson.loads(content) if len(content) <= MOST_RECORD_BYTES else None
    except orjson.JSONDecodeError:
        raise BadRecord from None
    if not isinstance(found, dict):
        raise BadRecord
    return found
