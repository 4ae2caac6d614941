"""The text of an issued document as layouts read it: cleaned, cut into lines, with the sizes that depend on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_HEAD_WIDTH, _HEAD_LARGEST, _SINGLE_LINE_LENGTH = 440, 36, 18
_TITLE_LINE, _CLOSING, _OPENING = 20, "，。、；：！？）》〉」』〕】”’的", "（《〈「『〔【“‘"
_ABOUT, _SHORTEST, _AROUND = "关于", 4, 6
"""What follows the issuer in a title; the least length of an issuer; how far a line may differ from its like."""
_WHOLE = (
    "人民政府", "质量奖", "提名奖", "创新奖", "委员会", "监督管理局", "领导小组", "办公室", "秘书处", "自治州", "自治区", "第一届", "第二届",
    "质量", "食品", "安全", "知识", "产权", "强市", "强州", "工作", "评审", "申报", "组织", "名单", "请示", "决定", "公告", "通知", "通报",
    "通告", "告知书", "意见", "获奖", "称号", "荣誉", "奖励", "受理", "审议", "审定", "审批", "撤销", "取消", "表彰", "授予", "公布", "建议",
    "候选", "推荐", "资格", "专家", "有限公司", "公司", "开展", "提请", "调查", "不予", "关于",
)  # fmt: skip
"""Words that a title does not break at the end of a line."""
_TEXT_WIDTH, _MARGINS, _WIDEST = 8844, 230, 20
"""156 mm and the margins of a cell in twips; the most that a column of a table asks for, in characters."""
_FEW, _FEW_SIZE, _MANY_SIZE = 5, 14, 10
"""A table of more than so many columns is set in a smaller size, in points."""
_WORDS = re.compile(r"[!-~]+")
_OFFICES = ("领导小组办公室", "评审委员会办公室", "委员会办公室", "监督管理局", "领导小组", "委员会")


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table between paragraphs: headings, and rows of as many texts.

    ``widths`` of the columns in twips fill the text's width; ``size`` of the letters in points.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table where ``table`` is set."""

    text: str
    table: DocumentTable | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Something attached, set on pages of its own: ``label`` is 附件 with its number where there are several."""

    label: str
    title_lines: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A document as it is set.

    ``title_lines`` is the title cut into lines of like length; ``head`` are the lines of 发文机关标志 and
    ``head_size`` their size in points; ``addressee`` has its colon; ``date`` is written 2026年3月10日, ``day`` is the
    same in ISO form. ``attachments`` are the names, ``enclosed`` what they hold; ``note`` is 附注, ``signer`` 签发人.
    """

    title: str
    title_lines: tuple[str, ...]
    head: tuple[str, ...]
    head_size: int
    number: str
    addressee: str
    blocks: tuple[Block, ...]
    attachments: tuple[str, ...]
    enclosed: tuple[Enclosed, ...]
    signature: str
    date: str
    day: str
    copies: tuple[str, ...]
    note: tuple[str, ...]
    signer: str

    def as_dict(self) -> dict[str, Any]:
        """Return the same as plain values, for layouts."""
        return asdict(self)


def composed(content: Mapping[str, Any]) -> Composed:
    """Read the frozen content of a document (see ``compose``)."""
    signature = _clean_text(content.get("signature"))
    head = _split_head(_clean_text(content.get("head")) or signature)
    return Composed(
        title=_clean_text(content["title"]),
        title_lines=_split_title(_clean_text(content["title"])),
        head=head,
        head_size=min(_HEAD_LARGEST, _HEAD_WIDTH // max([len(line) for line in head] or [1])),
        number=_clean_text(content.get("number")),
        addressee=_format_addressee(_clean_text(content.get("addressee"))),
        blocks=tuple(block for item in content["paragraphs"] for block in _split_blocks(item)),
        attachments=tuple(name for name, _ in list_attachments(content)),
        enclosed=_build_enclosures(list_attachments(content)),
        signature=signature,
        date=chinese_date(str(content["date"])),
        day=str(content["date"]),
        copies=_clean_names(content.get("copies")),
        note=_clean_names(content.get("note")),
        signer=_clean_text(content.get("signer")),
    )


def list_attachments(content: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    """Return name and paragraphs of everything attached; documents of former versions have the names alone."""
    attachments = content.get("attachments") or ()
    return [
        (_clean_text(item["name"]), list(item["paragraphs"])) if isinstance(item, Mapping) else (_clean_text(item), [])
        for item in attachments
    ]


def _build_enclosures(attachments: Sequence[tuple[str, list[Any]]]) -> tuple[Enclosed, ...]:
    return tuple(
        Enclosed(
            f"附件{n if len(attachments) > 1 else ''}",
            _split_title(name),
            tuple(b for item in paragraphs for b in _split_blocks(item)),
        )
        for n, (name, paragraphs) in enumerate(attachments, 1)
        if paragraphs
    )


def chinese_date(text: str) -> str:
    """Return an ISO day as 成文日期 is written, without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def written(content: Mapping[str, Any]) -> str:
    """Return everything that is read in a frozen document, line by line in the order in which it stands."""
    lines = (
        content.get("head"),
        content.get("number"),
        f"签发人：{content['signer']}" if content.get("signer") else "",
        content["title"],
        content.get("addressee"),
        *(plain_text(item) for item in content["paragraphs"]),
        *(f"附件：{name}" for name, _ in list_attachments(content)),
        content.get("signature"),
        chinese_date(str(content["date"])),
        *(f"（{words}）" for words in content.get("note") or ()),
        *(line for name, paragraphs in list_attachments(content) for line in (name, *map(plain_text, paragraphs))),
        *(f"抄送：{name}" for name in content.get("copies") or ()),
    )
    return "\n".join(str(line) for line in lines if line)


def plain_text(item: object) -> str:
    """Return a paragraph as text; a table's cells are set apart by blanks, its rows by line ends."""
    if not isinstance(item, Mapping):
        return str(item)
    return "\n".join("　".join(map(str, row)) for row in (item["head"], *item["rows"]))


def _split_blocks(item: object) -> list[Block]:
    if isinstance(item, Mapping):
        return [
            Block(
                "", _build_table([tuple(_clean_text(cell) for cell in line) for line in (item["head"], *item["rows"])])
            )
        ]
    return [Block(line.strip()) for line in _clean_text(item).splitlines() if line.strip()]


def _build_table(lines: Sequence[tuple[str, ...]]) -> DocumentTable:
    """Share the text's width out: no number or word is broken, the rest goes to what holds much."""
    columns = list(zip(*lines, strict=False))
    size = _FEW_SIZE if len(columns) <= _FEW else _MANY_SIZE
    least = [max(2, max(_measure_longest_word(cell) for cell in column)) for column in columns]
    wanted = [min(_WIDEST, max(_measure_width(cell) for cell in column)) for column in columns]
    more = [max(0.5, wish - low) for wish, low in zip(wanted, least, strict=True)]
    taken = [_MARGINS + 20 * size * low for low in least]
    rest = max(0, _TEXT_WIDTH - sum(taken)) / sum(more)
    whole = [low + rest * share for low, share in zip(taken, more, strict=True)]
    widths = tuple(int(_TEXT_WIDTH * width / sum(whole)) for width in whole)
    return DocumentTable(lines[0], tuple(lines[1:]), widths, size)


def _measure_longest_word(text: str) -> float:
    """Return the width of the longest word or number, which stays on one line where it can."""
    return max((_measure_width(word) for word in _WORDS.findall(text)), default=0)


def _measure_width(text: str) -> float:
    """Return how wide a text is, in Chinese characters."""
    return sum(0.65 if sign.isascii() else 1 for sign in text)


def _clean_names(names: object) -> tuple[str, ...]:
    return tuple(_clean_text(name) for name in names) if isinstance(names, list | tuple) else ()


def _format_addressee(text: str) -> str:
    return f"{text.rstrip('：:')}：" if text else ""


def _split_head(text: str) -> tuple[str, ...]:
    """Cut a long name of an authority into two lines, before the office it ends with where there is one."""
    if "\n" in text:
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    if len(text) <= _SINGLE_LINE_LENGTH:
        return (text,) if text else ()
    cut = next(
        (len(text) - len(o) for o in _OFFICES if text.endswith(o) and len(o) < len(text) - 2), -(-len(text) // 2)
    )
    return (text[:cut], text[cut:])


def _split_title(text: str) -> tuple[str, ...]:
    """Cut a long title into lines of like length, after the issuer where it fits, and never within a word (7.3.1)."""
    if len(text) <= _TITLE_LINE or "\n" in text:
        return tuple(text.splitlines()) or ("",)
    issuer = text.find(_ABOUT)
    if _SHORTEST <= issuer <= _TITLE_LINE:
        return (text[:issuer], *_split_title(text[issuer:]))
    lines: list[str] = []
    while len(text) > _TITLE_LINE:
        size = -(-len(text) // -(-len(text) // _TITLE_LINE))
        whole = [i for i in range(size - _AROUND, _TITLE_LINE + 1) if _may_end(text, i)]
        cut = min(whole or [size], key=lambda i: abs(i - size))
        lines.append(text[:cut])
        text = text[cut:]
    return (*lines, text)


def _may_end(text: str, cut: int) -> bool:
    """Return whether a line may end before ``cut``: no word is broken, no mark stands first or opens last."""
    if text[cut] in _CLOSING or text[cut - 1] in _OPENING:
        return False
    if text[cut - 1 : cut + 1].isascii() and text[cut - 1 : cut + 1].isalnum():
        return False
    return not any(word in text[max(0, cut - len(word) + 1) : cut + len(word) - 1] for word in _WHOLE)


def _clean_text(value: object) -> str:
    """Return text without what no file format can hold."""
    return _UNPRINTABLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")) if value is not None else ""
