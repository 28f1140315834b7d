"""What a rule is.

```python
@rule(Mail, "link-http", severity="warning", why="...", example="...", cure="...")
def link_http(mail: Mail) -> Iterator[Problem]:
    '''A link is not encrypted.'''
    for link in mail.links:
        if link.url.startswith("http:"):
            yield Problem(link.location, f"the link {link.url!r} is not encrypted", "write https:")
```
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify.checks.finding import Severity
    from notify.errors import Location

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Problem:
    """One place where a rule does not hold, as the rule tells it.

    Attributes:
        location: where.
        message: what is wrong, in a sentence without a full stop.
        hint: what was probably meant, or what to do.
        severity: if it is another than the rule's.
    """

    location: Location
    message: str
    hint: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """A rule; make one with `rule`.

    Attributes:
        id: words of small letters and digits with hyphens, the first of them the family: `link-http`.
        severity: how grave it is that the rule does not hold.
        about: the class of what it looks at: one of `notify.checks.subjects`.
        title: what is wrong where it does not hold, in a line.
        why: why that matters, in a sentence or two.
        example: what is found, as it stands in a file.
        cure: what to write instead, or to do.
        check: finds the problems.
    """

    id: str
    severity: Severity
    about: type[S]
    title: str
    why: str
    example: str
    cure: str
    check: Callable[[S], Iterable[Problem]]


def rule(
    about: type[S], name: str, *, severity: Severity, why: str, example: str, cure: str
) -> Callable[[Callable[[S], Iterable[Problem]]], Rule[S]]:
    """Make a rule of a function; the first line of its docstring is the title."""

    def make(check: Callable[[S], Iterable[Problem]]) -> Rule[S]:
        title = (check.__doc__ or "").strip().partition("\n")[0].removesuffix(".")
        return Rule(name, severity, about, title, why, example, cure, check)

    return make


AnyRule = Rule[Any]
