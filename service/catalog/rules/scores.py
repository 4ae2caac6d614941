"""Rankings by scores: a limit that is a share of the full marks is one as exactly as the parameter says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, warning
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

_RANK = "scores.rank"
_IN_WORDS = re.compile(r'string\(\s*(?P<share>[\w.]+)\s*\*\s*100\s*\)\s*\+\s*"%"')


@check(Extent.PROCESS, "share_in_words")
def share_is_exact(checked: Checked) -> Iterator[Problem]:
    """A share of the full marks is handed over as such: written out as percent, 2/3 would be cut short."""
    for diagram, element in checked.elements():
        call = element.operation
        said = call.parameters.get("cut_off", "") if call is not None and call.operation == _RANK else ""
        found = _IN_WORDS.fullmatch(said.strip())
        if found is not None:
            yield warning(
                diagram.file, element.id, "share_in_words", "分数线写成了百分数的文字，除不尽的比例（例如三分之二）会算不准。",
                "The cut-off is written out as percent: a share such as two thirds comes out inexact.",
                Text(f"改成 {{share: {found['share']}}}。", f"Write {{share: {found['share']}}}."),
            )  # fmt: skip
