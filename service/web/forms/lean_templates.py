"""Templates that ask less of Jinja; what they draw is the same.

Jinja looks at each call whether its function wants the page's context before what stands in the template, and wraps each
value that it escapes, so that nobody escapes it again. A page has a thousand of both, none of its functions wants the
context, and what is written at once nobody escapes again. Macros are entered without being told in what page.
"""

from __future__ import annotations

from typing import Any

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape


def escaped(value: object) -> str:
    """Return ``value`` as it may stand in a page, for a template to write at once."""
    kind = type(value)
    if kind is str:
        return markupsafe._escape_inner(value)  # type: ignore[arg-type, attr-defined]
    return value if kind is Markup else escape(value)  # type: ignore[return-value]


class PartMacro(Macro):
    """A macro; given what it declares, or less, it is entered at once."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        special = self.catch_kwargs or self.catch_varargs or self.caller
        self._most = self._argument_count if self._default_autoescape and not special else -1

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Draw it."""
        left = self._most - len(args)
        if left < 0:
            return super().__call__(*args, **kwargs)
        if left:
            args += tuple([kwargs.pop(name, missing) for name in self.arguments[len(args) :]])
        if kwargs:
            raise TypeError(f"macro {self.name!r} takes no keyword argument {next(iter(kwargs))!r}")
        return str.__new__(Markup, self._func(*args))


class LeanCode(CodeGenerator):
    """Writes the code of templates whose functions take what stands in the template and nothing else."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802  Jinja's name
        """Write the code of a whole template."""
        self.writeline(f"from {__name__} import {PartMacro.__name__}, {escaped.__name__}")
        super().visit_Template(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write what makes a macro of the function before."""
        self.write("Part")
        super().macro_def(macro_ref, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802  Jinja's name
        """Write a call."""
        if node.dyn_args or node.dyn_kwargs or any(not one.key.isidentifier() for one in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        for given in (*node.args, *node.kwargs):
            self.visit(given, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  Jinja's name
        """Write an attribute of a name: looked for at once, and as ever where it is none."""
        if not isinstance(node.node, nodes.Name):
            super().visit_Getattr(node, frame)
            return
        self.write("(found if (found := getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else ")
        super().visit_Getattr(node, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"{escaped.__name__}(")
