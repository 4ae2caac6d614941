"""What may stand where in a scenario: the inputs of a step by its verb, of its form, of each value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from service.casework.simulate.scenarios.words import RowWords
from service.catalog import Package
from service.catalog.feel import compiled
from service.catalog.law.proof import PROVES
from service.catalog.scenarios.expectation_words import KEYS
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import LaurelError
from service.domain.feel import FeelLimitExceeded, FeelSyntaxError
from service.domain.feel.nodes import ContextLiteral, Literal
from service.domain.feel.reader import walk_nodes
from service.domain.text import Text


class Like(Enum):
    """As what a value is entered."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    YES = "yes"
    CHOICE = "choice"
    SEVERAL = "several"
    FILE = "file"
    WORDS = "words"
    """Several words, one a line."""
    TEXTS = "texts"
    """Several texts, which may run over lines; a single one stands without a list."""
    LISTED = "listed"
    """Several of the options, one after another."""
    SCALAR = "scalar"
    """A number, a day, yes or no, or a text: read as a scenario file reads it."""
    VOTE = "vote"
    """How the members voted: shown in words, read in words or as the letters of a scenario file."""
    GROUP = "group"
    ROWS = "rows"
    PAIRS = "pairs"
    """A name and what is said of it, pair by pair."""


@dataclass(frozen=True, slots=True)
class ValueShape:
    """One value: ``options`` are what may be chosen, or what is proposed for a text; ``inner`` are the parts of a group or row."""

    key: str
    label: Text
    like: Like
    options: tuple[tuple[str, Text], ...] = ()
    inner: tuple[ValueShape, ...] = ()
    hint: Text | None = None


_LIKE = {
    "textfield": Like.TEXT,
    "textarea": Like.LONG,
    "number": Like.NUMBER,
    "checkbox": Like.YES,
    "radio": Like.CHOICE,
    "select": Like.CHOICE,
    "checklist": Like.SEVERAL,
    "taglist": Like.SEVERAL,
    "upload": Like.FILE,
    "group": Like.GROUP,
    "dynamiclist": Like.ROWS,
}
SAMPLE = "样例.pdf"
"""The file that stands for any."""


def form_shapes(package: Package, form: str) -> tuple[ValueShape, ...]:
    """Return the fields of ``form``; none where the package has no form of that name that can be read."""
    if not form or "{" in form or edition_of(form) or not package.has_form(form):
        return ()
    try:
        return tuple(_iterate_shapes(package.form(form).get("components")))
    except LaurelError:  # the check says what is wrong with the form
        return ()


def _iterate_shapes(components: Any) -> Iterator[ValueShape]:
    for component in components if isinstance(components, list) else ():
        kind, key = str(component.get("type")), str(component.get("path") or component.get("key") or "")
        if kind == "group" and not component.get("path"):
            yield from _iterate_shapes(component.get("components"))
        elif kind == "datetime" and key:
            whole = component.get("subtype", "date") != "date"
            yield ValueShape(key, _build_label(component, key), Like.MOMENT if whole else Like.DAY)
        elif kind in _LIKE and key:
            yield _build_shape(component, key, _LIKE[kind])


def _build_shape(component: Mapping[str, Any], key: str, like: Like) -> ValueShape:
    label = _build_label(component, key)
    inner = tuple(_iterate_shapes(component.get("components"))) if like in (Like.GROUP, Like.ROWS) else ()
    options = tuple(_build_option(option) for option in component.get("values") or () if isinstance(option, Mapping))
    options = options or tuple(_iterate_formula_options(str(component.get("valuesExpression") or "").removeprefix("=")))
    if like is Like.FILE:
        options = tuple((name, Text(name, name)) for name in dict.fromkeys((f"{label.zh}.pdf", SAMPLE)))
    return ValueShape(key, label, like, options, inner)


def _iterate_formula_options(formula: str) -> Iterator[tuple[str, Text]]:
    """Yield the options that a formula writes out; none where it makes one of what a case holds."""
    try:
        parts = [part for part in walk_nodes(compiled(formula).node) if isinstance(part, ContextLiteral)]
    except (FeelSyntaxError, FeelLimitExceeded):
        return  # the check says what is wrong with the formula
    written = [{key: node.value for key, node in part.entries if isinstance(node, Literal)} for part in parts]
    if all("value" in option for option in written):
        yield from map(_build_option, written)


def _build_option(option: Mapping[str, Any]) -> tuple[str, Text]:
    value = str(option.get("value"))
    label = str(option.get("label", value))
    english = option.get("label_en") or (option.get("properties") or {}).get("label_en")
    return value, Text(label, str(english or label))


def _build_label(component: Mapping[str, Any], key: str) -> Text:
    label = str(component.get("label") or component.get("dateLabel") or key)
    return Text(label, str((component.get("properties") or {}).get("label_en") or label))


AT_TASKS = ("complete", "each", "claim", "send_back", "take_back", "confirm")
_BESIDE = {
    "start": ("name", "parent", "for", "with"),
    "complete": ("percent", "received_on", "with"),
    "each": ("times", "percent", "with"),
    "action": ("with",),
    "correct": ("of_substance", "title", "text", "reason"),
    "send_back": ("reason",),
    "confirm": ("last_day", "reason"),
    "resume": ("last_day",),
    "lodge": ("parent", "notice", "name", "with"),
    "public": ("with",),
    "recall": ("reason",),
    "stop_file": (),
    "replace": ("person", "nth", "reason"),
    "find": ("parent", "for", "name"),
    "hall": ("teller",),
    "recuse": ("reason",),
}
_GENERAL = ("at", "as", "case")
_OF_THE_REGISTER = ("expert", "interest", "award", "sanction", "members", "until", "find")
_UNUSED = frozenset(
    {(verb, key) for verb in _OF_THE_REGISTER for key in ("as", "case")} | {("start", "case"), ("lodge", "case")}
)
"""What steps by a verb take no notice of."""
_REFUSED = ("refused", "because", "fields", PROVES, "every")
_HINTS = {
    "at": Text("2026-03-10 09:00；空着表示紧接上一步", "2026-03-10 09:00; empty: right after the step before"),
    "every": Text(
        "每行一个；这一步依次为每个做一遍，别处写 $ 代表它", "One a line; the step is done for each, $ stands for it"
    ),
    "fields": Text("每行一个：被指出有误的字段", "One a line: fields that are marked"),
    "percent": Text("评分表每项都打这个百分比", "This percentage for every item of the score sheet"),
    "received_on": Text(
        "代录书面答复时填写；空着表示自己办理", "For a reply entered from paper; empty: done by oneself"
    ),
    "times": Text("只让前几人办理；空着表示每个人", "Only the first so many; empty: everybody"),
    "nth": Text("没有写姓名时：名单上第几人", "Without a name: which one on the list"),
    "vote": Text(
        "依名册的次序写明各有几人，例如“同意 7、不同意 2”；还可以写弃权、不投（回避的）、缺席，会场票可以写废票",
        "How many in the order of the roll, such as “7 in favour, 2 against”; also abstain, no mark (who is recused), absent, and spoiled at a sitting",
    ),
}
_LABELS = {
    "at": Text("时间", "When"),
    "as": Text("由谁", "Who"),
    "case": Text("办件", "Case"),
    "name": Text("给新办件起的代称", "Nickname of the new case"),
    "parent": Text("上级办件", "Below case"),
    "for": Text("为哪个组织", "For which organisation"),
    "with": Text("表单内容", "What is filled in"),
    "percent": Text("评分（百分比）", "Scores in percent"),
    "received_on": Text("书面收到日期", "Received on paper on"),
    "times": Text("前几人", "The first so many"),
    "reason": Text("理由", "Reason"),
    "of_substance": Text("实质内容有变，重新计算公示期", "Of substance: the period begins anew"),
    "title": Text("标题", "Title"),
    "text": Text("更正后的正文", "Text as corrected"),
    "last_day": Text("最后一日", "Last day"),
    "notice": Text("针对哪个公示（办件/公示）", "About which notice (case/notice)"),
    "person": Text("更换谁", "Who is replaced"),
    "nth": Text("第几人", "Which one"),
    "teller": Text("另一监票人", "The other teller"),
    "refused": Text("这一步应当被拒绝", "This step must be refused"),
    "because": Text("拒绝的理由里写有", "The refusal says"),
    "fields": Text("指出哪些字段", "Fields that are marked"),
    PROVES: Text("证明的条款", "Clauses it proves"),
    "every": Text("依次为", "For each of"),
    "employer": Text("单位", "Employer"),
    "place": Text("所在地", "Place"),
    "education": Text("学历", "Education"),
    "since": Text("从业自", "Practising since"),
    "sectors": Text("行业", "Sectors"),
    "qualifications": Text("资格", "Qualifications"),
    "training": Text("培训名称", "Training"),
    "trained": Text("培训日（不写按已培训，写“否”为未培训）", "Trained on (no: not trained)"),
    "hours": Text("学时", "Hours"),
    "from": Text("聘期自", "Term from"),
    "until": Text("至", "Until"),
    "expert": Text("专家", "Expert"),
    "kind": Text("种类", "Kind"),
    "tier": Text("奖项", "Tier"),
    "decided_on": Text("决定日期", "Decided on"),
    "round": Text("届次", "Round"),
    "details": Text("其他记录", "Further records"),
    "award": Text("奖项编号", "Award"),
    "jurisdiction": Text("地方编号", "Place"),
    "revoked_on": Text("撤销日期", "Revoked on"),
    "ground": Text("事由", "Ground"),
    "effect": Text("后果", "Effect"),
    "from_day": Text("自哪日起", "From"),
    "clauses": Text("依据", "Clauses"),
    "role": Text("角色", "Role"),
    "body": Text("单位", "Body"),
    "count": Text("人数", "How many"),
}
_RECORDS = {
    "expert": "name employer place education since sectors qualifications training trained hours from until",
    "interest": "expert for kind until text",
    "award": "for with tier decided_on round details award jurisdiction revoked_on",
    "sanction": "for ground effect from_day last_day decided_on clauses jurisdiction",
    "members": "role body count",
}
_DAYS = ("since", "from", "until", "decided_on", "revoked_on", "from_day", "last_day", "received_on")
_NUMBERS = ("times", "nth", "count", "hours")
_LISTS = ("sectors", "qualifications", "clauses", "fields", PROVES, "every")


def step_shapes(words: RowWords, verb: str, row: Mapping[str, Any]) -> tuple[ValueShape, ...]:
    """Return the inputs of a step by ``verb``: first what it is about (its key is the verb), then the others."""
    what = row.get(verb)
    name = form_of(words.package, verb, str(what))
    form = words.once(("form", name), lambda: form_shapes(words.package, name))
    general = [key for key in _GENERAL if key in row or (verb, key) not in _UNUSED]
    verb_keys = [key for key in _BESIDE.get(verb, ()) if key != "percent" or key in row or edition_of(name)]
    keys = [*general, *verb_keys]
    beside = [_build_key_shape(words, key, row, form) for key in keys if key != "with" or form]
    return (about(words, verb), *beside, *(_build_key_shape(words, key, row, ()) for key in _REFUSED))


def about(words: RowWords, verb: str) -> ValueShape:
    """Return the input of what a step by ``verb`` is about."""
    label = KEYS.get(verb, Text("对象", "Of what")) if verb in _RECORDS else Text("对象", "Of what")
    if verb in _RECORDS:
        inner = tuple(_of_record(words, key) for key in _RECORDS[verb].split())
        return ValueShape(verb, label, Like.GROUP, inner=inner)
    if verb in ("vote", "hall", "recuse"):
        label = Text("候选", "Candidates")
        return ValueShape(verb, label, Like.PAIRS, words.nicks(), hint=_HINTS["vote"] if verb != "recuse" else None)
    if verb in ("suspend", "resume", "close_vote"):
        return ValueShape(verb, _LABELS["reason"], Like.TEXT)
    if verb == "until":
        return ValueShape(
            verb, Text("到什么时候", "Until when"), Like.MOMENT, hint=Text("2026-03-10 09:00", "2026-03-10 09:00")
        )
    return ValueShape(verb, label, Like.CHOICE, _list_notice_options(words, verb))


def form_of(package: Package, verb: str, what: str) -> str:
    """Return the form that a step by ``verb`` about ``what`` fills in, "" for none."""
    if verb in ("start", "lodge"):
        info = package.award.processes.get(what)
        return (info.start_form or "") if info else ""
    if verb in ("action", "public"):
        action = package.award.actions.get(what)
        return (action.form or "") if action else ""
    form_ids = (d.elements[what].form for d in package.diagrams.values() if what in d.elements)
    return next((form for form in form_ids if form), "") if verb in ("complete", "each") else ""


def _list_notice_options(words: RowWords, verb: str) -> tuple[tuple[str, Text], ...]:
    if verb in AT_TASKS:
        return words.elements(acted=True)
    if verb in ("start", "lodge", "find"):
        return words.kinds()
    if verb in ("action", "public"):
        return words.actions()
    return words.notices() if verb in ("correct", "recall") else ()


def _build_key_shape(words: RowWords, key: str, row: Mapping[str, Any], form: tuple[ValueShape, ...]) -> ValueShape:
    label, hint = _LABELS[key], _HINTS.get(key)
    if key == "with":
        return ValueShape(key, label, Like.GROUP, inner=form)
    if key == "percent":
        value = row.get(key)
        like = Like.PAIRS if isinstance(value, Mapping) else Like.WORDS if isinstance(value, list) else Like.NUMBER
        return ValueShape(key, label, like, hint=hint)
    if key in ("refused", "of_substance"):
        return ValueShape(key, label, Like.YES)
    if key == "at":
        return ValueShape(key, label, Like.MOMENT, hint=hint)
    if key == PROVES:
        return ValueShape(key, label, Like.LISTED, words.clauses())
    if key in _LISTS:
        return ValueShape(key, label, Like.WORDS, hint=hint)
    if key in _DAYS:
        return ValueShape(key, label, Like.DAY, hint=hint)
    like = Like.NUMBER if key in _NUMBERS else Like.LONG if key == "text" else Like.TEXT
    return ValueShape(key, label, like, _list_nicks(words, key), hint=hint)


def _list_nicks(words: RowWords, key: str) -> tuple[tuple[str, Text], ...]:
    if key in ("as", "teller"):
        return words.people()
    if key in ("case", "parent"):
        return words.list_scenario_cases()
    return words.nicks() if key == "for" else ()


def _of_record(words: RowWords, key: str) -> ValueShape:
    label = _LABELS[key] if key != "name" else Text("姓名", "Name")
    if key == "with":
        return ValueShape(key, Text("共同获奖", "Held with"), Like.WORDS)
    if key == "details":
        return ValueShape(key, label, Like.PAIRS)
    if key == "trained":
        return ValueShape(key, label, Like.SCALAR)
    if key in _LISTS:
        return ValueShape(key, label, Like.WORDS)
    if key in _DAYS:
        return ValueShape(key, label, Like.DAY)
    options = {
        "for": words.nicks, "tier": words.tiers, "role": words.roles, "body": words.bodies, "ground": words.findings
    }.get(key)  # fmt: skip
    closed = key in ("tier", "role", "body")
    like = Like.NUMBER if key in _NUMBERS else Like.CHOICE if closed else Like.TEXT
    return ValueShape(key, label, like, options() if options else ())
