"""Direct bodies: what is kept for a notification, and how it is tried."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.rendering.direct.bindings import UnfitError
from notify.rendering.direct.code import compiled
from notify.rendering.direct.flattening import Flattener
from notify.rendering.direct.skeleton import Skeleton, holds_sheet
from notify.rendering.preheader import PREHEADER, hidden_preheader

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from jinja2 import nodes

    from notify.rendering.direct.code import Function
    from notify.rendering.environment import TemplateEnvironment

_log = logging.getLogger("notify.rendering")
_MOST_FAILURES = 16


class Body:
    """A body that was made direct.

    Args:
        flattener: what made the tree.
        function: prints it.
        longest: characters or octets; more has to be measured.
        skeleton: for a document whose CSS is inlined in `function`, which then prints what WireText holds.

    Attributes:
        checked: the values that these names have in each context that the body is for.
        absent: the names that no such context has.
        templates: the names of the templates that went into it.
        freshness: functions that say whether their files are still the same.
    """

    def __init__(self, flattener: Flattener, function: Function, longest: int, skeleton: Skeleton | None) -> None:
        self.is_inlined = skeleton is not None
        self.templates = tuple(dict.fromkeys(flattener.templates))
        self.freshness = tuple(flattener.freshness)
        self._function = function
        self._skeleton = skeleton
        self.checked = flattener.checked
        self.absent = frozenset(flattener.absent)
        self._longest = longest
        self._failures = 0

    def printed(self, names: dict[str, Any]) -> Any:
        """What the plain way gives for a context, on the wire if `is_inlined`; None where the plain way is wanted."""
        if self._failures > _MOST_FAILURES:
            return None
        try:
            pieces, regions, marks = self._function(names)
            if marks:
                _fill(pieces, marks, self._skeleton, regions, names)
            result = b"".join(pieces) if self.is_inlined else "".join(pieces)
            if len(result) <= self._longest:
                self._failures = 0
                return result
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # the plain way is taken, and tells what is wrong, if anything is
            if self._failures == _MOST_FAILURES:
                _log.debug("direct rendering is given up: %s", error)
        self._failures += 1
        return None


def _fill(
    pieces: list[bytes], marks: tuple[int, ...], skeleton: Skeleton | None, regions: int, names: Mapping[str, Any]
) -> None:
    assert skeleton is not None  # noqa: S101  # nothing else sets marks
    hidden = hidden_preheader(names[PREHEADER]).encode()  # one line
    if skeleton.is_constant:
        pieces[marks[0]] = hidden
        return
    sheets = iter(skeleton.styles(regions))
    for number, mark in enumerate(marks):
        pieces[mark] = hidden if number == skeleton.preheader else next(sheets)


@dataclass(slots=True)
class Prepared:
    """The direct bodies of a notification in one locale, as far as there are any.

    Attributes:
        uses: how often it was rendered.
        tried: whether they were made, or it was found that they cannot be.
        html: prints the HTML, inlined if `html.is_inlined`.
        templates: the names of all templates that went into them.
        freshness: functions that say whether their files are still the same.
    """

    uses: int = 0
    tried: bool = False
    subject: Body | None = None
    preheader: Body | None = None
    html: Body | None = None
    text: Body | None = None
    templates: tuple[str, ...] = ()
    freshness: tuple[Callable[[], bool], ...] = ()
    checked: dict[str, Any] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    def fits(self, names: Mapping[str, Any]) -> bool:
        """Whether the bodies are for this context."""
        if self.checked:
            for name, value in self.checked.items():
                if names.get(name) != value:
                    return False
        return not self.absent or self.absent.isdisjoint(names)

    def keep(self) -> None:
        """Work out what is asked for with every message."""
        bodies = [body for body in (self.subject, self.preheader, self.html, self.text) if body is not None]
        self.templates = tuple(dict.fromkeys(name for body in bodies for name in body.templates))
        self.freshness = tuple(is_fresh for body in bodies for is_fresh in body.freshness)
        self.checked = {name: value for body in bodies for name, value in body.checked.items()}
        self.absent = frozenset(name for body in bodies for name in body.absent)

    def is_fresh(self) -> bool:
        """Whether the files are still the ones that they were made of."""
        return all(is_fresh() for is_fresh in self.freshness)


def prepare(
    environment: TemplateEnvironment,
    source: str,
    name: str | None,
    *,
    constants: Mapping[str, Any],
    fixed: Mapping[str, Any],
    names: Mapping[str, Any],
    present: Container[str],
    inline: Callable[[str], str] | None = None,
    change: Callable[[str], str] | None = None,
) -> Body:
    """A body that gives what the template gives.

    Args:
        environment: the body's environment.
        source: the template.
        name: its name, if it has one.
        constants: what is the same for all messages.
        fixed: what is the same for nearly all.
        names: the context of one message.
        present: the names that every context has.
        inline: css-inline, if the body is a document whose CSS is to be inlined once for all messages.
        change: changes the text of the template.

    Raises:
        UnfitError: it has to be rendered the plain way.
        jinja2.TemplateError: the template is wrong.
    """
    flattener = Flattener(environment, constants, fixed, names, change)
    body = flattener.flat(source, name)
    skeleton: Skeleton | None = None
    tree: list[nodes.Node] = body
    if inline is not None:
        if not holds_sheet(body):
            raise UnfitError("there is no CSS to be inlined")
        skeleton = Skeleton(body, inline)
        tree = skeleton.body
    function = compiled(
        environment,
        tree,
        extras=flattener.extras,
        present=present,
        marks=skeleton.marks if skeleton else 0,
        octets=skeleton is not None,
    )
    return Body(flattener, function, environment.guards.limits.output_bytes // 4, skeleton)
