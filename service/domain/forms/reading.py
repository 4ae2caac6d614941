"""Typed reading of one form-js component, refusing what does not fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from service.domain.forms.expressions import BadFormula, FormExpression
from service.domain.forms.refusals import FormRefused
from service.domain.text import Text, english_key, read_translated_text

Raw = Mapping[str, object]

_KEY = re.compile(r"[^\W\d]\w*")
_RESERVED = {"this", "parent", "i", "item"}

_MOST_DIGITS = 40
"""Of a number in a form, before or behind the point."""
_CALLED = {
    "rule": Text("核对规则", "rule"),
    "hide": Text("隐藏条件", "condition to hide it"),
    "expression": Text("计算公式", "formula of its value"),
    "valuesExpression": Text("选项的公式", "formula of its choices"),
    "requiredIf": Text("必填的条件", "condition to require it"),
    "normal": Text("通常的取值", "usual value"),
    "readonly": Text("只读的条件", "condition to make it read-only"),
    "disabled": Text("停用的条件", "condition to disable it"),
    "min": Text("最小值", "least value"),
    "max": Text("最大值", "greatest value"),
    "minLength": Text("最短长度", "least length"),
    "maxLength": Text("最大长度", "greatest length"),
    "text": Text("文字", "text"),
    "dataSource": Text("表格的数据", "data of the table"),
    "source": Text("图片的来源", "source of the picture"),
}
"""What the form editor calls the settings that may hold an expression."""
_FIX = Text("请在表单设计器中改正", "Correct it in the form designer")


@dataclass(frozen=True, slots=True)
class Component:
    """A component as stored, and the names its expressions may use."""

    raw: Raw
    names: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The component's id, or its type where it has none."""
        return str(self.raw.get("id") or self.raw.get("type") or "?")

    @property
    def type(self) -> str:
        """The form-js type."""
        return str(self.raw.get("type"))

    @property
    def properties(self) -> Component:
        """The ``properties`` as a component of their own, with the same id."""
        raw_properties = self.raw.get("properties") or {}
        if not isinstance(raw_properties, Mapping):
            raise self.refuse("properties 应为键值表", "properties should be a mapping")
        return Component({"id": self.id, **raw_properties}, self.names)

    @property
    def validate(self) -> Component:
        """The ``validate`` block as a component of its own, with the same id."""
        raw_validate = self.raw.get("validate") or {}
        if not isinstance(raw_validate, Mapping):
            raise self.refuse("validate 应为键值表", "validate should be a mapping")
        return Component({"id": self.id, **raw_validate}, self.names)

    def refuse(self, zh: str, en: str, remedy: Text = _FIX) -> FormRefused:
        """Return the refusal of this component."""
        return FormRefused(self.id, Text(zh, en), remedy)

    def has(self, key: str) -> bool:
        """Return whether the key is there and not empty."""
        return self.raw.get(key) not in (None, "")

    def string(self, key: str, default: str = "") -> str:
        """Return a string."""
        value = self.raw.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.refuse(f"“{key}”应为文字", f"{key!r} should be text")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """Return a boolean, also written as "true" or "false"."""
        value = self.raw.get(key, default)
        if value in (None, ""):
            return default
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        raise self.refuse(f"“{key}”应为 true 或 false", f"{key!r} should be true or false")

    def flag_or_formula(self, key: str) -> bool | FormExpression:
        """Return a boolean or the expression that gives one."""
        return self.formula(key) if self._is_formula(key) else self.flag(key)

    def whole(self, key: str) -> int | None:
        """Return a whole number of 0 or more, also written as text."""
        value = self.number(key)
        if value is None:
            return None
        if value != int(value) or value < 0:
            raise self.refuse(f"“{key}”应为 0 以上的整数", f"{key!r} should be a whole number of 0 or more")
        return int(value)

    def whole_or_formula(self, key: str) -> int | FormExpression | None:
        """Return a whole number or the expression that gives one."""
        return self.formula(key) if self._is_formula(key) else self.whole(key)

    def number(self, key: str) -> Decimal | None:
        """Return a number, also written as text."""
        value = self.raw.get(key)
        if value in (None, ""):
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
            raise self.refuse(f"“{key}”应为数字", f"{key!r} should be a number")
        return number

    def number_or_formula(self, key: str) -> Decimal | FormExpression | None:
        """Return a number or the expression that gives one."""
        return self.formula(key) if self._is_formula(key) else self.number(key)

    def formula(self, key: str) -> FormExpression:
        """Return the expression under ``key``, written with a leading "="."""
        return self.compile(key, self.string(key))

    def compile(self, key: str, text: str) -> FormExpression:
        """Return the expression ``text``, which stands under ``key``."""
        try:
            return FormExpression.of(text.removeprefix("="), self.names)
        except BadFormula as bad:
            called = setting_name(key)
            raise self.refuse(
                f"“{called.zh}”中的表达式不可用：{bad.reason.zh}", f"the expression in “{called.en}”: {bad.reason.en}"
            ) from bad

    def name(self, key: str) -> str:
        """Return a name under which values are kept: letters, digits and underscores, not one of FEEL's own."""
        value = self.string(key)
        if not _KEY.fullmatch(value) or value in _RESERVED or value.startswith("_"):
            raise self.refuse(
                f"“{key}”的值“{value}”不能用作字段名",
                f"{key!r} holds {value!r}, which cannot be a field name",
                Text(
                    "请用字母开头的字母、数字和下划线；分组内的字段请用分组的 path",
                    "Use letters, digits, underscores; nest by the group's path",
                ),
            )
        return value

    def both(self, key: str, extra: str | None = None) -> Text:
        """Return the text under ``key`` with its English and further languages from ``properties.<key>_en`` …."""
        chinese = self.string(extra) if extra and not self.has(key) else self.string(key)
        return read_translated_text(self.properties.raw, key, chinese)

    def words(self, key: str) -> tuple[str, ...]:
        """Return the words of a list written with commas or blanks."""
        return tuple(word for word in re.split(r"[,，、\s]+", self.string(key)) if word)

    def children(self, key: str = "components") -> list[Raw]:
        """Return the components inside."""
        raw_children = self.raw.get(key) or []
        if not isinstance(raw_children, list) or not all(isinstance(child, Mapping) for child in raw_children):
            raise self.refuse(f"“{key}”应为组件列表", f"{key!r} should be a list of components")
        return raw_children

    def only(self, allowed: Collection[str], place: str) -> None:
        """Refuse keys that no check would cover."""
        strange = sorted(key for key in self.raw if not {key, english_key(key)} & {*allowed, "id"})
        if strange:
            raise self.refuse(
                f"{place} 中有不支持的设置 {'、'.join(strange)}",
                f"{place} holds {', '.join(strange)}, which nobody would check",
                Text(
                    f"请删除，或改用：{'、'.join(sorted(allowed))}", f"Remove it or use: {', '.join(sorted(allowed))}"
                ),
            )

    def _is_formula(self, key: str) -> bool:
        value = self.raw.get(key)
        return isinstance(value, str) and value.startswith("=")


def unique_ids(components: Iterable[Raw]) -> None:
    """Refuse a form in which two components have one id."""
    seen: set[str] = set()
    for raw in components:
        ident = Component(raw).id
        if ident in seen and raw.get("id"):
            raise FormRefused(
                ident, Text("编号重复", "the id is used twice"), Text("请改成不同的编号", "Give each its own id")
            )
        seen.add(ident)


def setting_name(key: str) -> Text:
    """Return what the setting ``key`` is called where people set it, the key itself where it has no other name: 核对规则 2."""
    head, _, number = key.partition("_")
    called = _CALLED.get(head) if number.isdigit() or not number else None
    if called is None:
        return Text(key, key)
    return Text(f"{called.zh} {number}".rstrip(), f"{called.en} {number}".rstrip())
