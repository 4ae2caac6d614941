"""A request for a correction that the program drafted from an examination: a proposal, which its page says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.domain.forms import Form
from service.web.frame.requests.current import t


def drafted_request(form: Form, values: Mapping[str, Any]) -> str:
    """Return that the items in the first ``values`` of a request are proposed by the program, "" where it has none."""
    if not form.corrects or not any(_says(row) for row in values.get("items") or ()):
        return ""
    return t(
        "“需要补正的内容”由系统按审核时记录的问题拟写，只是建议：请逐项核对，写明补正要求后再发出。",
        "The items below were drafted by the program from what the examination recorded. They are a proposal: check each, "
        "and say what is wanted, before you send them.",
    )


def _says(row: object) -> bool:
    return isinstance(row, Mapping) and any(row.get(name) for name in ("part", "defect"))
