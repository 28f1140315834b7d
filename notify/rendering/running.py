"""Running one template within limits."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from notify.rendering.environment import TemplateContext
from notify.rendering.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Generator

    import jinja2

    from notify.rendering.limits import Limits, Watch

_BATCH = 1024
"""Pieces of output between two looks at the limits."""


class Runner:
    """Runs compiled templates; one for a renderer."""

    def __init__(self, limits: Limits, watch: Watch) -> None:
        self._limits = limits
        self._watch = watch

    def run(self, template: jinja2.Template, names: dict[str, Any]) -> str:
        """What the template prints.

        Raises:
            LimitError: it is too long, or takes too long; raised where the template is, if a line of it is to blame.
            Exception: whatever the template raises.
        """
        context = TemplateContext(template.environment, names, template.name, template.blocks)
        stream = cast("Generator[str, None, None]", template.root_render_func(context))
        chunks = list(islice(stream, _BATCH))
        if len(chunks) == _BATCH:
            self._go_on(stream, chunks)
        text = "".join(chunks)
        if len(text) * 4 > self._limits.output_bytes:
            self._measure(template, text)
        return text

    def _go_on(self, stream: Generator[str, None, None], chunks: list[str]) -> None:
        """Take the rest of a long output, batch by batch."""
        size = sum(map(len, chunks))
        batch = chunks
        while len(batch) == _BATCH:
            if (error := self._exceeded(size)) is not None:
                # Raised where the template is, so that the error names the line.
                stream.throw(error)
            batch = list(islice(stream, _BATCH))
            size += sum(map(len, batch))
            chunks += batch

    def _exceeded(self, size: int) -> LimitError | None:
        if size > self._limits.output_bytes:
            return self._too_long()
        try:
            self._watch.check()
        except LimitError as error:
            return error
        return None

    def _measure(self, template: jinja2.Template, text: str) -> None:
        if len(text.encode("utf-8", "surrogatepass")) > self._limits.output_bytes:
            error = self._too_long()
            error.template = template
            raise error

    def _too_long(self) -> LimitError:
        return LimitError(f"the output is over the limit of {self._limits.output_bytes} octets")
