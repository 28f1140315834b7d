"""Text for people, derived from the HTML of a mail."""

from __future__ import annotations

from notify.rendering.plaintext.width import display_width

__all__ = ["display_width", "html_to_text"]


def html_to_text(html: str, width: int = 78) -> str:
    """The text of an HTML mail, wrapped at `width` columns, for readers and clients that show no HTML.

    Links read `text <url>`, images by their `alt`. Tables of data (with `th` or `caption` and no table inside) become
    aligned columns, all other tables blocks. What a mail hides, such as its preheader, is left out. The result ends in
    one line break; it is empty if there is nothing to read. Lines are longer than `width` only where one word is, or
    where `pre` is.
    """
    from selectolax.lexbor import LexborHTMLParser

    from notify.rendering.plaintext.walker import Walker
    from notify.rendering.plaintext.writer import Writer

    clean = html.replace("\x00", "").encode("utf-8", "replace")
    body = LexborHTMLParser(clean).body
    writer = Writer(width)
    if body is not None:
        Walker(writer).walk(body)
    return writer.result()
