"""Find the Chinese typefaces of the machine for documents.

GB/T 9704-2012 asks for 仿宋 and 小标宋, which are not free. An office puts its licensed files into the folder
``LAUREL_FONTS``; without them 朱雀仿宋 (free, OFL) is taken where it is installed, else Noto Serif CJK SC
(Debian: fonts-noto-cjk), and for titles its bold face.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.domain.errors import LaurelError
from service.domain.text import Text

_FANGSONG = (
    "FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FZFangSong-Z02S", "FZFangSong-Z02", "方正仿宋简体",
    "STFangsong", "华文仿宋", "Zhuque Fangsong", "Zhuque Fangsong (technical preview)", "朱雀仿宋",
)  # fmt: skip
_XIAOBIAOSONG = (
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "方正小标宋简体",
    "方正小标宋_GBK",
    "华文中宋",
    "STZhongsong",
)
_SUBSTITUTES = (
    "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "思源宋体", "SimSun", "宋体",
    "AR PL UMing CN", "AR PL SungtiL GB", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
)  # fmt: skip
_CJK_WORDS = ("cjk", "song", "ming", "hei", "kai", "han ", "宋", "仿", "黑", "楷")


class NoChineseFont(LaurelError):
    """No PDF can be made, because it would show empty boxes."""

    code = "no_chinese_font"


@dataclass(frozen=True, slots=True)
class Faces:
    """Families for text and for titles, best first; ``own`` are those of the office's folder."""

    body: tuple[str, ...]
    title: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def as_required(self) -> bool:
        """Tell whether text and titles have the faces that GB/T 9704 names."""
        return _is_fangsong(self.body[0]) and _is_xiaobiaosong(self.title[0])


def find_faces(families: Collection[str], office_families: Sequence[str], folder: Path | None = None) -> Faces:
    """Return those of the machine's ``families`` to set documents in; ``office_families`` are those of ``folder``.

    Raises:
        NoChineseFont: none of the fonts that are known, and none of the office's own, holds Chinese.
    """
    own = tuple(family for family in office_families if any(word in family.lower() for word in _CJK_WORDS))
    spare = [family for family in (*_SUBSTITUTES, *own) if family in families]
    body = _choose_families([*filter(_is_fangsong, own), *_FANGSONG], families, spare)
    title = _choose_families([*filter(_is_xiaobiaosong, own), *_XIAOBIAOSONG], families, spare)
    if not body or not title:
        raise NoChineseFont(_no_font_words(folder))
    return Faces(body, title, own)


def _no_font_words(folder: Path | None) -> Text:
    """Say what to install where there is no Chinese font."""
    where = f"（{folder}）" if folder is not None else ""
    return Text(
        "本机没有中文字体，PDF 文书暂不生成（Word 文书不受影响）。请安装 fonts-noto-cjk，"
        f"或者把单位的仿宋、小标宋字体文件放入 LAUREL_FONTS 指定的目录{where}后重试。",
        "This machine has no Chinese font, so no PDF is made (Word files are not affected). Install fonts-noto-cjk, "
        f"or put the office's own font files into the folder that LAUREL_FONTS names{f' ({folder})' if folder else ''}.",
    )


def _choose_families(
    wanted: Sequence[str], available_families: Collection[str], spare: Sequence[str]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(f for f in wanted if f in available_families), *spare]))


def _is_fangsong(family: str) -> bool:
    return "fangsong" in family.lower().replace(" ", "") or "仿宋" in family


def _is_xiaobiaosong(family: str) -> bool:
    lower = family.lower().replace(" ", "")
    return "xiaobiaosong" in lower or "小标宋" in family or family in _XIAOBIAOSONG
