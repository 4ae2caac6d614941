"""What a call for applications (申报通知) brings to a place: in whose name, by which channels, and the letter."""

from __future__ import annotations

from typing import Any

from service.catalog.new_city.rows import flow_list
from service.catalog.new_city.site import NewParameter, Site, StepPieces, answered
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import CALL_DAY

CHANNELS = "call_channels"
SAYS = "call_content"
"""The parameter of what a call says besides until when one applies; the notice and its letter print it."""
CONTENT = "申报条件、申报材料和评选程序按照办法执行。"
"""What a call says besides until when one applies, where nothing else was answered."""


def call_pieces(site: Site) -> StepPieces:
    """Return what a call brings; its letter is the place's own and edited like any other."""
    channels, says = answered(site.answers, "channels", "政府网站"), answered(site.answers, "content", CONTENT)
    return StepPieces(
        parameters={
            site.caller: NewParameter("办公室", "申报通知的名义", "Called for in the name of", "text"),
            CHANNELS: NewParameter(channels.value, "申报通知的发布渠道", "Channels of the call", "text", channels.said),
            SAYS: NewParameter(
                says.value, "申报通知写明的条件和要求", "What the call says of conditions", "text", says.said
            ),
        },
        documents={"call_notice": _letter(site)},
    )


def call_day_pieces(site: Site) -> StepPieces:
    """Return what a call on a day of the year brings: the day."""
    day = answered(site.answers, "day", "03-01")
    name = ("每年发布申报通知的日子（月-日）", "Day of the year on which is called for applications (month-day)")
    return StepPieces(parameters={CALL_DAY: NewParameter(day.value, *name, "text", day.said)})


def _letter(site: Site) -> dict[str, Any]:
    cited = site.clauses(CityStep.CALL)
    return {
        "id": "call_notice",
        "title": "{posted.title}",
        "number": "通知〔{year}〕{sequence}号",
        "paragraphs": [
            "{posted.text}",
            f"本通知通过{{param.{CHANNELS}}}发布。",
        ],
        "signature": "{posted.issuer}",
        **({"clauses": flow_list(cited)} if cited else {}),
    }
