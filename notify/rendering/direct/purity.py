"""Functions that templates may call in any place: those that do not look at the context."""

from __future__ import annotations

from notify.rendering.direct.bindings import UnfitError


def check_pure(function: object) -> None:
    """Refuse what looks at the context, in which variables have their own names; Jinja2's own functions may.

    Raises:
        UnfitError: it is such a function.
    """
    asks = getattr(function, "jinja_pass_arg", None)
    if asks is not None and asks.name == "context" and not getattr(function, "__module__", "").startswith("jinja2."):
        raise UnfitError(f"{getattr(function, '__name__', 'a function')} looks at the context")
