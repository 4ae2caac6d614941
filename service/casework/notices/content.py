"""The public content of a notice, as frozen when posted, and its fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from service.casework.desk.jsonable import jsonable
from service.domain.errors import Invalid
from service.domain.text import Text
from service.sdk import NoticeDraft

TO_ASK = "to_ask"
"""The part of the content that says whom to ask, as its files do: lines as set on the day of posting."""


def notice_content(draft: NoticeDraft) -> dict[str, Any]:
    """Return what the public sees of ``draft``, as JSON; raises Invalid for a notice without title or length."""
    endless = draft.working_days is None and draft.calendar_days is None
    if not draft.title.strip() or (endless and not draft.announcement):
        raise Invalid(Text("公示须有标题和期限。", "A notice needs a title and a period."))
    known = {"announcement": draft.announcement, "issuer": draft.issuer.strip()}
    return {key: value for key, value in known.items() if value} | {
        "title": draft.title,
        "text": draft.text,
        "entries": jsonable(list(draft.entries)),
        "media": list(draft.media),
        "objections": draft.objections,
    }


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a notice's content in canonical JSON."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
