"""Score sheets: a percentage in steps per item, with strengths and improvements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from statistics import median

from service.domain.errors import Invalid
from service.domain.review.edition import Edition, ScoredItem
from service.domain.text import Text

_FEW = 6
"""So many bands are named one by one where none of them was met."""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What an evaluator says of one item; ``percent`` None is not scored yet."""

    percent: int | None = None
    strengths: str = ""
    improvements: str = ""


@dataclass(frozen=True, slots=True)
class AskedWords:
    """Words that a percentage asks for: from ``least`` on and below ``below``, in the ``field`` of an item."""

    field: str
    name: Text
    least: int
    below: int
    missing: Text

    def needs_words_for(self, percent: int) -> bool:
        """Return whether an item with this percentage needs them."""
        return self.least <= percent < self.below


ASKED_WORDS = (
    AskedWords(
        "strengths",
        Text("优势", "strengths"),
        50,
        101,
        Text("得分率50%及以上须写明优势。", "From 50 % on, name the strengths."),
    ),
    AskedWords(
        "improvements",
        Text("改进机会", "to improve"),
        0,
        100,
        Text("未得满分须写明改进机会。", "Below 100 %, name what to improve."),
    ),
)


@dataclass(frozen=True, slots=True)
class ScoreError:
    """What is wrong with one item, in which ``field`` of it; ``refused``: with what was entered there, else it is missing."""

    item: str
    text: Text
    field: str = "percent"
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One evaluator's sheet for one applicant in one stage."""

    edition: Edition
    scores: Mapping[str, ItemScore]

    @property
    def total(self) -> Fraction:
        """The points so far, out of the edition's."""
        return sum((self.points(item) for item in self.scores), Fraction(0))

    def points(self, item: str) -> Fraction:
        """Return the points of an item, 0 where it is not scored."""
        percent = self.scores[item].percent if item in self.scores else None
        return Fraction(0) if percent is None else self.edition.score(item, percent)

    def of_category(self, category: str) -> Fraction:
        """Return the points of a category."""
        scored_category = next(c for c in self.edition.categories if c.id == category)
        return sum((self.points(item.id) for item in scored_category.items), Fraction(0))


def check_sheet(sheet: Sheet, *, complete: bool) -> list[ScoreError]:
    """Return what is wrong: unknown items, percentages out of band, and (when ``complete``) what is missing.

    Where the edition asks for reasons, each percentage needs its `ASKED_WORDS`.
    """
    errors = [
        ScoreError(item, Text(f"评分标准中没有条款{item}。", f"The edition has no item {item}."), refused=True)
        for item in sheet.scores
        if item not in sheet.edition.items
    ]
    for item in sheet.edition.items.values():
        score = sheet.scores.get(item.id, ItemScore())
        if score.percent is not None and score.percent not in sheet.edition.bands:
            errors.append(ScoreError(item.id, _out_of_band(sheet.edition), refused=True))
        elif complete:
            errors += _check_missing(item.id, score, sheet.edition.reasons)
    return errors


def _out_of_band(edition: Edition) -> Text:
    step = edition.step
    if step is None:
        bands = [str(band) for band in edition.bands]
        band_list = bands if len(bands) <= _FEW else [*bands[:2], "…", bands[-1]]
        return Text(f"得分率只能是：{'、'.join(band_list)}。", f"The percentage must be one of {', '.join(band_list)}.")
    return Text(
        f"得分率应为{edition.bands[0]}%至{edition.bands[-1]}%之间{step}%的倍数。",
        f"The percentage must be a multiple of {step} between {edition.bands[0]} and {edition.bands[-1]}.",
    )


def _check_missing(item: str, score: ItemScore, reasons: bool) -> list[ScoreError]:
    if score.percent is None:
        return [ScoreError(item, Text("尚未打分。", "Not scored yet."))]
    return [
        ScoreError(item, words.missing, words.field)
        for words in ASKED_WORDS
        if reasons and words.needs_words_for(score.percent) and not getattr(score, words.field).strip()
    ]


@cache
def field_of(item: str) -> str:
    """Return the name of the object in which an item lies in the form: ``4.1.2`` is ``i_4_1_2``."""
    return "i_" + re.sub(r"[^0-9A-Za-z]+", "_", item)


def read_sheet(edition: Edition, data: Mapping[str, object]) -> Sheet:
    """Return what was filled in; a percentage that is no number reads as not scored."""
    values = {item: data.get(field_of(item)) for item in edition.items}
    return Sheet(edition, {item: _read_score(value) for item, value in values.items() if isinstance(value, Mapping)})


def exact(points: Fraction) -> str:
    """Return points as records keep them: ``numerator/denominator``, nothing rounded."""
    return f"{points.numerator}/{points.denominator}"


def shown(points: Fraction | str) -> str:
    """Return points for display: two decimals, half up."""
    value = Fraction(points)
    cents = (abs(value) * 200 + 1) // 2
    return f"{'-' if value < 0 else ''}{cents // 100}.{cents % 100:02d}"


def _read_score(value: Mapping[str, object]) -> ItemScore:
    percent = str(value.get("percent") if value.get("percent") is not None else "")
    return ItemScore(
        int(percent) if re.fullmatch(r"[0-9]{1,3}", percent) else None,
        str(value.get("strengths") or ""),
        str(value.get("improvements") or ""),
    )


FEWEST_FOR_MEAN = 3
"""With fewer sheets an average would tell a single mark to whoever knows another."""
FEWEST_FOR_SPREAD = 5
"""With fewer sheets the lowest, the middle and the highest would be all there is."""


@dataclass(frozen=True, slots=True)
class ItemSpread:
    """An item in points: what it came to (``own``), and between which marks the panel lay, None where too few marked."""

    item: ScoredItem
    own: Fraction
    lowest: Fraction | None
    middle: Fraction | None
    highest: Fraction | None


def spread_of(sheets: Sequence[Sheet], agreed: Sheet | None = None) -> tuple[ItemSpread, ...]:
    """Return every item of a stage with its points and the spread of its sheets; nothing where too few are there.

    ``own`` is what the panel ``agreed`` on, else the mean of the sheets.
    """
    if len(sheets) < FEWEST_FOR_MEAN:
        return ()
    edition = sheets[0].edition
    return tuple(_of_item(item, sheets, agreed) for item in edition.items.values())


def _of_item(item: ScoredItem, sheets: Sequence[Sheet], agreed: Sheet | None) -> ItemSpread:
    marks = [sheet.points(item.id) for sheet in sheets]
    mean_points = agreed.points(item.id) if agreed is not None else sum(marks, Fraction(0)) / len(marks)
    if len(marks) < FEWEST_FOR_SPREAD:
        return ItemSpread(item, mean_points, None, None, None)
    return ItemSpread(item, mean_points, min(marks), Fraction(median(marks)), max(marks))


_TRIMMED = {"trimmed_mean": 1, **{f"trimmed_mean_{ends}": ends for ends in range(2, 10)}}
"""How many highest, and as many lowest, each trimmed mean leaves out."""

COMBINATIONS = ("mean", "median", *_TRIMMED, "consensus")
"""Ways in which the sheets of a stage become its score."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """An item on which evaluators are far apart, in percent of its points."""

    item: str
    lowest: int
    highest: int


def combine(values: Sequence[Fraction], how: str) -> Fraction:
    """Combine evaluators' totals: ``mean``, ``median`` or ``trimmed_mean`` (without the highest and the lowest, from three on).

    ``trimmed_mean_2`` leaves out the two highest and the two lowest, from five on, and so up to 9; with fewer sheets
    than that nothing is left out.

    Raises Invalid for no values or another word.
    """
    if not values:
        raise Invalid(Text("没有可以汇总的评分。", "There are no scores to combine."))
    if how == "median":
        return Fraction(median(values))
    ends = count_trimmed(how, len(values))
    if ends is None and how != "mean":
        raise Invalid(Text(f"不认识的汇总方法“{how}”。", f"Unknown way to combine scores: “{how}”."))
    if ends:
        values = sorted(values)[ends:-ends]
    return sum(values, Fraction(0)) / len(values)


def count_trimmed(how: str, sheets: int) -> int | None:
    """Return how many highest, and as many lowest, of so many ``sheets`` a trimmed mean leaves out; None for other methods."""
    ends = _TRIMMED.get(how)
    if ends is None:
        return None
    return ends if sheets > 2 * ends else 0


def divergences(sheets: Sequence[Sheet], limit: int) -> list[Divergence]:
    """Return the items whose percentages lie more than ``limit`` points apart."""
    results = []
    for item in sheets[0].edition.items if sheets else ():
        percentages = [p for s in sheets if (score := s.scores.get(item)) and (p := score.percent) is not None]
        if len(percentages) > 1 and max(percentages) - min(percentages) > limit:
            results.append(Divergence(item, min(percentages), max(percentages)))
    return results


def weighted(scores: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    """Return the weighted sum of stage scores; a stage without a score counts 0. The weights must add up to 1."""
    if sum(weights.values(), Fraction(0)) != 1:
        raise Invalid(Text("各阶段权重之和须为1。", "The weights of the stages must add up to 1."))
    return sum((scores.get(stage, Fraction(0)) * weight for stage, weight in weights.items()), Fraction(0))


def summed(scores: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    """Return the plain sum of the stages when every weight is 1, else the weighted one."""
    if len(weights) > 1 and set(weights.values()) == {Fraction(1)}:
        return sum((scores.get(stage, Fraction(0)) for stage in weights), Fraction(0))
    return weighted(scores, weights)
