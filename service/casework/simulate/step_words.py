"""Steps of a scenario in words: who does what, where, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from service.casework.simulate.scenario import Move
from service.catalog import Package
from service.catalog.proofs import names_in
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


def step_words(package: Package) -> Callable[[Move], Text]:
    """Return what says a step of a scenario of ``package`` in words."""
    names = _names(package)

    def say(move: Move) -> Text:
        verb = _VERBS[move.verb]
        what = _value(move.value, names)
        case = f"{move.case}：" if move.case else ""
        who = f"{_person(move.who, names)} " if move.who else ""
        refused = Text("（应被拒绝）", " (must be refused)") if move.keys.get("refused") else Text("", "")
        name = f"“{move.keys['name']}”" if "name" in move.keys else ""
        return Text(f"{case}{who}{verb.zh} {what}{name}{refused.zh}", f"{case}{who}{verb.en} {what}{name}{refused.en}")

    return say


def verb_words(verb: str) -> Text:
    """Return what a verb of a step means."""
    return _VERBS[verb]


def _names(package: Package) -> dict[str, str]:
    bodies = {body.id: body.name for body in package.jurisdiction.bodies}
    kinds = {key: info.name for key, info in package.award.processes.items()}
    actions = {action.id: action.name for action in package.award.actions.values()}
    return {**actions, **names_in(package), **kinds, **bodies}


def _person(word: str, names: Mapping[str, str]) -> str:
    role, _, body = word.partition("@")
    return f"{names.get(role, role)}（{names.get(body, body)}）" if body else names.get(role, role)


def _value(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return "，".join(f"{key} {_value(held, names)}" for key, held in value.items())
    if isinstance(value, list | tuple):
        return "、".join(_value(held, names) for held in value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return names.get(str(value), str(value))
