"""Who may grant more time for an objection by the words of a clause: 经评审办主要负责人批准，可以延长5个工作日."""

from __future__ import annotations

import re

from service.catalog.law_text.preset import squeezed

_GRANTED = re.compile(
    "(?:经|报|由)(?P<who>[^，。；]{2,20}?)(?:批准|同意|决定)[^。；]{0,4}?(?:，|可以?|适当)*延长"
    "|延长[^。；]{0,16}?(?:经|报|由)(?P<later>[^，。；]{2,20}?)(?:批准|同意|决定)"
)
_OFFICE = "办公室|秘书处|(?:评审|质评|评定|评奖|评选|评委|质量|强[市县区州])办(?![理法事])"
_WHO = (
    ("government", re.compile("政府")),
    ("office", re.compile(_OFFICE)),
    ("chair", re.compile("主任|主席|组长|委员会(?:主要)?负责人")),
)
"""The head of an office acts for the office; the head of the committee is its chair."""
_ITS_HEAD = re.compile("(?:其|本)?(?:单位|机关|部门|机构)?(?:主要|分管)?(?:负责人|领导)")
_HANDLES = re.compile(f"(?:(?P<office>{_OFFICE})|(?P<chair>委员会|评委会))(?=应|须|自|在|对|负责|收到)")
"""Who handles the objection: the head that a sentence names without saying whose is that of its subject."""


def extended_by(text: str) -> tuple[str, str] | None:
    """Return who grants the extension, as places name that role among themselves, and the words; None where nobody is named."""
    granted = _GRANTED.search(squeezed(text))
    if granted is None:
        return None
    who = granted["who"] or granted["later"]
    role = next((role for role, words in _WHO if words.search(who)), None)
    if role is None and _ITS_HEAD.fullmatch(who):
        handling = [*_HANDLES.finditer(granted.string[: granted.start()].rpartition("。")[2])]
        role = handling[-1].lastgroup if handling else None
    return (role, granted[0]) if role is not None else None
