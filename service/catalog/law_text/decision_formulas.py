"""Sentences of a decision that change no passage: its title and preamble, from when it holds, the order of the articles."""

from __future__ import annotations

import re

from service.catalog.law_text.quoted_words import OPEN, QUOTE
from service.domain.wording.han_numerals import HAN_NUMERAL

_NO_ACT = rf"(?!修改为|改为|删|废止|取消|增加|作为|(?<!》)第{HAN_NUMERAL}条)"
_PLAIN = rf"(?:{_NO_ACT}[^。；;“”{QUOTE}{OPEN}])"
_SHORT = rf"(?:{_NO_ACT}[^，,。；;“”{QUOTE}{OPEN}])"
_END = r"(?=[。；;，,\s]|$)"
_FROM = "起(?:正式)?(?:施行|实施|执行|生效)"
IN_FORCE = re.compile(
    rf"(?:本决定|本修改决定|本修正案|本办法|修改后的《[^《》]{{1,60}}》)?自(?P<year>\d{{4}})年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日{_FROM}{_END}"
)
"""From which day on the decision holds."""
ORDER = re.compile(
    rf"{_SHORT}{{0,60}}?(?:"
    r"(?:条文|条款|条目|条|款|项|章节)(?:的)?(?:顺序|序号|编号|次序)[^，。；“”]{0,6}(?:相应)?[^，。；“”]{0,6}(?:调整|重新排列|重新编排|重新编号)"
    r"|(?:相应|重新)[^，。；“”]{0,4}(?:调整|排列|编排)[^，。；“”]{0,4}(?:条文|条款|条)?[^，。；“”]{0,2}(?:顺序|序号|编号|次序)"
    r"|根据本决定作相应(?:的)?(?:修改|修订|调整)"
    rf"){_SHORT}{{0,30}}(?:[，,](?:并)?重新(?:公布|发布|印发))?{_END}"
)
"""The sentence that lets the articles behind one that goes move up."""
FORMULAS = (
    re.compile(rf"{_PLAIN}{{0,400}}?(?:作|做)出?(?:了)?(?:以下|如下)(?:修改|修订|调整)[:：]?"),
    re.compile(rf"{_PLAIN}{{0,200}}(?:决定|通知|公告|令)(?=[。；;，,（(\s]|$)"),
    re.compile(rf"(?:本决定|本修正案)?自(?:公布|发布|印发|颁布)之日{_FROM}{_END}"),
    re.compile(
        rf"{_PLAIN}{{0,200}}?(?:会议(?:审议|讨论)?通过|(?:现予|予以)(?:公布|发布|印发)|重新(?:公布|发布|印发)|(?:遵照|贯彻)执行){_END}"
    ),
    re.compile(rf"(?:其他|其它|其余)(?:内容|条款|条文|规定|部分)?(?:保持)?不变{_END}"),
    re.compile(r"[（(][^（）()。；]{0,80}(?:通过|公布|发布|施行|号)[)）]"),
    re.compile(rf"[^，。；“”{QUOTE}{OPEN}]{{0,30}}(?:第\d{{1,4}}号|〔\d{{4}}〕\d{{1,4}}号){_END}"),
    re.compile(rf"(?:[^\W\d第]{{2,20}}\s*)?\d{{4}}年\d{{1,2}}月\d{{1,2}}日{_END}"),
    re.compile(r"(?:(?!第)[\u4e00-\u9fff]){2,20}(?:人民政府|办公厅|办公室|局|委员会)$"),
    re.compile(r"(?:市长|县长|区长|州长|局长|主任)[:：]?[\s　]*[\u4e00-\u9fff　 ]{2,5}$"),
)
"""Whole sentences that order nothing."""
