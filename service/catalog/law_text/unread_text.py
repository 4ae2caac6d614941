"""What a clause says beside what was read of it: numbers and exceptions that no field of an assistant took."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from service.catalog.law_text.preset import squeezed

_N = "[0-9０-９一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]"
_NUMBER = re.compile(
    rf"百分之{_N}{{1,5}}|[二三四五六七八九十]分之{_N}{{1,2}}|{_N}[0-9.,，]*[%％]"
    rf"|(?<!第){_N}+(?:个|家|名|项|位|人|年|月|日|天|次(?!性)|届|分(?!别)|万|亿|元|倍|票|周)|半数"
)
"""A number with what it counts; numbers of articles are none."""
_EXCEPTION = re.compile(
    "除外|不在此限|不受[^，。；]{0,12}限制|但[是书]?|(?:情节|后果)(?:轻微|较轻|严重)|终身|永久|永远"
)
_BUT = re.compile("^但[是书]?")
"""What only leads to a number: 但结转数不得超过两个 is read with its two."""
_GIVEN_ONCE = re.compile(
    "(?:选|评|审|定|展|织|办|行|予|彰|励)[1１一][次届](?!复投|重投|补投|投票|表决|补正|延长|陈述|答辩)"
)
"""Every so many years the award is given once: 每两年评选一次 says no number of its own; 进行一次复投 does."""
_NO_NUMBER = re.compile("[上下同每]一(?:会计)?(?:年度?|届|次)")
_KINDS_OF_PRIZE = re.compile(f"(?<!第){_N}个?(?:等次|等级|档次|奖项|类别)")
"""Into how many a prize is divided: 分为特等奖、一等奖、二等奖三个等次 gives no places."""
_AFTER_VALIDITY = re.compile("期满[^，。；]{0,4}可(?:以)?(?:再|重新|再次|继续)?[^，。；]{0,4}(?:申报|参评|申请)")
"""When somebody may apply again, without a number: 有效期满后可再次申报."""
_PLACE = "(?:网站|网页|报纸|日报|媒体|公众号|公告栏|电视台)"
PLACES_KNOWN = f"[^，。；、在于]{{0,12}}{_PLACE}(?:[、和及或以]{{1,2}}[^，。；]{{0,12}}?{_PLACE})*"
"""Where something is made known: 市人民政府门户网站、主要新闻媒体."""
_NAMES_PLACE = re.compile(f"(?:在|于|通过|利用){PLACES_KNOWN}")
_PART = re.compile("[，。；：;:]")
_OF_PART = re.compile("[^，。；：;:]")
_STARTS_WITH_NUMBER = re.compile(_N)
_SENTENCE = re.compile("[^。；;]*(?:[。；;]|$)")
_WHOLE = 20
"""From so many characters on a sentence says whom it speaks of: 每家奖励20万元 may follow two tiers."""


def names_place(part: str) -> bool:
    """Tell whether a part of a text says where something is made known."""
    return _NAMES_PLACE.search(part) is not None


def unread_parts(text: str, taken: Iterable[str], also: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """Return the parts of ``text`` with a number or an exception that is in none of the words ``taken``.

    Words that are taken twice (3家 for each of two tiers) may stand there twice; a sentence that stands there again, word
    by word, says nothing new. ``also`` tells what else has to be read, such as a ground of a revocation.
    """
    whole = _said_once(text)
    rest = _KINDS_OF_PRIZE.sub(lambda hit: "\0" * len(hit[0]), whole)
    for words in sorted((squeezed(one) for one in taken if one), key=len, reverse=True):
        apart = f"(?<!{_N})" if _STARTS_WITH_NUMBER.match(words) else ""  # 5日 is no part of 15日
        rest = re.sub(f"{apart}{re.escape(words)}", lambda hit: _OF_PART.sub("\0", hit[0]), rest, count=1)
    at, found = 0, []
    for part in _PART.split(rest):
        counted = _NO_NUMBER.sub("", _GIVEN_ONCE.sub("", part))
        excepted = _BUT.sub("", part) if "\0" in part else part
        if (also is not None and also(part)) or any(
            sign.search(said) for sign, said in ((_NUMBER, counted), (_EXCEPTION, excepted), (_AFTER_VALIDITY, part))
        ):
            found.append(whole[at : at + len(part)])
        at += len(part) + 1
    return tuple(dict.fromkeys(found))


def _said_once(text: str) -> str:
    """Return a text without blanks, and without the whole sentences that it says a second time."""
    said: list[str] = []
    for sentence in _SENTENCE.findall(squeezed(text)):
        if len(sentence) < _WHOLE or sentence not in said:
            said.append(sentence)
    return "".join(said)
