"""The time limits of an objection by phase: a text gives each in words of its own, and they are not one number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.catalog.law_text.numbers import DAYS, whole
from service.catalog.law_text.preset import Preset, ReadValue, one_of, sentences, short, squeezed

PHASES = ("acceptance", "completion", "forwarding", "investigation", "finding", "reply")
_NO_OBJECTION = re.compile("(?:无|没有|未提出|未收到)异议|异议(?:均|都|经[^，。；]{0,6})?不成立")
_LIMIT = re.compile(rf"{DAYS}(?:之?内|以内)")
_RECEIVED = re.compile("自?(?:收到|接到)[^，。；]{0,12}起$")
_ACCEPTED = re.compile("(?:自|从)?(?:决定|正式)?受理[^，。；]{0,6}(?:日起|之后|以后|后)$")
_STEP_DONE = re.compile(
    "(?:(?:作出|形成|提出)[^，。；]{0,10}(?:意见|决定|结论)|(?:核查|调查|核实)[^，。；]{0,6}(?:完毕|结束|完成|终结))"
    "(?:之日起|以后|之后|后)$"
)
_FROM_DAY = re.compile("自?[^，。；自]{1,16}之?日起$")
_APPEAL = re.compile("申诉|复议|行政诉讼|起诉|(?:申请|提请|要求)(?:复核|复查)|复[核查](?:申请|请求)")
_CONCERNED = "(?:相关|有关|该|被异议的?)(?:组织|单位|企业|个人|申报者)"
_HELD = re.compile(
    f"{_CONCERNED}[^。；]{{0,12}}(?:中止|暂停|暂缓)|(?:不得|暂不|不予)将?{_CONCERNED}[^。；]{{0,6}}(?:提请|提交|上报|报送|报请)"
    "|(?:中止|暂停|暂缓)(?:对)?(?:被异议(?:者|人|组织|单位)|相关组织|有关组织)的?[^。；]{0,6}(?:评选|评审|审定|程序)"
)
_OTHER_ACTOR = re.compile("，(?=由|经|报)")
_TAKEN = re.compile("(?:是否|予以|不予|决定)受理|受理(?:与否|决定)")
_PASSED_ON = re.compile("^[^，]{0,24}?(?:转交|转送|转办|转送|推送|移送|移交|交由)")
_COMPLETED = re.compile("补正|补充|补齐|补交")
_ANSWERED = re.compile("答复|回复|办结|处理完毕|告知")
_FOUND_OUT = re.compile("调查|核查|核实|复核|查明")
_DECIDED = re.compile("处理(?:意见|决定|结论|建议)|认定|作出")
_LOOKED_AT = re.compile("审查|受理")
_TOLD = (
    ("acceptance", _TAKEN),
    ("forwarding", _PASSED_ON),
    ("completion", _COMPLETED),
    ("reply", _ANSWERED),
    ("investigation", _FOUND_OUT),
    ("finding", _DECIDED),
    ("acceptance", _LOOKED_AT),
)
"""In this order: an answer after an inquiry is the answer, which the inquiry is within."""


def objection_phases(passages: Sequence[tuple[str, str]]) -> dict[str, ReadValue]:
    """Return what is said of each phase, as ``objection_PHASE_days``."""
    found: dict[str, list[Preset]] = {}
    for phase, preset in _limits(passages):
        found.setdefault(phase, []).append(preset)
    read = {}
    for phase, presets in found.items():
        read[key_of(phase)] = one_of(presets)
    return read


def phases_in(text: str) -> dict[str, Preset]:
    """Return the limit of each phase that a clause on objections gives in one way, whether it says 异议 or not."""
    found: dict[str, list[Preset]] = {}
    for phase, preset in _of_passage(0, "", squeezed(text)):
        found.setdefault(phase, []).append(preset)
    read = {phase: one_of(presets).preset for phase, presets in found.items()}
    return {phase: preset for phase, preset in read.items() if preset is not None}


def answered_from_receipt(text: str) -> str:
    """Return the words by which a clause has objections answered so many days from receipt, "" without: 自收到异议之日起."""
    return _answered_from(squeezed(text), _RECEIVED)


def answered_from_acceptance(text: str) -> str:
    """Return the words by which a clause has objections answered so many days from their acceptance, "" without: 自受理之日起."""
    return _answered_from(before_appeal(text), _ACCEPTED)


def answered_after_step(text: str) -> str:
    """Return the words by which the time for the answer runs from the step before it, "" without: 作出处理意见后3个工作日内."""
    return _answered_from(before_appeal(text), _STEP_DONE)


def answered_from_elsewhere(text: str) -> str:
    """Return the words by which the time for the answer runs from a day of its own, "" without: 自公示结束之日起20个工作日内答复.

    That day is neither the receipt nor the acceptance of the objection, nor the end of the step before.
    """
    return _answered_from(before_appeal(text), _FROM_DAY, (_RECEIVED, _ACCEPTED, _STEP_DONE))


def _answered_from(text: str, day: re.Pattern[str], others: Sequence[re.Pattern[str]] = ()) -> str:
    """Return the words of ``day`` before the limit of an answer, "" where there are none, or words of one of ``others``."""
    for sentence in sentences(text):
        for hit in _LIMIT.finditer(sentence):
            before = sentence[: hit.start()]
            found = day.search(before)
            told = any(other.search(before) for other in others)
            if found and not told and _phase("", sentence[hit.end() :].lstrip("，")) == "reply":
                return found[0]
    return ""


def before_appeal(text: str) -> str:
    """Return what ``text`` says before it comes to an appeal (申诉, 复议): the times of an appeal are none of the objection's."""
    said = squeezed(text)
    appeal = _APPEAL.search(said)
    return said if appeal is None else said[: max(said.rfind(mark, 0, appeal.start()) for mark in "。；") + 1]


def held_alone(text: str) -> str:
    """Return the words by which an open objection suspends those whom it concerns, nobody else; "" without."""
    held = _HELD.search(squeezed(text))
    return held[0] if held is not None else ""


def key_of(phase: str) -> str:
    """Return what the number of a phase is called among those of a new place."""
    return f"objection_{phase}_days"


def speaks_of_objections(text: str) -> bool:
    """Tell whether a passage is about objections, and not about those against whom there is none."""
    return "异议" in _NO_OBJECTION.sub("", squeezed(text))


def _limits(passages: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Preset]]:
    for at, (article, said) in enumerate(passages):
        if speaks_of_objections(said):
            yield from _of_passage(at, article, squeezed(said))


def _of_passage(at: int, article: str, text: str) -> Iterator[tuple[str, Preset]]:
    for sentence in sentences(before_appeal(text)):
        hits = list(_LIMIT.finditer(sentence))
        for number, hit in enumerate(hits):
            end = hits[number + 1].start() if number + 1 < len(hits) else len(sentence)
            phase = _phase(sentence[: hit.start()], _OTHER_ACTOR.split(sentence[hit.end() : end])[0].lstrip("，"))
            if phase:
                calendar = "工作" not in hit["unit"]
                yield phase, Preset(str(whole(hit["n"])), article, at, calendar, short(sentence), hit[0])


def _phase(before: str, after: str) -> str:
    """Return the phase that a limit is of by the words behind it, "" where they do not say, or it lengthens another."""
    if re.search("延长[^，]{0,6}$|提出[^，]{0,4}$", before):
        return ""
    return next((phase for phase, words in _TOLD if words.search(after)), "")
