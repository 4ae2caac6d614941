"""The format in which the files of a package are written: this and the previous one are read."""

from __future__ import annotations

from service.catalog.source.fields import Fields
from service.domain.text import Text

FIRST = 1
CURRENT = 2
"""From format 2 on the parameters stand in parameters.yaml and take from the shared vocabulary what they do not say."""


def format_of(fields: Fields) -> int:
    """Return what a file says under ``format``; one that says nothing is of the first format."""
    found = fields.value("format")
    if found is None:
        return FIRST
    if isinstance(found, int) and not isinstance(found, bool) and found in (FIRST, CURRENT):
        return int(found)
    message = Text(f"不认识格式“{found}”。", f"Format “{found}” is not known.")
    remedy = Text(
        f"写 format: {CURRENT}；更旧的用写它时的版本运行 laurel convert，更新的要先升级系统。",
        f"Write format: {CURRENT}. Convert older files with the release they were written for; newer ones need a newer release.",
    )
    fields.problem("format", "unknown_format", message, remedy)
    return CURRENT
