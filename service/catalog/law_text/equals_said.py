"""What a clause says of applications with as many points, of what is suspended meanwhile, and of places that are left over."""

from __future__ import annotations

import re

from service.catalog.law_text.preset import squeezed

_EQUAL_POINTS = re.compile(
    "(?:得分|分数|评分|总分|成绩|排名)(?:出现)?(?:相同|相等|并列)[^。]{0,24}?(?:成立|登记|注册|设立)(?:时间|年限|年数|日期)?[^，。；]{0,6}(?:较?早|较?长)"
)
_SUSPENDED = re.compile("(?:诉讼|复议|仲裁|申诉)[^。；]{0,40}(?:中止|暂停)")
"""An objection that holds up the selection is none: its assistant says who waits."""
_CARRIED = re.compile("(?:余额|名额|空缺)[^。；]{0,24}?(?:结转|顺延[至到])|结转[^。；]{0,6}(?:下一?届|次年|下一?年)")
_HALTS, _CARRIES = re.compile("中止|暂停"), re.compile("结转|顺延[至到]")
_DENIED = re.compile("不(?:得|予|再|能|可|可以|会|应|作|因此)?$")
_RECOMMENDED = re.compile("推荐")


def equal_points_said(text: str) -> str:
    """Return how ``text`` says that of those with as many points the older goes first, "" where it does not."""
    found = _EQUAL_POINTS.search(squeezed(text))
    return found[0] if found else ""


def suspension_said(text: str) -> str:
    """Return how ``text`` says that the selection is suspended for whom something is undecided, "" where it does not."""
    return _affirmed(_SUSPENDED, _HALTS, squeezed(text))


def carried_said(text: str) -> str:
    """Return how ``text`` says that places left over are carried to the next round, "" where it does not."""
    return _affirmed(_CARRIED, _CARRIES, squeezed(text))


def carries_recommendations(text: str) -> bool:
    """Tell whether the places that ``text`` carries over are those of who recommends, not those of the award."""
    return _RECOMMENDED.search(squeezed(text)) is not None


def _affirmed(pattern: re.Pattern[str], verb: re.Pattern[str], said: str) -> str:
    """Return the first words that match and whose ``verb`` is not denied: 不结转, 不予顺延, 不得中止."""
    for found in pattern.finditer(said):
        at = verb.search(found[0])
        if at is not None and not _DENIED.search(said[: found.start() + at.start()]):
            return found[0]
    return ""
