"""Counts of ballots: the slips counted again by the rules, and what was elected, left vacant or put to the vote again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from verifier.bundle import Bundle
from verifier.report import Statements, disproved, not_proved, proved
from verifier.tally import Record, Recount

FILE = "counts.json"
_COMPARED = ("quorum", "issued", "cast", "unused", "valid", "spoiled", "second_ballot", "elected", "vacant", "chair")
_LINE = ("tier", "candidate", "yes", "no", "abstain", "base", "passed", "result")


def check_counts(bundle: Bundle) -> Statements:
    """Count again."""
    counts = bundle.json(FILE)
    parameters = bundle.json("law.json")["parameters"]
    for one in counts:
        if one["record"] is None:
            yield not_proved(
                FILE,
                f"第{one['ballot']}号表决（{one['state']}）没有计票",
                f"ballot {one['ballot']} ({one['state']}) was not counted",
            )
            continue
        yield from _count(one)
        yield from _rules(one, parameters)
    if any(one["record"] is not None for one in counts):
        yield not_proved(
            FILE,
            "每张选票出自其投票人：选票与投票人分开，本来就无从联系；投票人可以用自己的回执核对",
            "that each paper is its voter's: papers are apart from voters on purpose; a voter can compare a receipt",
        )


def _count(one: Mapping[str, Any]) -> Statements:
    record: Record = one["record"]
    zh, en = f"第{one['ballot']}号表决“{record['title']}”", f"ballot {one['ballot']} “{record['title']}”"
    tally = Recount(record)
    for fault_zh, fault_en in tally.faults():
        yield disproved(FILE, f"{zh}：{fault_zh}", f"{en}: {fault_en}")
    marked = sum(bool(voter["marked"]) for voter in record["roll"])
    if len(set(record["receipts"])) != marked:
        yield disproved(
            FILE, f"{zh}：回执数与名册上的标记数不同", f"{en}: there are other receipts than marks on the roll"
        )
    if not one["withheld"] and _fingerprint(record) != one["fingerprint"]:
        yield disproved(FILE, f"{zh}：计票记录与其指纹不同", f"{en}: the record does not have its fingerprint")
    again = tally.outcome()
    wrong = list(differences(record["outcome"], record["after"], again))
    for what in wrong:
        yield disproved(FILE, f"{zh}：重新计票，{what} 与所列不同", f"{en}: counted again, {what} is not what is said")
    if not wrong:
        elected = len(again["after"]["elected"])
        yield proved(
            FILE,
            f"{zh}：重新计票，发出{again['issued']}、投出{again['cast']}、有效{again['valid']}，当选{elected}个",
            f"{en}: counted again, {again['issued']} issued, {again['cast']} cast, {again['valid']} valid, {elected} elected",
        )
    if one["withheld"]:
        yield not_proved(
            FILE,
            f"{zh}的记录指纹：未公开的候选者名称已略去",
            f"the fingerprint of the record of {en}: names of candidates that are not public are left out",
        )
    yield from _chair(one, zh, en)


def _chair(one: Mapping[str, Any], zh: str, en: str) -> Statements:
    chosen = one["chosen_by_chair"]
    tied = {name for choice in one["record"]["outcome"]["chair"] for name in choice["candidates"]}
    if set(chosen) - tied:
        yield disproved(FILE, f"{zh}：主持人选定了得票不相同的候选者", f"{en}: the chair chose who was not tied")
    elif chosen:
        yield not_proved(FILE, f"{zh}：末位相同，由主持人决定", f"{en}: the chair decided among equals")


def differences(told: Mapping[str, Any], after: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """Return what of a record's outcome, and of what it leaves for the next ballot, a count does not come to."""
    found = [name for name in _COMPARED if told[name] != again[name]]
    if told.get("attending") != again.get("attending"):
        found.append("attending")
    lines = {(line["tier"], line["candidate"]): line for line in told["lines"]}
    for line in again["lines"]:
        other = lines.pop((line["tier"], line["candidate"]), {})
        found += [f"{line['candidate']}.{name}" for name in _LINE if other.get(name) != line[name]]
    found += [f"lines.{candidate}" for _, candidate in lines]
    found += [
        f"after.{name}" for name in ("contests", "later", "elected", "vacant") if after[name] != again["after"][name]
    ]
    return found


def _rules(one: Mapping[str, Any], parameters: Mapping[str, Any]) -> Statements:
    rules = one["record"]["rules"]
    known = {name: value for name, value in rules.items() if name in parameters}
    other = sorted(name for name, value in known.items() if parameters[name]["value"] != value)
    ballot = one["ballot"]
    if other:
        yield not_proved(
            "law.json",
            f"第{ballot}号表决的规则 {'、'.join(other)} 出自参数：流程另有规定",
            f"that the rules {', '.join(other)} of ballot {ballot} come from parameters: the procedure says otherwise",
        )
    elif known:
        cited = list(dict.fromkeys(article for name in known for article in parameters[name]["articles"]))
        yield proved(
            "law.json",
            f"第{ballot}号表决的{len(known)}项规则即办法的参数（{'、'.join(cited)}）",
            f"the {len(known)} rules of ballot {ballot} are parameters of the regulation ({', '.join(cited)})",
        )


def _fingerprint(record: Record) -> str:
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
