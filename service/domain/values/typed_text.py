"""Texts and numbers as people type or paste them, brought to the one way in which they are judged and stored."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]")
_JOINERS = re.compile("[\u200c\u200d]")  # words of some scripts need them, codes never
_DIRECTIONS = re.compile("[\u061c\u200e\u200f]")  # texts written from the right need them, others never
_FROM_THE_RIGHT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_GROUPED = re.compile(r"([+-]?)([1-9]\d{0,2}(?:([, ])\d{3})(?:\3\d{3})*)(\.\d*)?", re.ASCII)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NO_DECIMALS = re.compile(
    "([\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u215f\u2189\u2460-\u249b\u24ea\u3251-\u325f\u32b1-\u32bf]+)"
)
"""Digits that stand for no place of a number: 10² is not 102, nor 3① a 31."""
_HAN = "[\u2e80-\u9fff\uf900-\ufaff]"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]")
"""Signs that no letter and no page can hold, and the one that programs write for what they could not read."""
_ADDRESS = re.compile(
    r"""(?!\.)(?!.*\.\.)[^@\s<>()\[\]:;,\\"'“”、，；：]{1,64}(?<!\.)@(?:(?!-)[^@\s.<>()\[\]:;,\\"'“”、，；：]+(?<!-)\.)+"""
    r"""[^\W\d_](?:[\w-]*\w)"""
)
_RADICALS = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳⺴⺶"
    "⺹⺺⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬"
    "⻭⻮⻯⻰⻱⻲",
    "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王目示礻糹纟罓罒㓁冗羊"
    "耂肀聿肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐"
    "歯齿竜龙龜亀",
) | {code: unicodedata.normalize("NFKC", chr(code)) for code in (0x2E9F, 0x2EF3, *range(0x2F00, 0x2FD6))}
"""Parts of characters, which files made of a PDF hold in place of the character that looks the same."""
_BRACKETS = (str.maketrans("()", "（）"), str.maketrans("（）", "()"))


def whole_characters(text: str) -> str:
    """Return a text with whole characters in place of radicals: ⻘山 is 青山."""
    return text.translate(_RADICALS)


def clean_text(text: str) -> str:
    """Return a text without invisible signs and radicals; all ends of lines become newlines, hard blanks blanks."""
    text = text if _FROM_THE_RIGHT.search(text) else _DIRECTIONS.sub("", text)
    return whole_characters(_INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))).replace("\u00a0", " ").strip()


def clean_word(text: str) -> str:
    """Return an address, a telephone number or a choice in plain signs: half width, nothing invisible, no blanks around."""
    parts = enumerate(_NO_DECIMALS.split(clean_text(text)))
    plain = "".join(part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in parts)
    return _JOINERS.sub("", _DIRECTIONS.sub("", clean_text(plain)))


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a field or cell, parted by 、 or a comma, a semicolon, a new line."""
    return tuple(word.strip() for word in re.split(r"[、;；,，\n]", text) if word.strip())


def clean_line(text: str) -> str:
    """Return a text in one line: lines go on without a blank between Chinese characters, with one elsewhere."""
    return re.sub(r"\s*\n\s*", " ", re.sub(rf"(?<={_HAN})\s*\n\s*(?={_HAN})", "", clean_text(text)))


def clean_phone(text: str) -> str:
    """Return a telephone number without blanks, its parts joined by a hyphen: （0991） 1234567 is 0991-1234567."""
    plain = _DASHES.sub("-", re.sub(r"\s", "", clean_word(text)))
    return re.sub(r"^\((\+?\d+)\)-?", r"\1-", plain)


def clean_code(text: str) -> str:
    """Return a code with a check sign (credit code, identity number) in capitals, without blanks within."""
    return re.sub(r"\s", "", clean_word(text)).upper()


def is_address(text: str) -> bool:
    """Return whether a clean word is one e-mail address alone: no name beside it, no <>, no mailto:."""
    return len(text) <= 200 and _ADDRESS.fullmatch(text) is not None


def plain_name(name: str) -> str:
    """Return a name as names are compared: 甲（集团） is 甲 (集团)."""
    return "".join(clean_word(name).split()).casefold()


def spellings_of(name: str) -> set[str]:
    """Return a name with the brackets of either width, as it may be on record."""
    return {name, *(name.translate(brackets) for brackets in _BRACKETS)}


def clean_number(text: str) -> str:
    """Return 12,345.5 or １２３ as 12345.5 and 123; what only looks like a number (3,5 or 1,23,4) stays as it is.

    Commas and blanks are left out only where they group thousands: elsewhere nobody knows what was meant.
    """
    plain = clean_word(text).replace("−", "-")
    grouped = _GROUPED.fullmatch(plain)
    return plain if grouped is None else grouped[1] + re.sub(r"[, ]", "", grouped[2]) + (grouped[4] or "")
