"""Steps of a scenario in words: who does what, where, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.scenarios.vote_words import vote_words
from service.catalog import Package
from service.catalog.scenarios.expectation_words import row_text
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.text import Text

_VERBS: Mapping[str, Text] = {
    "start": Text("启动", "starts"),
    "complete": Text("办理", "completes"),
    "each": Text("各人分别办理", "everybody completes"),
    "expert": Text("专家入库", "an expert is registered"),
    "interest": Text("登记利害关系", "an interest is on record"),
    "replace": Text("更换评审组成员", "replaces a member of the panel"),
    "action": Text("办件操作", "acts on the case"),
    "correct": Text("更正公示", "corrects the notice"),
    "send_back": Text("退回", "sends back"),
    "take_back": Text("撤回提交", "takes back"),
    "claim": Text("认领", "claims"),
    "confirm": Text("确认期限", "settles the date of"),
    "until": Text("时间走到", "time passes until"),
    "expect": Text("此时应有", "now there is"),
    "award": Text("往届获奖记录", "an earlier award"),
    "sanction": Text("既有处理记录", "an earlier sanction"),
    "calendar": Text("历法", "calendar"),
    "suspend": Text("中止", "suspends"),
    "resume": Text("恢复", "resumes"),
    "lodge": Text("提出异议", "lodges"),
    "public": Text("凭回执办理", "acts by the receipt"),
    "recall": Text("撤回公示", "recalls the notice"),
    "find": Text("取名", "is called"),
    "members": Text("成员名单", "members are listed"),
    "vote": Text("投票", "the vote is cast"),
    "hall": Text("现场投票", "the hall votes"),
    "recuse": Text("回避", "is recused"),
    "close_vote": Text("结束表决", "the vote is closed"),
}


_VOTES = ("vote", "hall")
_WRITTEN = ("suspend", "resume", "close_vote")
"""Verbs whose value is a reason, as it was written."""


def step_words(package: Package) -> Callable[[Move], Text]:
    """Return what says a step of a scenario of ``package`` in words."""
    terms = ScenarioTerms(package)

    def say(move: Move) -> Text:
        verb = _VERBS[move.verb]
        if move.verb in _VOTES and isinstance(move.value, Mapping):
            what = _votes(move.value, terms)
        elif isinstance(move.value, Mapping):
            what = row_text(move.value, terms)
        else:
            what = (
                Text(str(move.value), str(move.value)) if move.verb in _WRITTEN else terms.word(move.value, move.verb)
            )
        case = f"{move.case}：" if move.case else ""
        who = terms.word(move.who) if move.who else Text("", "")
        refused = Text("（应被拒绝）", " (must be refused)") if move.keys.get("refused") else Text("", "")
        name = f"“{move.keys['name']}”" if "name" in move.keys else ""
        return Text(
            f"{case}{who.zh}{' ' if who.zh else ''}{verb.zh} {what.zh}{name}{refused.zh}",
            f"{case}{who.en}{' ' if who.en else ''}{verb.en} {what.en}{name}{refused.en}",
        )

    return say


def _votes(said: Mapping[Any, Any], terms: ScenarioTerms) -> Text:
    """Return how the members voted on each candidate, or on what was moved."""
    told = [
        (_asked_about(str(name), terms), vote_words(str(letters)) or Text(str(letters), str(letters)))
        for name, letters in said.items()
    ]
    return Text(
        "；".join(f"{name.zh}：{one.zh}" for name, one in told),
        "; ".join(f"{name.en}: {one.en}" for name, one in told),
    )


def _asked_about(name: str, terms: ScenarioTerms) -> Text:
    """Return what a question of a paper is about: ``甲/gold`` asks about 甲 for one of several prizes."""
    nick, _, tier = name.partition("/")
    who, prize = terms.word(nick), terms.word(tier)
    return Text(f"{who.zh}（{prize.zh}）", f"{who.en} ({prize.en})") if tier else who


def verb_words(verb: str) -> Text:
    """Return what a verb of a step means."""
    return _VERBS[verb]
