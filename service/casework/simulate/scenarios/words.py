"""Steps of a scenario in words, what its rows may name, and how members voted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeVar

from service.casework.simulate.scenarios.scenario import Move
from service.catalog import Package
from service.catalog.scenarios.expectation_words import row_text
from service.catalog.scenarios.scenario_terms import STATES, ScenarioTerms
from service.domain.ballots import MARKS, Mark
from service.domain.errors import Invalid
from service.domain.text import Text

LETTERS = {"y": "yes", "n": "no", "-": "abstain"}
"""What a letter marks on the paper."""
NOTHING, ABSENT, SPOILED = ".", "x", "s"

_WORDS = {letter: MARKS[Mark(mark)] for letter, mark in LETTERS.items()} | {
    NOTHING: Text("不投", "no mark"),
    ABSENT: Text("缺席", "absent"),
    SPOILED: Text("废票", "spoiled"),
}
_ALSO = {"赞成": "y", "支持": "y", "反对": "n", "回避": NOTHING, "空白": NOTHING, "未到": ABSENT, "不参加": ABSENT}
_ALSO |= {"for": "y", "yes": "y", "no": "n", "abstains": "-", "abstention": "-", "nothing": NOTHING, "recused": NOTHING}
"""Other words that people write for the same."""
_LETTER_OF = {word: letter for letter, words in _WORDS.items() for word in (words.zh, words.en)} | _ALSO
_MOST = 1000
_SIGNS = re.compile(r"[ynxs.\-]+")
_PART = re.compile(r"\d+|" + "|".join(sorted(map(re.escape, _LETTER_OF), key=len, reverse=True)), re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s,，、;；:：。和与及票人位]|and\b|votes?\b)+", re.IGNORECASE)
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
    "suspend": Text("中止", "suspends"),
    "resume": Text("恢复", "resumes"),
    "lodge": Text("提出异议", "lodges"),
    "public": Text("凭回执办理", "acts by the receipt"),
    "recall": Text("撤回公示", "recalls the notice"),
    "stop_file": Text("停止附件流转", "stops the file"),
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
T = TypeVar("T")
Options = tuple[tuple[str, Text], ...]
_DECIDED = ("met", "not_met", "unknown")


def vote_words(letters: str) -> Text | None:
    """Return the marks of the members in the order of the roll (同意 7、不同意 2), None for what are no letters of a vote."""
    if not _SIGNS.fullmatch(letters):
        return None
    runs = [(_WORDS[letter], len(list(alike))) for letter, alike in groupby(letters)]
    return Text(
        "、".join(f"{words.zh} {number}" for words, number in runs),
        ", ".join(f"{number} {words.en}" for words, number in runs),
    )


def vote_letters(words: str) -> str:
    """Return the letters of a vote typed as such or in words (同意 7、不同意 2; 7 in favour, 2 against); raises Invalid."""
    text = words.strip()
    if _SIGNS.fullmatch(text):
        return text
    parts = list(_iterate_parts(text))
    if parts and parts[0].isdecimal():
        parts.reverse()  # a number before its word, as in English: read from the end, a word comes first
        return "".join(reversed(_count_letters(parts, text)))
    return "".join(_count_letters(parts, text))


def _count_letters(parts: list[str], text: str) -> list[str]:
    """Return the letters of each word and the number behind it, one where there is none; raises Invalid for none at all."""
    runs: list[str] = []
    for part in parts:
        if not part.isdecimal():
            runs.append(_LETTER_OF[part.lower()])
        elif runs and len(runs[-1]) == 1:
            runs[-1] *= min(int(part), _MOST)
        else:
            raise _build_unreadable(text)
    if not any(runs):
        raise _build_unreadable(text)
    return runs


def _iterate_parts(text: str) -> Iterator[str]:
    """Yield words and numbers; raises Invalid for what is neither."""
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        between = _BETWEEN.match(text, at)
        if part is not None:
            yield part[0]
            at = part.end()
        elif between is not None:
            at = between.end()
        else:
            raise _build_unreadable(text)


def _build_unreadable(text: str) -> Invalid:
    return Invalid(
        Text(
            f"“{text[:40]}”读不出投票：请写成“同意 7、不同意 2”，依名册的次序；还可以写弃权、不投、缺席、废票。",
            f"“{text[:40]}” is no vote: write “7 in favour, 2 against” in the order of the roll; also abstain, no mark, absent, spoiled.",
        )
    )


def step_words(package: Package) -> Callable[[Move], Text]:
    """Return what says a step of a scenario of ``package`` in words."""
    terms = ScenarioTerms(package)

    def describe_move(move: Move) -> Text:
        verb = _VERBS[move.verb]
        if move.verb in _VOTES and isinstance(move.value, Mapping):
            what = _describe_votes(move.value, terms)
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

    return describe_move


def _describe_votes(votes: Mapping[Any, Any], terms: ScenarioTerms) -> Text:
    """Return how the members voted on each candidate, or on what was moved."""
    named_votes = [
        (_describe_question(str(name), terms), vote_words(str(letters)) or Text(str(letters), str(letters)))
        for name, letters in votes.items()
    ]
    return Text(
        "；".join(f"{name.zh}：{vote_text.zh}" for name, vote_text in named_votes),
        "; ".join(f"{name.en}: {vote_text.en}" for name, vote_text in named_votes),
    )


def _describe_question(name: str, terms: ScenarioTerms) -> Text:
    """Return what a question of a paper is about: ``甲/gold`` asks about 甲 for one of several prizes."""
    nick, _, tier = name.partition("/")
    who, prize = terms.word(nick), terms.word(tier)
    return Text(f"{who.zh}（{prize.zh}）", f"{who.en} ({prize.en})") if tier else who


def verb_words(verb: str) -> Text:
    """Return what a verb of a step means."""
    return _VERBS[verb]


@dataclass(frozen=True, slots=True)
class RowWords:
    """The names that a row of one scenario may use: ``cases`` and ``organisations`` are its own nicknames."""

    package: Package
    terms: ScenarioTerms
    cases: tuple[str, ...] = ()
    organisations: Mapping[str, Mapping[str, Any]] | None = None
    _read: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: object, read: Callable[[], T]) -> T:
        """Return what ``read`` returns, asked only the first time."""
        if key not in self._read:
            self._read[key] = read()
        value: T = self._read[key]
        return value

    def elements(self, *, acted: bool) -> Options:
        """Return the elements by process; with ``acted`` only those at which people act."""
        return self.once(("elements", acted), lambda: self._list_elements(acted))

    def _list_elements(self, acted: bool) -> Options:
        elements_by_id = {
            e.id: Text(f"{e.name or e.id}（{d.name or d.process_id}）", f"{e.name or e.id} ({d.name or d.process_id})")
            for d in self.package.diagrams.values()
            for e in d.elements.values()
            if e.form or e.role or not acted
        }
        return tuple(elements_by_id.items())

    def kinds(self) -> Options:
        """Return the kinds of cases."""
        return tuple((key, info.text) for key, info in self.package.award.processes.items())

    def actions(self) -> Options:
        """Return what may be done with a case outside tasks."""
        return tuple((action.id, action.text) for action in self.package.award.actions.values())

    def notices(self) -> Options:
        """Return the kinds of notices that the diagrams draft."""
        return self.once("notices", self._list_notices)

    def _list_notices(self) -> Options:
        return self.named(sorted(set(self._iterate_parameters("notice.draft", "kind"))))

    def findings(self) -> Options:
        """Return the findings that tables make."""
        return self.once("findings", self._list_findings)

    def _list_findings(self) -> Options:
        rows = {row.id for table in self.package.tables.values() for row in table.rows if row.id}
        return self.named(sorted(rows))

    def documents(self) -> Options:
        """Return the documents that may be issued."""
        return self.once("documents", self._list_documents)

    def _list_documents(self) -> Options:
        return self.named(sorted(self.package.documents))

    def outcomes(self) -> Options:
        """Return the outcomes of the ends of diagrams."""
        return self.once("outcomes", self._list_outcomes)

    def _list_outcomes(self) -> Options:
        ends = (e.outcome for d in self.package.diagrams.values() for e in d.elements.values())
        return tuple((outcome, self.terms.word(outcome, "outcome")) for outcome in sorted({*ends, "completed"} - {""}))

    def facts(self) -> Options:
        """Return the facts that cases record."""
        return self.once("facts", self._list_facts)

    def _list_facts(self) -> Options:
        facts = {fact for info in self.package.award.processes.values() for fact in info.facts}
        return tuple((fact_name, self.terms.word(fact_name, "fact")) for fact_name in sorted(facts))

    def tiers(self) -> Options:
        """Return the tiers of the award."""
        return tuple((tier.id, tier.text) for tier in self.package.award.tiers)

    def roles(self) -> Options:
        """Return the roles of the place."""
        return tuple((role.id, role.text) for role in self.package.jurisdiction.roles.values())

    def bodies(self) -> Options:
        """Return the bodies of the place."""
        return tuple((body.id, body.text) for body in self.package.jurisdiction.bodies)

    def people(self) -> Options:
        """Return who may act: organisations by nickname, roles, roles of bodies."""
        return self.once("people", self._list_people)

    def _list_people(self) -> Options:
        roles = self.package.jurisdiction.roles
        role_addresses = [f"{role}@{body.id}" for body in self.package.jurisdiction.bodies for role in body.roles]
        words = [*(role.id for role in roles.values() if not role.subject), *role_addresses, "administrator"]
        return (*self.nicks(), *self.named(words))

    def nicks(self) -> Options:
        """Return the organisations of the scenario."""
        organisations = self.organisations or {}
        names = {nick: f"{nick}　{(details or {}).get('name', '')}".strip() for nick, details in organisations.items()}
        return tuple((nick, Text(words, words)) for nick, words in names.items())

    def list_scenario_cases(self) -> Options:
        """Return the cases that the scenario's steps have named."""
        return tuple((nick, Text(nick, nick)) for nick in self.cases)

    def clauses(self) -> Options:
        """Return the clauses of the law."""
        return self.once("clauses", self._list_clauses)

    def _list_clauses(self) -> Options:
        return tuple((c.id, Text(f"{c.id}　{c.summary}"[:60], c.id)) for c in self.package.law.clauses.values())

    def named(self, words: Iterable[str]) -> Options:
        """Return words with what they are called."""
        return tuple((word, self.terms.word(word)) for word in words)

    def results(self) -> Options:
        """Return how a finding may come out."""
        return tuple((word, STATES[word]) for word in _DECIDED)

    def _iterate_parameters(self, operation: str, name: str) -> Iterator[str]:
        for diagram in self.package.diagrams.values():
            for e in diagram.elements.values():
                if e.operation and e.operation.operation == operation:
                    word = e.operation.parameters.get(name, "").strip('"')
                    if word.isidentifier():
                        yield word
