"""Draws of experts: the seed from public facts, the panel from the seed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from verifier.bundle import Bundle, Malformed
from verifier.report import Statements, disproved, not_proved, proved

FILE = "draws.json"
Draw = Mapping[str, Any]
Expert = Mapping[str, Any]


def check_draws(bundle: Bundle) -> Statements:
    """Draw again."""
    draws: Sequence[Draw] = bundle.json(FILE)
    notices = {one["notice"]: one for one in bundle.json("notices.json")}
    versions = set(bundle.json("law.json")["versions"])
    for draw in draws:
        yield from _seed(bundle, draw, draws, notices, versions)
        yield from _panel(bundle, draw)
    yield from _gaps(bundle, draws)
    if draws:
        yield not_proved(
            FILE,
            "抽取时专家库的名单、行业、回避情况是否属实：这里只有编号",
            "that the list, sectors and conflicts of the register were true when a draw was made: here are numbers alone",
        )


def _called(bundle: Bundle, draw: Draw) -> tuple[str, str]:
    zh, en = bundle.called(draw["case"])
    stage, number = draw["stage"], draw["number"]
    return f"{zh}“{stage}”第{number}次抽取", f"draw {number} of stage {stage} of {en}"


def _seed(
    bundle: Bundle, draw: Draw, draws: Sequence[Draw], notices: Mapping[object, Any], versions: set[str]
) -> Statements:
    zh, en = _called(bundle, draw)
    facts = draw["seed_from"]
    text = "|".join(str(facts[name]) for name in ("fingerprint", "round", "case", "stage", "draw"))
    if text != draw["seed_text"] or hashlib.sha256(text.encode()).hexdigest() != draw["seed"]:
        yield disproved(FILE, f"{zh}：种子不是由所列事实算出的", f"{en}: the seed does not come from the facts named")
        return
    if not _of_this_draw(bundle, draw) and not any(
        other is not draw and other["seed"] == draw["seed"] and _of_this_draw(bundle, other) for other in draws
    ):
        yield disproved(FILE, f"{zh}：种子属于另一次抽取", f"{en}: the seed belongs to another draw")
    if draw["notice"] is None:
        known = facts["fingerprint"] in versions
        before = True
    else:
        notice = notices.get(draw["notice"], {})
        known = facts["fingerprint"] in (notice.get("fingerprint"), *notice.get("former_fingerprints", ()))
        before = known and datetime.fromisoformat(notice["posted_at"]) <= datetime.fromisoformat(draw["drawn_at"])
    if not known or not before:
        yield disproved(
            FILE,
            f"{zh}：种子依据的公示不在抽取之前公开",
            f"{en}: what the seed rests on was not public before the draw",
        )


def _of_this_draw(bundle: Bundle, draw: Draw) -> bool:
    facts, season = draw["seed_from"], bundle.season
    case = bundle.cases.get(draw["case"], {})
    return (
        str(facts["round"]) == str(season["number"] or season["round"])
        and str(facts["case"]) == str(case.get("number") or draw["case"])
        and facts["stage"] == draw["stage"]
        and facts["draw"] == draw["number"]
    )


def _panel(bundle: Bundle, draw: Draw) -> Statements:
    zh, en = _called(bundle, draw)
    chosen = list(draw["chosen"])
    shown = "、".join(str(one) for one in chosen)
    if draw["method"] != "random_draw":
        yield from _choice(draw, zh, en)
    elif (again := drawn(draw)) == chosen:
        yield proved(FILE, f"{zh}：由种子再抽，得专家 {shown}", f"{en}: drawn again, it comes to the experts {shown}")
    else:
        found = "、".join(str(one) for one in again or ()) or "不足"
        yield disproved(
            FILE,
            f"{zh}：由种子再抽得 {found}，所列却是 {shown}",
            f"{en}: drawn again, it comes to {again or 'too few'}, not to {chosen}",
        )


def _choice(draw: Draw, zh: str, en: str) -> Statements:
    barred = {one["expert"] for one in draw["pool"] if one["unfit"]} | set(draw["rules"]["conflicts"])
    if set(draw["chosen"]) - {one["expert"] for one in draw["pool"]} or set(draw["chosen"]) & barred:
        yield disproved(
            FILE,
            f"{zh}：选定了不在名单中或者不能参加的专家",
            f"{en}: an expert was chosen who is barred or not on the list",
        )
    else:
        yield not_proved(
            FILE, f"{zh}：由办公室选定，没有抽取可以重复", f"{en}: the office chose, there is no draw to repeat"
        )


def _gaps(bundle: Bundle, draws: Sequence[Draw]) -> Statements:
    numbers: dict[tuple[int, str], list[int]] = defaultdict(list)
    for draw in draws:
        numbers[draw["case"], draw["stage"]].append(draw["number"])
    for (case, stage), found in numbers.items():
        first = min(found)
        if sorted(found) != list(range(first, first + len(found))) or first not in (1, 2):
            zh, en = bundle.called(case)
            yield disproved(
                FILE,
                f"{zh}“{stage}”的抽取缺少一次或者重号",
                f"a draw of stage {stage} of {en} is missing or stands twice",
            )


def drawn(draw: Draw) -> list[int] | None:
    """Return the experts whom the seed gives, None where the list cannot fill the panel."""
    rules, seed = draw["rules"], draw["seed"]
    places = rules["places"]
    asked = (places, rules["from_sector"], rules["from_outside"], rules["per_body"])
    if any(type(number) is not int or number < 0 for number in asked):
        raise Malformed("a rule of a draw is no number")
    if max(asked[:3]) > len(draw["pool"]):
        return None
    if places < 1 or (rules["odd"] and places % 2 == 0):
        return None
    order = sorted(draw["pool"], key=lambda one: hashlib.sha256(f"{seed}:{one['expert']}".encode()).hexdigest())
    barred = set(rules["conflicts"]) | set(rules["taken"])
    seated = _seated_before(draw)
    if rules["from_outside"]:
        free = [one for one in order if not one["unfit"] and one["expert"] not in barred]
        return _first_panel(free, rules, seated)
    first = [one["expert"] for one in order if one["of_sector"] and not one["unfit"]][: rules["from_sector"]]
    order = sorted(order, key=lambda one: one["expert"] not in first)
    chosen: list[Expert] = []
    for one in order:
        if one["unfit"] or one["expert"] in barred or _crowded(one, chosen, rules, seated):
            continue
        lacking = rules["from_sector"] - sum(bool(other["of_sector"]) for other in chosen)
        kept = places - len(chosen) <= max(lacking, 0) and not one["of_sector"]
        if len(chosen) < places and not kept:
            chosen.append(one)
    enough = len(chosen) == places and sum(bool(one["of_sector"]) for one in chosen) >= rules["from_sector"]
    return [one["expert"] for one in chosen] if enough else None


def _seated_before(draw: Draw) -> Counter[object]:
    """Count by employer who sits on the panel already, where places of it are filled again."""
    sitting = draw["rules"].get("sitting", [])
    if not isinstance(sitting, list):
        raise Malformed("who sits on a panel is no list")
    return Counter(one["employer"] for one in draw["pool"] if one["expert"] in sitting and one["employer"] is not None)


def _crowded(one: Expert, chosen: Sequence[Expert], rules: Mapping[str, int], seated: Counter[object]) -> bool:
    same = seated[one["employer"]] + sum(other["employer"] == one["employer"] for other in chosen)
    return one["employer"] is not None and same >= rules["per_body"]


def _first_panel(free: Sequence[Expert], rules: Mapping[str, int], seated: Counter[object]) -> list[int] | None:
    """Return the first panel in drawn order that keeps every rule: each is taken with whom it can still be completed."""
    chosen: list[Expert] = []
    if not _possible(chosen, free, rules, seated):
        return None
    for place, one in enumerate(free):
        if len(chosen) < rules["places"] and _possible([*chosen, one], free[place + 1 :], rules, seated):
            chosen.append(one)
    return [one["expert"] for one in chosen]


def _possible(
    chosen: Sequence[Expert], rest: Sequence[Expert], rules: Mapping[str, int], seated: Counter[object]
) -> bool:
    left = rules["places"] - len(chosen)
    taken = Counter(one["employer"] for one in chosen if one["employer"] is not None)
    seats = seated + taken
    if left < 0 or any(seats[employer] > rules["per_body"] for employer in taken):
        return False
    sector = max(rules["from_sector"] - sum(bool(one["of_sector"]) for one in chosen), 0)
    outside = max(rules["from_outside"] - sum(bool(one["outside"]) for one in chosen), 0)
    for both in range(min(sector, outside) + 1):
        free = left - (sector + outside - both)
        wanted = [(True, True)] * both + [(True, False)] * (sector - both) + [(False, True)] * (outside - both)
        if free >= 0 and _seated([*wanted, *[(False, False)] * free], rest, seats, rules["per_body"]):
            return True
    return False


def _seated(
    places: Sequence[tuple[bool, bool]], rest: Sequence[Expert], seats: Mapping[object, int], per_body: int
) -> bool:
    """Return whether each place finds an expert: a place moves another one on where that makes room (Kuhn)."""
    at: dict[int, int] = {}
    """Expert (place in ``rest``) → the place that they hold."""

    def fits(place: int, expert: int) -> bool:
        sector, outside = places[place]
        return (rest[expert]["of_sector"] or not sector) and (rest[expert]["outside"] or not outside)

    def seat(place: int, tried: set[int]) -> bool:
        for expert, one in enumerate(rest):
            if expert in tried or not fits(place, expert):
                continue
            tried.add(expert)
            if expert in at:
                if seat(at[expert], tried):
                    at[expert] = place
                    return True
                continue
            colleagues = [other for other in at if rest[other]["employer"] == one["employer"] is not None]
            if one["employer"] is None or len(colleagues) + seats.get(one["employer"], 0) < per_body:
                at[expert] = place
                return True
            for other in colleagues:
                if other in tried:
                    continue
                tried.add(other)
                held = at.pop(other)
                at[expert] = place
                if seat(held, tried):
                    return True
                del at[expert]
                at[other] = held
        return False

    return all(seat(place, set()) for place in range(len(places)))
