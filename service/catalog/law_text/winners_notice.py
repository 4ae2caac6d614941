"""How long the notice of the winners stands: told apart from the notices before it by what each makes public."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.catalog.law_text.numbers import DAYS, whole
from service.catalog.law_text.preset import Preset, ReadValue, one_of, sentences, short, squeezed

_LEAST = "不少于|不得少于|不低于|不得低于|不短于|不得短于|至少"
_POSTED = re.compile(
    rf"公示(?:[^。；]{{0,6}}[，,](?:公示)?(?:期限?|时间|时限))?(?:期限?|时间|时限)?(?:一般|应当|应|均|都)*(?:为期|为|{_LEAST})?(?:{_LEAST})?{DAYS}"
)
_WINNERS = re.compile(
    "拟(?:授|获|受|表彰|命名|定|奖)|建议(?:授奖|获奖)?名单|初选|表决|投票|审议(?:通过|决定)|评(?:选|审|定|议)结果"
    "|(?<!候选)(?:获奖|授奖|受奖|表彰)(?:建议)?(?:组织|单位|企业|个人|对象|和)*名单"
)
_OTHERS = re.compile(
    "内部|本单位|本组织|受理名单|申报(?:组织|单位|企业|材料|名单|情况|对象|条件|主体)|资格审查|形式审查|推荐|撤销|入围|候选|初审"
)
_EVERY = re.compile("(?:各次|每次|各类|所有|上述|本办法[^，。；]{0,8})公示|公示[^，。；]{0,4}(?:均|都)")


def winners_notice(passages: Sequence[tuple[str, str]]) -> ReadValue:
    """Return the days of the notice of the winners; where the text gives only those of other notices, these as doubts.

    A period belongs to what is named last before it. One whose passage names nothing is that of every notice.
    """
    of_winners: list[Preset] = []
    of_all: list[Preset] = []
    of_others: list[Preset] = []
    every = False
    for preset, before in _periods(passages):
        winners, others = (_last(sign, before) for sign in (_WINNERS, _OTHERS))
        if winners < 0 and others < 0:
            of_all.append(preset)
            every = every or bool(_EVERY.search(preset.said))
        else:
            (of_winners if winners > others else of_others).append(preset)
    if of_winners:
        return one_of(of_winners)
    if of_all and (every or not of_others):
        return one_of(of_all)
    return ReadValue(None, (*of_all, *of_others))


def is_winners_notice(text: str) -> bool:
    """Tell whether a passage has the winners made public, whether it says for how long or not."""
    text = squeezed(text)
    posted = [hit.start() for hit in re.finditer("公示(?!无异议|有异议|期间?内|期满|后)", text)]
    return any(_last(_WINNERS, text[:at]) > _last(_OTHERS, text[:at]) for at in posted)


def _periods(passages: Sequence[tuple[str, str]]) -> Iterator[tuple[Preset, str]]:
    """Yield each period of a notice with what its passage says before it."""
    for at, (article, said) in enumerate(passages):
        text = squeezed(said)
        for hit in _POSTED.finditer(text):
            around = next((s for s in sentences(text) if hit[0] in s), hit[0])
            calendar = "工作" not in hit["unit"]
            yield Preset(str(whole(hit["n"])), article, at, calendar, short(around)), text[: hit.start()]


def _last(sign: re.Pattern[str], text: str) -> int:
    return max((hit.start() for hit in sign.finditer(text)), default=-1)
