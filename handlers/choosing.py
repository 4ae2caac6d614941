"""Operation that fills places from a list: by order or lot, with reserved and added places, and a limit per organisation."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Invalid, Text, Work, operation, weight

_SHARE = "每项含 where（FEEL 文本，row 为该行）和 places"


@dataclass(frozen=True, slots=True)
class Choose:
    """Who stands on the list, in which order, and for how many places."""

    rows: str = field(metadata={"help": "FEEL 文本，给出名单各行"})
    places: Any = field(default=None, metadata={"help": "名额；空则不限"})
    order_by: str = field(
        default="[]",
        metadata={"help": "FEEL 文本，row 为该行，依次比较的值，大的、晚的在前，例如 [row.votes, row.points]"},
    )
    lot: str = field(
        default="",
        metadata={
            "help": "FEEL 文本，抽签：row 为该行，给出事先公布的种子和该行编号连成的文字，"
            '例如 string(draw.seed) + ":" + row.number；排不出先后的，其 SHA-256 大的在前，谁都可以复核'
        },
    )
    least: list[Any] = field(
        default_factory=list,
        metadata={
            "help": f'名额中至少留给某类的，没有合格者时空缺：{_SHARE}，例如 [{{where: "row.service", places: 1}}]'
        },
    )
    extra: list[Any] = field(
        default_factory=list, metadata={"help": f"名额之外为某类另增的，先于其他名额确定：{_SHARE}"}
    )
    per: str = field(default="", metadata={"help": "FEEL 文本，row 所属的组（所在单位、行业）；空则不限"})
    per_places: int = field(default=1, metadata={"help": "每组至多几名"})
    name: str = field(default="", metadata={"help": "记录入选各行的事实名；空则不记", "facts": ("{}",)})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what it is compared by, its group, and for which kept and added places it qualifies."""

    row: Mapping[str, Any]
    key: tuple[tuple[int, Any], ...] = ()
    group: str | None = None
    least: tuple[bool, ...] = ()
    extra: tuple[bool, ...] = ()


@operation(
    "list.choose",
    Text("按名额选定", "Choose for the places"),
    result={"chosen": "list", "left": "list", "tied": "list", "count": "number", "vacant": "number"},
)
def choose(work: Work, parameters: Choose) -> Mapping[str, Any]:
    """Choose from a list; every row chosen says under ``seat`` which place it took: extra, least or ordinary."""
    entries = [_entry(work, parameters, row) for row in work.evaluate(parameters.rows) or []]
    places = None if parameters.places is None else int(parameters.places)
    least, extra = ([int(share["places"]) for share in shares] for shares in (parameters.least, parameters.extra))
    seats = fill(entries, places, least, extra, int(parameters.per_places))
    chosen = [{**entry.row, "seat": seats[n]} for n, entry in _ordered(entries) if n in seats]
    left = [dict(entry.row) for n, entry in _ordered(entries) if n not in seats]
    if parameters.name:
        work.cases.set({parameters.name: chosen})
    work.audit(
        f"按名额选定：{len(chosen)}个",
        {"places": places, "least": least, "extra": extra, "lot": parameters.lot or None},
    )
    vacant = 0 if places is None else places + sum(extra) - len(chosen)
    tied = [dict(entries[n].row) for n in tied_out(entries, seats, int(parameters.per_places))]
    return {"chosen": chosen, "left": left, "tied": tied, "count": len(chosen), "vacant": vacant}


def fill(
    entries: Sequence[Entry], places: int | None, least: Sequence[int], extra: Sequence[int], per: int
) -> dict[int, str]:
    """Return which entry takes which kind of seat: added places first, then those kept for a group, then the rest."""
    order = [n for n, _ in _ordered(entries)]
    seats: dict[int, str] = {}
    taken: Counter[str] = Counter()

    def seat(fitting: Iterable[int], room: int, kind: str) -> None:
        for n in fitting:
            group = entries[n].group
            if room > 0 and n not in seats and (group is None or taken[group] < per):
                seats[n] = kind
                room -= 1
                taken.update([] if group is None else [group])

    for share, room in enumerate(extra):
        seat([n for n in order if entries[n].extra[share]], room, "extra")
    for share, room in enumerate(least):
        seat([n for n in order if entries[n].least[share]], room, "least")
    seat(order, len(entries) if places is None else places - sum(least), "ordinary")
    return seats


def tied_out(entries: Sequence[Entry], seats: Mapping[int, str], per: int) -> list[int]:
    """Return those without an ordinary place who are equal to the last with one: the order decides nothing there."""
    ordinary = [entries[n].key for n, kind in seats.items() if kind == "ordinary"]
    groups = Counter(entries[n].group for n in seats if entries[n].group is not None)
    return [
        n
        for n, entry in enumerate(entries)
        if n not in seats and ordinary and entry.key == min(ordinary) and groups[entry.group] < per
    ]


def _ordered(entries: Sequence[Entry]) -> list[tuple[int, Entry]]:
    return sorted(enumerate(entries), key=lambda one: one[1].key, reverse=True)


def _entry(work: Work, parameters: Choose, row: Mapping[str, Any]) -> Entry:
    seen = {"row": row}
    compared = work.evaluate(parameters.order_by, seen)
    weights = [weight(value) for value in (compared if isinstance(compared, list) else [compared])]
    return Entry(
        row,
        (*weights, *_ticket(work, parameters, seen)),
        str(work.evaluate(parameters.per, seen)) if parameters.per else None,
        tuple(work.evaluate(str(share["where"]), seen) is True for share in parameters.least),
        tuple(work.evaluate(str(share["where"]), seen) is True for share in parameters.extra),
    )


def _ticket(work: Work, parameters: Choose, seen: Mapping[str, Any]) -> list[tuple[int, Any]]:
    """Return what the lot adds to the order: nothing where none is drawn, the hash of seed and number where one is.

    Raises:
        Invalid: when seed and number are not known.
    """
    if not parameters.lot:
        return []
    text = work.evaluate(parameters.lot, seen)
    if not isinstance(text, str) or not text:
        raise Invalid(
            Text(
                "抽签缺少种子或者编号，没有抽签：lot 应对每一行得出文字。",
                "Nothing was drawn: the lot lacks its seed or a number; “lot” gives a text for every row.",
            )
        )
    return [(1, int(hashlib.sha256(text.encode()).hexdigest(), 16))]
