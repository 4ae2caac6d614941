"""Waiting until a decision is written into a draft, which is done beside the requests."""

from __future__ import annotations

from service.casework.studio.law.write_amendment import AmendmentWriting, view_writing
from tests.support.lakeside import Lakeside
from tests.support.waiting import until


def over(town: Lakeside, draft: int) -> AmendmentWriting:
    """Return the newest writing of a decision once it is over."""
    until(lambda: view_writing(town.desk, town.designer, draft).job.over, what="a decision is written")
    return view_writing(town.desk, town.designer, draft)
