"""Operations on lists: compiled from child cases, and tiers filled from a ranking or a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from service.sdk import (
    Cap,
    ChildView,
    Contestant,
    Filled,
    Invalid,
    Text,
    TierPlaces,
    Work,
    exact_number,
    fill,
    operation,
    weight,
)


@dataclass(frozen=True, slots=True)
class Compile:
    """Which cases give a row, and what stands in it."""

    name: str = field(metadata={"help": "记录名单的事实名", "facts": ("{}",)})
    row: dict[str, str] = field(
        metadata={
            "help": "各列名和 FEEL 文本，child 为下级办件及其事实，child.earlier 为该组织的获奖登记，与 register.awards 同形"
        }
    )
    process: str | None = field(default=None, metadata={"help": "只取这一类下级办件；空则全部"})
    where: str = field(default="true", metadata={"help": "FEEL 文本，为真的才列入"})


@operation("list.compile", Text("编制名单", "Compile a list"), result={"count": "number", "cases": "list"})
def compile_list(work: Work, parameters: Compile) -> Mapping[str, Any]:
    """Record a list with one row for every child case that meets the condition, oldest first; ``cases`` are their ids."""
    children = [_seen(child) for child in work.cases.children(parameters.process)]
    chosen = [child for child in children if work.evaluate(parameters.where, {"child": child}) is True]
    if any("child.earlier" in text for text in parameters.row.values()):
        chosen = [_with_awards(work, child) for child in chosen]
    rows = [_row(work, parameters.row, child) for child in chosen]
    work.cases.set({parameters.name: rows})
    return {"count": len(rows), "cases": [child["id"] for child in chosen]}


def _row(work: Work, columns: Mapping[str, str], child: Mapping[str, Any]) -> dict[str, Any]:
    return {name: work.evaluate(text, {"child": child}) for name, text in columns.items()}


def _with_awards(work: Work, child: Mapping[str, Any]) -> dict[str, Any]:
    body = child["subject"].get("id")
    return {**child, "earlier": list(work.register.awards(int(body))) if body is not None else []}


def _seen(child: ChildView) -> dict[str, Any]:
    own = {"id": child.id, "process": child.process, "title": child.title, "number": child.number}
    return {**child.facts, **own, "status": child.status, "outcome": child.outcome, "subject": dict(child.subject)}


Row = Mapping[str, Any]
Look = Callable[[Row, str], Any]
WHOLE = "全部候选"
"""The group of a cap that concerns all candidates."""


@dataclass(frozen=True, slots=True)
class Fill:
    """The candidates, their order, the places and the limits."""

    rows: str = field(
        metadata={
            "help": "FEEL 文本，给出名单各行，例如 scores.rank 记下的排名或者 tallied.votes；case 或者 candidate 为其编号"
        }
    )
    order: list[str] = field(
        metadata={"help": "依次比较的列名，大的、晚的在前：行中的列、某阶段的得分或者该下级办件的事实"}
    )
    tiers: list[Any] = field(
        default_factory=list,
        metadata={
            "help": "各档，高的在前：id，可有 name、places（名额）、share（占候选总数的比例）、round（down、up、half_up）、"
            "least（最低值）、measure（least 所看的列，缺省为 order 的第一列）、where（FEEL 文本，row 为该行）、prize_yuan；空则只有一档"
        },
    )
    places: Any = field(default=None, metadata={"help": "没有 tiers 时的名额；空则不限"})
    caps: list[Any] = field(
        default_factory=list,
        metadata={
            "help": "上限：per（列名，按其值分组；空则全部）、places（每组至多几名，或者按组写 {制造: 3}）或者 share（占该组候选的比例）、"
            "round、tier（只限这一档）、where（FEEL 文本，只算这些行）、name（写进理由的叫法）"
        },
    )
    decided: list[Any] = field(
        default_factory=list, metadata={"help": "已经决定的末位相同者：每项含 contest 和 cases（选定的编号）"}
    )
    name: str = field(default="", metadata={"help": "记录各档入选者的事实名；空则不记", "facts": ("{}",)})
    rest: str = field(default="", metadata={"help": "记录未入选者及其理由的事实名；空则不记", "facts": ("{}",)})


@operation(
    "list.fill",
    Text("分档定额", "Fill tiers within limits"),
    result={
        "cases": "list",
        "count": "number",
        "vacant": "number",
        "vacancies": "list",
        "contest": "string",
        "tier": "string",
        "tied": "list",
        "open": "number",
    },
)
def fill_tiers(work: Work, parameters: Fill) -> Mapping[str, Any]:
    """Fill the tiers from the highest down; where equals cannot all have a place, ``tied`` names them until it is decided."""
    rows = {_ident(row): row for row in work.evaluate(parameters.rows) or []}
    look = _looker(work, list(rows.values()), parameters.order)
    tiers = [ListTier.read(t, len(rows)) for t in parameters.tiers] or [ListTier("", _count(parameters.places))]
    caps = [_Limit.read(c, {t.id for t in tiers}) for c in parameters.caps]
    contestants = [_contestant(work, ident, row, look, parameters.order, tiers, caps) for ident, row in rows.items()]
    limits = [cap.over(n, contestants) for n, cap in enumerate(caps)]
    decided = {str(d["contest"]): [str(c) for c in d["cases"]] for d in parameters.decided}
    filled = fill(contestants, [TierPlaces(t.id, t.places) for t in tiers], limits, decided)
    if filled.contest is None:
        _keep(work, parameters, rows, tiers, filled)
    return _result(rows, filled)


@dataclass(frozen=True, slots=True)
class ListTier:
    """A tier as a package writes it."""

    id: str
    places: int | None = None
    least: Fraction | None = None
    measure: str = ""
    where: str = ""
    prize_yuan: Any = None

    @classmethod
    def read(cls, row: Row, candidates: int) -> ListTier:
        """Return the tier that ``row`` writes, its share counted of so many candidates."""
        _demand(row, TIER_KEYS, "tiers", needed=("id",))
        places = [n for n in (_count(row.get("places")), _share(row, candidates)) if n is not None]
        least = row.get("least")
        return cls(
            str(row["id"]),
            min(places) if places else None,
            None if least is None else _number(least, "least"),
            str(row.get("measure") or ""),
            str(row.get("where") or ""),
            row.get("prize_yuan"),
        )


TIER_KEYS = ("id", "name", "name_en", "places", "share", "round", "least", "measure", "where", "prize_yuan")
CAP_KEYS = ("per", "places", "share", "round", "tier", "where", "name")


@dataclass(frozen=True, slots=True)
class _Limit:
    row: Row

    @classmethod
    def read(cls, row: Row, tiers: set[str]) -> _Limit:
        _demand(row, CAP_KEYS, "caps")
        if ("places" in row) == ("share" in row):
            raise _wrong("caps", "每项写 places 或者 share 之一", "each has either “places” or “share”")
        if row.get("tier") is not None and str(row["tier"]) not in tiers:
            raise _wrong("caps", f"没有“{row['tier']}”这一档", f"there is no tier “{row['tier']}”")
        return cls(row)

    def group(self, work: Work, row: Row, look: Look) -> str | None:
        """Return the group of ``row`` under this limit, None where it is not about it."""
        where = self.row.get("where")
        if where and work.evaluate(str(where), {"row": row}) is not True:
            return None
        if not self.row.get("per"):
            return str(self.row.get("name") or WHOLE)
        value = look(row, str(self.row["per"]))
        return None if value is None else str(value)

    def over(self, number: int, contestants: Sequence[Contestant]) -> Cap:
        """Return the limit in numbers for those who stand."""
        sizes = Counter(group for c in contestants if (group := c.groups[number]) is not None)
        places = self.row.get("places")
        if "share" in self.row:
            most = {group: _share(self.row, size) or 0 for group, size in sizes.items()}
        elif isinstance(places, Mapping):
            most = {group: _count(places[group]) or 0 for group in sizes if group in places}
        else:
            most = dict.fromkeys(sizes, _count(places) or 0)
        tier = self.row.get("tier")
        return Cap(most, None if tier is None else str(tier))


def _contestant(
    work: Work,
    ident: str,
    row: Row,
    look: Look,
    order: Sequence[str],
    tiers: Sequence[ListTier],
    caps: Sequence[_Limit],
) -> Contestant:
    fit = {t.id for t in tiers if _fits(work, row, look, t, order)}
    key = tuple(weight(look(row, name)) for name in order)
    return Contestant(ident, key, tuple(cap.group(work, row, look) for cap in caps), frozenset(fit))


def _fits(work: Work, row: Row, look: Look, tier: ListTier, order: Sequence[str]) -> bool:
    if tier.where and work.evaluate(tier.where, {"row": row}) is not True:
        return False
    if tier.least is None:
        return True
    measure = tier.measure or (order[0] if order else "")
    if not measure:
        raise _wrong("tiers", "写了 least，却没有可比较的列", "“least” is there, but no column to measure")
    value = look(row, measure)
    return value is not None and _number(value, measure) >= tier.least


def _looker(work: Work, rows: Sequence[Row], order: Sequence[str]) -> Look:
    """Return how a column of a row is read: in the row, among its stages, among the facts of its case."""
    facts = {child.id: {**child.facts, "subject": child.subject} for child in work.cases.children()}

    def look(row: Row, name: str) -> Any:
        below = facts.get(row.get("case", row.get("candidate")), {})
        for place in (row, row.get("stages") or {}, below):
            if name in place:
                return place[name]
        return None

    for name in order:
        if rows and all(look(row, name) is None for row in rows):
            raise _wrong("order", f"名单中没有“{name}”", f"no row has “{name}”")
    return look


def _keep(work: Work, parameters: Fill, rows: Mapping[str, Row], tiers: Sequence[ListTier], filled: Filled) -> None:
    prizes = {t.id: t.prize_yuan for t in tiers}
    ranked = sorted(filled.seats, key=lambda i: [t.id for t in tiers].index(filled.seats[i]))
    chosen = [
        {**rows[i], "case": _own(rows[i]), "tier": filled.seats[i] or rows[i].get("tier")}
        | ({} if prizes[filled.seats[i]] is None else {"prize_yuan": prizes[filled.seats[i]]})
        for i in ranked
    ]
    left = [{**row, "reason": filled.reasons[i]} for i, row in rows.items() if i in filled.reasons]
    kept = {parameters.name: chosen, parameters.rest: left}
    work.cases.set({fact: value for fact, value in kept.items() if fact})
    work.audit(f"分档定额：{len(chosen)}个入选", {"vacant": filled.vacant, "decided": len(parameters.decided)})


def _result(rows: Mapping[str, Row], filled: Filled) -> dict[str, Any]:
    contest = filled.contest
    return {
        "cases": [_own(rows[i]) for i in filled.seats],
        "count": len(filled.seats),
        "vacant": sum(filled.vacant.values()),
        "vacancies": [{"tier": tier, "places": n} for tier, n in filled.vacant.items()],
        "contest": contest and contest.name,
        "tier": contest and contest.tier,
        "tied": [_own(rows[i]) for i in contest.among] if contest else [],
        "open": contest.places if contest else 0,
    }


def _own(row: Row) -> Any:
    return row["case"] if "case" in row else row["candidate"]


def _ident(row: Row) -> str:
    if row.get("case", row.get("candidate")) is None:
        raise _wrong("rows", "有一行没有 case 或者 candidate", "a row has neither “case” nor “candidate”")
    return str(_own(row))


def _share(row: Row, size: int) -> int | None:
    if row.get("share") is None:
        return None
    exact = _number(row["share"], "share") * size
    how = row.get("round") or "down"
    if how == "half_up":
        return int(exact + Fraction(1, 2))
    return -int(-exact // 1) if how == "up" else int(exact)


def _count(value: object) -> int | None:
    return None if value is None else int(_number(value, "places"))


def _number(value: object, name: str) -> Fraction:
    try:
        return exact_number(value)
    except ValueError as none:
        raise _wrong(name, f"“{value}”不是数字", f"“{value}” is no number") from none


def _demand(row: object, known: Sequence[str], what: str, needed: Sequence[str] = ()) -> None:
    if not isinstance(row, Mapping):
        raise _wrong(what, "每项是一组键和值", "each item is a set of keys and values")
    strange = sorted(set(row) - set(known))
    if strange:
        raise _wrong(what, f"不认识“{strange[0]}”", f"“{strange[0]}” is not known")
    missing = [name for name in needed if row.get(name) in (None, "")]
    if missing:
        raise _wrong(what, f"有一项没有“{missing[0]}”", f"an item has no “{missing[0]}”")


def _wrong(what: str, zh: str, en: str) -> Invalid:
    return Invalid(
        Text(
            f"分档定额的“{what}”写得不对：{zh}。请核对取值和 parameters.yaml 中的参数。",
            f"“{what}” of filling places is wrong: {en}. Check the values handed over and the parameters in parameters.yaml.",
        )
    )
