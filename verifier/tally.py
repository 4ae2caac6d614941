"""A ballot counted from its record: heads, slips, places, equals, and what is voted next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.bundle import Malformed, fraction
from verifier.vote_rules import read_rules

Record = Mapping[str, Any]
Contest = Mapping[str, Any]
LIST = "*"
_MARKS = ("yes", "no", "abstain")


@dataclass(frozen=True, slots=True)
class VoterHeads:
    """Who stands behind a question: members and papers on the roll, marked, and there."""

    members: int
    marked: int
    there: int
    papers: int
    papers_marked: int
    papers_there: int


@dataclass(slots=True)
class VotedOn:
    """How a candidate fared for a tier."""

    name: str
    yes: int
    no: int
    abstain: int
    base: int
    quorum: bool
    passed: bool
    score: Fraction


@dataclass(slots=True)
class PlacesGiven:
    """What became of the places of a contest: results by candidate, who has one, what stays, and what comes next."""

    results: dict[str, str]
    elected: list[VotedOn]
    vacant: int = 0
    again: dict[str, Any] | None = None
    chair: list[str] | None = None


class Recount:
    """One record, counted."""

    def __init__(self, record: Record) -> None:
        self.record, self.rules = record, read_rules(record["rules"])
        self.agenda: Mapping[str, Any] = record["agenda"]
        self.roll: Sequence[Mapping[str, Any]] = record["roll"]
        self.withdrawn = set(record["withdrawn"])
        self.scores = {
            one["id"]: Fraction(-1) if one["score"] is None else _score(one["score"]) for one in record["candidates"]
        }
        if len(self.scores) != len(record["candidates"]):
            raise Malformed("a candidate stands twice")
        self.issued = sum(_whole(voter["weight"]) for voter in self.roll)
        self.valid, self.spoiled = _whole(record["papers"]["valid"]), _whole(record["papers"]["spoiled"])

    # the urn ------------------------------------------------------------------------------------
    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what does not fit between roll, papers and slips."""
        marked = sum(voter["weight"] for voter in self.roll if voter["marked"])
        if marked != self.valid + self.spoiled:
            yield (
                f"名册标记{marked}票，票箱{self.valid + self.spoiled}票",
                f"{marked} marks on the roll, {self.valid + self.spoiled} papers",
            )
        asked = [key for contest in self.agenda["contests"] for key in self._keys(contest)]
        if sorted(asked) != sorted(self.record["slips"]):
            yield "选票的事项与议程不同", "the slips are about other questions than the agenda"
        for key in asked:
            slips = self._slips(key)
            away = sum(v["weight"] for v in self.roll if v["marked"] and self._recused(v, key))
            most, least = self.valid, self.valid - away
            if not least <= len(slips) <= most or (not self.spoiled and len(slips) != least):
                yield f"{key} 有{len(slips)}张选票，应为{least}张", f"{len(slips)} slips of {key}, {least} are due"

    def _keys(self, contest: Contest) -> list[str]:
        names = contest["candidates"]
        if self.rules.unit == "whole_list" and names:
            names = [LIST]
        return [f"{contest['tier']}:{name}" for name in names]

    def _slips(self, key: str) -> list[str]:
        marks = [slip["mark"] for slip in self.record["slips"].get(key, ())]
        if set(marks) - set(_MARKS):
            raise Malformed("a mark that there is not")
        return marks

    def _recused(self, voter: Mapping[str, Any], key: str) -> bool:
        tier, _, name = key.partition(":")
        if name != LIST:
            return name in voter["recused"]
        (contest,) = [one for one in self.agenda["contests"] if one["tier"] == tier]
        return bool(set(voter["recused"]) & set(contest["candidates"]))

    def _heads(self, keys: Sequence[str]) -> VoterHeads:
        """Count who stands behind a question, or behind all of them: who is recused from every one is left out."""
        voters = [v for v in self.roll if self.rules.count_recused or not all(self._recused(v, key) for key in keys)]
        marked = [v for v in voters if v["marked"]]
        there = [v for v in voters if v["marked"] or v.get("attended", False)]
        weights = [sum(v["weight"] for v in some) for some in (voters, marked, there)]
        return VoterHeads(len(voters), len(marked), len(there), *weights)

    def _quorum(self, heads: VoterHeads) -> bool:
        came = heads.there if self.rules.presence == "sign_in" else heads.marked
        return heads.members > 0 and self.rules.quorum.met(came, heads.members)

    # the count ----------------------------------------------------------------------------------
    def outcome(self) -> dict[str, Any]:
        """Return what the count comes to, in the words of the record."""
        contests = self.agenda["contests"]
        known = {
            "issued": self.issued, "cast": self.valid + self.spoiled, "unused": self.issued - self.valid - self.spoiled,
            "valid": self.valid, "spoiled": self.spoiled,
        }  # fmt: skip
        if self.rules.asks_who_came:
            known["attending"] = sum(v["marked"] or v.get("attended", False) for v in self.roll)
        if not self._quorum(self._heads([key for one in contests for key in self._keys(one)])):
            rest = {name: self.agenda[name] for name in ("contests", "later", "elected", "vacant")}
            none = {"quorum": False, "second_ballot": False, "lines": [], "chair": []}
            return {**known, **none, "elected": rest["elected"], "vacant": rest["vacant"], "after": rest}
        return {**known, **self._decided()}

    def _decided(self) -> dict[str, Any]:
        elected, vacant = list(self.agenda["elected"]), list(self.agenda["vacant"])
        again: list[Contest] = []
        chair: list[dict[str, Any]] = []
        lines: list[dict[str, Any]] = []
        for contest in self.agenda["contests"]:
            if again or chair:
                again.append(contest)
                continue
            figures = {name: self._figures(contest, name) for name in contest["candidates"]}
            above = {one["candidate"] for one in elected}
            out = {name: "withdrawn" for name in figures if name in self.withdrawn}
            out |= dict.fromkeys((name for name in figures if name in above), "elected_above")
            placed = self._placed(contest, [one for name, one in figures.items() if name not in out])
            lines += [self._line(contest, one, {**placed.results, **out}) for one in figures.values()]
            tier = contest["tier"]
            elected += [{"tier": tier, "candidate": one.name, "votes": one.yes} for one in placed.elected]
            vacant += [[tier, placed.vacant]] if placed.vacant else []
            again += [placed.again] if placed.again else []
            if placed.chair:
                votes = figures[placed.chair[0]].yes
                places = contest["places"] - len(placed.elected)
                chair.append({"tier": tier, "places": places, "candidates": placed.chair, "votes": votes})
        after = {"contests": again, "later": list(self.agenda["later"]), "elected": elected, "vacant": vacant}
        after = after if chair else self._following(after)
        told = {"elected": after["elected"], "vacant": after["vacant"], "after": after}
        return {"quorum": True, "second_ballot": bool(again) and not chair, "lines": lines, "chair": chair, **told}

    def _figures(self, contest: Contest, name: str) -> VotedOn:
        key = f"{contest['tier']}:{LIST if self.rules.unit == 'whole_list' else name}"
        slips, heads = self._slips(key), self._heads([key])
        base = {
            "votes_cast": self.valid if self.rules.count_recused else len(slips),
            "members_present": heads.papers_marked,
            "members_on_roll": heads.papers,
            "members_signed_in": heads.papers_there,
        }[self.rules.base]
        yes, no, abstain = (slips.count(mark) for mark in _MARKS)
        quorum = self._quorum(heads)
        passed = quorum and self.rules.threshold_in(self.agenda["tiers"], contest["tier"]).met(yes, base)
        return VotedOn(name, yes, no, abstain, base, quorum, passed, self.scores[name])

    def _line(self, contest: Contest, one: VotedOn, results: Mapping[str, str]) -> dict[str, Any]:
        result = results.get(one.name, "not_passed")
        if result == "not_passed" and not one.quorum:
            result = "no_quorum"
        return {
            "tier": contest["tier"], "candidate": one.name, "yes": one.yes, "no": one.no, "abstain": one.abstain,
            "base": one.base, "passed": one.passed, "result": result,
        }  # fmt: skip

    # places -------------------------------------------------------------------------------------
    def _placed(self, contest: Contest, standing: list[VotedOn]) -> PlacesGiven:
        if self.rules.unit == "whole_list":
            return self._whole_list(contest, standing)
        passed = [one for one in standing if one.passed]
        places, last_ballot = contest["places"], contest["round"] >= self.rules.most_ballots
        if len(passed) <= places:
            return self._room_for_all(contest, passed, [one for one in standing if not one.passed])
        if self.rules.overflow == "new_ballot_among_passed" and not last_ballot:
            names = [one.name for one in passed]
            again = {**contest, "candidates": names, "round": contest["round"] + 1}
            return PlacesGiven(dict.fromkeys(names, "second_ballot"), [], again=again)
        by_score = self.rules.overflow == "review_score"
        rank = (lambda one: (one.score, one.yes)) if by_score else (lambda one: (one.yes,))
        edge = sorted((rank(one) for one in passed), reverse=True)[places - 1]
        surely, level = [one for one in passed if rank(one) > edge], [one for one in passed if rank(one) == edge]
        if len(surely) + len(level) == places:
            return _given([*surely, *level], passed)
        return self._equals(contest, surely, level, passed)

    def _whole_list(self, contest: Contest, standing: list[VotedOn]) -> PlacesGiven:
        names = [one.name for one in standing]
        if standing and standing[0].passed:
            return PlacesGiven(dict.fromkeys(names, "elected"), standing, contest["places"] - len(standing))
        if standing and contest["round"] < self.rules.most_ballots:
            again = {**contest, "candidates": names, "round": contest["round"] + 1, "runoff": False}
            return PlacesGiven(dict.fromkeys(names, "second_ballot"), [], again=again)
        return PlacesGiven({}, [], contest["places"])

    def _room_for_all(self, contest: Contest, passed: list[VotedOn], failed: list[VotedOn]) -> PlacesGiven:
        placed, left = _given(passed, passed), contest["places"] - len(passed)
        if failed and left and not contest["runoff"] and contest["round"] < self.rules.most_ballots:
            names = [one.name for one in failed]
            placed.results |= dict.fromkeys(names, "second_ballot")
            placed.again = {
                "tier": contest["tier"], "places": left, "candidates": names, "round": contest["round"] + 1, "runoff": False,
            }  # fmt: skip
        else:
            placed.vacant = left
        return placed

    def _equals(
        self, contest: Contest, surely: list[VotedOn], level: list[VotedOn], passed: list[VotedOn]
    ) -> PlacesGiven:
        placed, left, names = _given(surely, passed), contest["places"] - len(surely), [one.name for one in level]
        if self.rules.tie == "second_ballot_then_vacant" and not contest["runoff"]:
            placed.results |= dict.fromkeys(names, "runoff")
            placed.again = {
                "tier": contest["tier"], "places": left, "candidates": names, "round": contest["round"] + 1, "runoff": True,
            }  # fmt: skip
        elif self.rules.tie == "chair_decides":
            placed.results |= dict.fromkeys(names, "chair")
            placed.chair = names
        elif self.rules.tie == "review_score":
            return _by_score(placed, surely, level, passed, left)
        else:
            placed.results |= dict.fromkeys(names, "vacant")
            placed.vacant = left
        return placed

    # what comes next ----------------------------------------------------------------------------
    def _following(self, after: dict[str, Any]) -> dict[str, Any]:
        gone = self.withdrawn | {one["candidate"] for one in after["elected"]}
        standing = [one for one in self.record["candidates"] if one["id"] not in gone]
        names = {one["id"] for one in standing}
        kept = [{**one, "candidates": [n for n in one["candidates"] if n in names]} for one in after["contests"]]
        again = [one for one in kept if one["candidates"]]
        if again:
            return {**after, "contests": again}
        later, vacant, contests = list(after["later"]), list(after["vacant"]), list[dict[str, Any]]()
        tiers = {one["id"]: one for one in self.agenda["tiers"]}
        while later and (not contests or self.rules.order == "one_ballot_for_both"):
            tier = tiers[later.pop(0)]
            places = tier["places"]
            if self.rules.transfer and vacant:
                places, vacant = places + sum(count for _, count in vacant), []
            own = [one["id"] for one in standing if not one["tiers"] or tier["id"] in one["tiers"]]
            if places >= 1 and own:
                contests.append({"tier": tier["id"], "places": places, "candidates": own, "round": 1, "runoff": False})
            elif places >= 1:
                vacant.append([tier["id"], places])
        return {**after, "contests": contests, "later": later, "vacant": vacant}


def _given(elected: Sequence[VotedOn], passed: Sequence[VotedOn]) -> PlacesGiven:
    """Give places to ``elected``, most votes first; others who passed are outvoted."""
    chosen = {one.name for one in elected}
    results = {one.name: "elected" if one.name in chosen else "outvoted" for one in passed}
    return PlacesGiven(results, sorted(elected, key=lambda one: one.yes, reverse=True))


def _by_score(
    before: PlacesGiven, surely: list[VotedOn], level: list[VotedOn], passed: list[VotedOn], left: int
) -> PlacesGiven:
    edge = sorted((one.score for one in level), reverse=True)[left - 1]
    better, same = [one for one in level if one.score > edge], [one for one in level if one.score == edge]
    if len(better) + len(same) == left:
        return _given([*surely, *better, *same], passed)
    placed = _given([*surely, *better], passed)
    placed.results = {**before.results, **placed.results, **dict.fromkeys((one.name for one in same), "vacant")}
    placed.vacant = left - len(better)
    return placed


def _score(text: object) -> Fraction:
    return fraction(text)


def _whole(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 10**9:
        raise Malformed("no whole number")
    return value
