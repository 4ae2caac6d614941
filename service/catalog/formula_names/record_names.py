"""The names of the record scope that every case has, and what their rows hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from service.catalog.forms.forms import parse_form
from service.catalog.formula_names.names import FormulaName
from service.catalog.package import Package
from service.catalog.source.newest import by_file, of_newest
from service.domain.errors import LaurelError
from service.domain.feel.spans import Span
from service.domain.forms import compile_form
from service.domain.forms.describe import variable_types
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows, key_of, same_object
from service.domain.text import Text


def _of(name: str, kind: str, zh: str, en: str, *entries: FormulaName) -> FormulaName:
    return FormulaName(name, kind, Text(zh, en), entries)


_IDENT, _ROW = _of("id", "string", "编号", "id"), _of("id", "number", "内部号", "the number inside the program")
_NAMED = (_of("name", "string", "名称", "name"), _of("name_en", "string", "英文名称", "name in English"))
CASE_NAMES = (
    _of("id", "number", "办件内部号", "the case's number inside the program"),
    _of("number", "string", "编号", "its number, once it has one"),
    _of("title", "string", "标题", "title"),
    _of("process", "string", "办件种类", "kind of case"),
    _of("status", "string", "状态：running、ended 等", "running, ended and the like"),
    _of("outcome", "string", "结果", "outcome"),
    _of("started_at", "string", "开始时刻", "when it began"),
)
SUBMISSION_NAMES = (
    _of("_at", "string", "提交时刻", "when it was submitted"),
    _of("_body", "number", "提交单位的内部号", "the body that submitted it"),
    _of("_element", "string", "提交环节", "the step at which it was submitted"),
)
_RESULTS = (
    ("met", Text("符合", "met")), ("not_met", Text("不符合", "not met")), ("unknown", Text("未知", "unknown")),
)  # fmt: skip
_FINDING = (
    _of("ground", "string", "条件的编号", "the ground's id"),
    FormulaName(
        "result", "string", Text("met 符合、not_met 不符合、unknown 未知", "met, not_met or unknown"), choices=_RESULTS
    ),
    _of("text", "string", "认定的文字", "the finding in words"),
    _of("clauses", "list", "依据的条款", "the clauses it rests on"),
    _of("article", "string", "依据的条文", "the article"),
    _of("decided_by", "string", "由谁判断", "who decides"),
    _of("supplied_by", "string", "由谁补充", "who supplies what is missing"),
    _of("unknown", "list", "还缺的材料", "what is not known yet"), _of("evidence", "list", "佐证", "evidence"),
)  # fmt: skip
_NOTICE = (
    _of("id", "number", "编号", "id"), _of("kind", "string", "公示的种类", "kind of notice"),
    _of("title", "string", "标题", "title"), _of("state", "string", "状态", "state"),
    _of("first_day", "string", "首日", "first day"), _of("last_day", "string", "末日", "last day"),
    _of("objections", "number", "收到异议的件数", "how many objections came in"),
)  # fmt: skip
_DOCUMENT = (
    _of("id", "number", "编号", "id"), _of("template", "string", "文书模板", "template"),
    _of("title", "string", "标题", "title"), _of("number", "string", "文号", "number"),
    _of("issued_at", "string", "制发时刻", "when it was issued"),
)  # fmt: skip
_AWARD = (
    _of("id", "number", "编号", "id"), _of("award", "string", "奖项", "award"), _of("tier", "string", "类别", "tier"),
    _of("round", "number", "届次或年份", "round"), _of("decided_on", "string", "批准之日", "day of decision"),
    _of("revoked_on", "string", "撤销之日", "day of revocation"), _of("number", "string", "证书号", "number"),
    _of("details", "context", "其他记载", "what else is on record"), _of("holder", "string", "获奖组织", "holder"),
    _of("rounds_since", "number", "获奖以后到本届（含）有几届", "rounds since, this one included"),
    _of("rounds_since_revoked", "number", "撤销以后到本届（含）有几届", "rounds since the revocation, this one included"),
)  # fmt: skip
_SANCTION = (
    _of("ground", "string", "事由", "ground"), _of("effect", "string", "效果：ban 为不得申报", "effect; ban: may not apply"),
    _of("decided_on", "string", "决定之日", "day of decision"), _of("from_day", "string", "起始日", "first day"),
    _of("last_day", "string", "终止日", "last day"), _of("holder", "string", "对象", "whom it concerns"),
)  # fmt: skip
_RELATED = (
    *CASE_NAMES,
    _of("open_objections", "number", "在办的异议件数", "objections that are still open"),
    _of("objection_cases", "list", "提出过的异议件", "objections ever lodged",
        _of("id", "number", "编号", "id"), _of("status", "string", "状态", "status"), _of("outcome", "string", "结果", "outcome")),
)  # fmt: skip
RECORD_NAMES = (
    _of("forms", "context", "各表单的全部提交，先交的在前", "all submissions of each form, oldest first"),
    _of("findings", "list", "条件的认定", "findings on the grounds", *_FINDING),
    _of("notices", "list", "本办件的公示", "notices of this case", *_NOTICE),
    _of("opinions", "list", "各部门提交的意见", "what departments submitted",
        _of("form", "string", "表单", "form"), _of("department", "string", "部门", "department"),
        _of("department_name", "string", "部门名称", "the department's name"), *SUBMISSION_NAMES),
    _of("documents", "list", "制发的文书", "documents issued", *_DOCUMENT),
    _of("children", "list", "下级办件", "cases below this one", *_RELATED),
    _of("siblings", "list", "同级的同种办件", "other cases of this kind beside it", *_RELATED),
    _of("beside", "list", "同级的其他办件", "other cases beside it", *_RELATED),
    _of("register", "context", "登记在册的奖项和限制", "awards and bars on record",
        _of("awards", "list", "获奖记录", "awards", *_AWARD), _of("sanctions", "list", "限制记录", "bars", *_SANCTION),
        _of("doubtful", "list", "有待核对的记录", "records in doubt")),
    _of("subject", "context", "办件所关的组织或个人", "whom the case is about", _ROW, *_NAMED,
        _of("key", "string", "统一社会信用代码", "credit code"), _of("kind", "string", "种类", "kind"),
        _of("former_names", "list", "曾用名", "former names")),
    _of("parties", "context", "按角色的当事单位", "the bodies bound to the case, by role"),
    _of("reviews", "context", "按环节的专家评审", "expert reviews by stage"),
    _of("experts", "list", "专家库中可选的人", "experts to choose from",
        _of("label", "string", "姓名", "name"), _of("value", "string", "编号", "id")),
    _of("bodies", "list", "本地各单位", "the bodies of this place", _ROW, *_NAMED, _of("key", "string", "代码", "key"),
        _of("kind", "string", "种类", "kind"), _of("roles", "list", "角色", "roles"), _of("members", "list", "成员", "members")),
    _of("tiers", "list", "奖项类别", "tiers", _IDENT, *_NAMED),
)  # fmt: skip
OTHER_NAMES = (
    _of("reference_date", "date", "条件的计算基准日", "the day on which conditions are reckoned"),
    _of("starter", "string", "启动者的角色；公众为 public", "the role that starts it; public without an account"),
    _of("year", "number", "文号的年份", "year of the number"),
    _of("sequence", "number", "文号的序号", "running number"),
    _of("signature", "string", "落款", "signature"),
    _of("basis", "string", "依据的条文", "the articles it rests on"),
    _of("item", "Any", "当前的一项", "the item at hand"), _of("row", "Any", "当前的一行", "the row at hand"),
    _of("child", "context", "当前的下级办件", "the case below at hand", *_RELATED),
    _of("expert", "context", "当前的专家", "the expert at hand"), _of("person", "Any", "当前的人", "the person at hand"),
    _of("nrOfInstances", "number", "共有几项", "how many there are"),
    _of("nrOfActiveInstances", "number", "几项在办", "how many are open"),
    _of("nrOfCompletedInstances", "number", "几项已办", "how many are done"),
    _of("index", "number", "第几项", "its number in the list"),
    _of("this", "context", "本行", "this row"), _of("parent", "context", "上一层的值", "the values around"),
    _of("i", "number", "第几行", "number of the row"),
)  # fmt: skip
"""Names that some places have besides."""


def form_names(package: Package, ident: str) -> tuple[FormulaName, ...]:
    """Return the fields of a form; none for one that cannot be read yet."""
    return _of_form(package.files[package.forms[ident]], package.forms[ident])


@of_newest(by_file)
def _of_form(content: bytes, path: str) -> tuple[FormulaName, ...]:
    try:
        return tuple(_names(compile_form(parse_form(content, path)).nodes))
    except (LaurelError, ValueError):
        return ()


def _names(nodes: tuple[FormNode, ...]) -> Iterator[FormulaName]:
    types = variable_types(nodes)
    for node in same_object(nodes):
        key = key_of(node)
        if isinstance(node, Group | Rows):
            kind = "list" if isinstance(node, Rows) else "context"
            yield FormulaName(key, kind, node.label, tuple(_names(node.children)))
        else:
            asked = node if isinstance(node, Input) else None
            yield FormulaName(
                key, types[key] if asked else "Any", node.label, choices=_choices(asked), span=span_of(asked),
                most_signs=most_signs_of(asked), is_box=is_box(asked),
            )  # fmt: skip


def is_box(asked: Input | None) -> bool:
    """Tell whether a field is a box that says false on a page where it is left alone, and nothing elsewhere."""
    if asked is None or asked.type is not InputType.CHECKBOX or asked.unticked_is_false or asked.required:
        return False
    return asked.default is None and asked.readonly is False and asked.disabled is False


def span_of(asked: Input | None) -> Span | None:
    """Return between what the numbers of a field lie, where the form itself says it."""
    if asked is None or asked.type is not InputType.NUMBER:
        return None
    least, most = (bound if isinstance(bound, Decimal) else None for bound in (asked.minimum, asked.maximum))
    if least is None and most is None:
        return None
    return Span(Decimal("-Infinity") if least is None else least, Decimal("Infinity") if most is None else most)


def most_signs_of(asked: Input | None) -> int | None:
    """Return how long the text of a field may be, where the form itself says it."""
    return asked.max_length if asked is not None and isinstance(asked.max_length, int) else None


def _choices(asked: Input | None) -> tuple[tuple[str, Text], ...]:
    """Return what a field offers, where the form itself says it."""
    offered = asked.options if asked is not None and isinstance(asked.options, tuple) else ()
    return tuple((str(one.value), one.label) for one in offered)
