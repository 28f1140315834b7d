"""Values that are marked-up text already."""

from __future__ import annotations


class Html(str):
    """HTML of the application's own; the only kind of value that templates do not escape."""

    __slots__ = ()

    def __html__(self) -> Html:
        return self


class Markdown(str):
    """Markdown of the application's own; becomes HTML in the HTML part and text in the text part."""

    __slots__ = ()

    @property
    def source(self) -> str:
        """The text as written."""
        return str(self)
