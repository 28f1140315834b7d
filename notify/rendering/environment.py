"""The Jinja2 environment that all templates of an application are compiled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from notify.rendering import filters
from notify.rendering.code import Compiler
from notify.rendering.formatting import formatting
from notify.rendering.guards import METHODS, Guards
from notify.rendering.limits import Watch
from notify.rendering.plaintext.columns import text_table
from notify.rendering.plaintext.width import display_width
from notify.rendering.preheader import PREHEADER, Preheader
from notify.rendering.recording import Recorder

if TYPE_CHECKING:
    from types import MethodType

    from notify.rendering.limits import Limits

_OPEN = frozenset({LoopContext, TemplateModule})
"""What has no attributes but those that are meant for templates: `loop`, and what `import` gives."""
_OF_DICTS = frozenset(dir(dict))
_SMALL = 64
"""Loops of so many items are not watched one by one."""


class TemplateContext(Context):
    """What a template sees; it notices whether a template asks for the preheader."""

    def resolve_or_missing(self, key: str) -> Any:
        """The value of a name, or Jinja2's `missing`."""
        if key in self.vars:
            return self.vars[key]
        if key in self.parent:
            return self.parent[key]
        if key == "preheader" and PREHEADER in self.parent:
            return cast("Preheader", self.parent[PREHEADER]).use()
        return missing


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2's immutable sandbox, held within limits, in which a field wins over a method of the same name.

    With `sandbox=False`, templates may reach every attribute and call everything; the limits stay.
    """

    code_generator_class = Compiler
    context_class = TemplateContext
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(
        self, *, limits: Limits, sandbox: bool = True, recorder: Recorder | None = None, **options: Any
    ) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=-1,
            **options,
        )
        self.guards = Guards(limits)
        self.watch = Watch(limits.seconds)
        self.recorder = Recorder() if recorder is None else recorder
        self.sandbox = sandbox
        self.joined = self.guards.joined
        self.printable = self.guards.printable
        self.binop_table.update(self.guards.operators())
        self.filters.update(filters.guarded(self.guards))
        self.filters["display_width"] = display_width
        self.filters["text_table"] = text_table
        for name in filters.LEFT_OUT:
            del self.filters[name]
        del self.globals["lipsum"]
        self.globals["range"] = self.guards.range
        self.tests["mapping"] = _is_mapping

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            return super()._parse(source, name, filename)
        except RecursionError:
            raise _too_deep(name, filename) from None

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002  # Jinja2's signature
    ) -> str:
        try:
            return super()._generate(source, name, filename, defer_init)
        except RecursionError:
            raise _too_deep(name, filename) from None

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` of a template: the key of a mapping first, then the attribute."""
        kind = obj.__class__
        if kind is dict and attribute not in obj and attribute not in _OF_DICTS:
            return self.undefined(obj=obj, name=attribute)
        if kind in _OPEN and attribute[0] != "_":
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    @staticmethod
    def escaped(text: str) -> str:
        """What markupsafe's `escape` gives for plain text, as plain text: the output is joined anyway."""
        return (
            text.replace("&", "&amp;")
            .replace(">", "&gt;")
            .replace("<", "&lt;")
            .replace("'", "&#39;")
            .replace('"', "&#34;")
        )

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read this attribute."""
        return not self.sandbox or super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., Any] | None:
        """What a template gets instead of a method that could make something huge, or could leave the sandbox."""
        name = getattr(value, "__name__", None)
        owner = getattr(value, "__self__", None)
        if not isinstance(owner, (str, bytes, int)):
            return None
        if name in {"format", "format_map"}:
            return formatting(self, self.guards, cast("MethodType", value))
        return self.guards.method(value) if name in METHODS else None

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something from a template."""
        self.watch.step()
        if obj.__class__ is Macro:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(context.eval_ctx, *args, **kwargs)
        if self.sandbox and not self.is_safe_callable(obj):
            raise SecurityError(f"{getattr(obj, '__name__', 'this')} must not be called from a template")
        return context.call(obj, *args, **kwargs)

    def join_path(self, template: str, parent: str) -> str:
        """The name of a template that `parent` includes, imports or extends."""
        self.watch.step()
        self.recorder.templates((template,))
        return super().join_path(template, parent)

    def paced(self, items: Iterable[Any]) -> Iterable[Any]:
        """What a loop goes over; the clock is looked at on the way."""
        self.watch.step()
        try:
            few = len(items) <= _SMALL  # type: ignore[arg-type]  # that is the question
        except TypeError:
            few = False
        return items if few else _Paced(items, self.watch)


def _too_deep(name: str | None, filename: str | None) -> TemplateSyntaxError:
    return TemplateSyntaxError("the template has too many levels of nesting", 1, name, filename)


def _is_mapping(value: Any) -> bool:
    return value.__class__ is dict or isinstance(value, Mapping)


class _Paced:
    """An iterable whose consumer is held to the clock; it has a length if what it holds has one."""

    def __init__(self, items: Iterable[Any], watch: Watch) -> None:
        self._items = items
        self._watch = watch

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]  # TypeError is the answer where there is none

    def __iter__(self) -> Iterator[Any]:
        step = self._watch.step
        for item in self._items:
            step()
            yield item
