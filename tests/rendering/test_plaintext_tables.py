"""Tables of data as text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from notify.rendering.plaintext import html_to_text
from notify.rendering.plaintext.columns import text_table

ORDER = """
<table>
<caption>Your order</caption>
<thead><tr><th>Item</th><th>Qty</th><th>Price</th></tr></thead>
<tfoot><tr><td colspan="2">Total</td><td>€ 1,242.00</td></tr></tfoot>
<tbody>
<tr><td>急須</td><td>1</td><td>€ 1,200.00</td></tr>
<tr><td>Cafe\u0301<br>black</td><td>12</td><td>€ 42.00</td></tr>
</tbody>
</table>
"""


def lines(*rows: str) -> str:
    """Rows as the text that they make."""
    return "".join(f"{row}\n" for row in rows)


def test_columns() -> None:
    """Columns line up by what a terminal shows, numbers at the right, head and foot set apart."""
    assert html_to_text(ORDER) == lines(
        "Your order",
        "Item   Qty       Price",
        "-----  ---  ----------",
        "急須     1  € 1,200.00",
        "Cafe\u0301    12     € 42.00",
        "black",
        "-----  ---  ----------",
        "Total       € 1,242.00",
    )


def test_text_around() -> None:
    """A table stands between empty lines, and keeps the indentation."""
    text = html_to_text("<p>x</p><blockquote><table><tr><th>a<th>b<tr><td>c<td>d</table></blockquote><p>y</p>")

    assert text == lines("x", "", "> a  b", "> -  -", "> c  d", "", "y")


@pytest.mark.parametrize(
    "number",
    [
        "12",
        "1,234.50",
        "1 234,50",
        "€12",
        "12 €",
        "-3.5 %",
        "EUR 12.00",
        "12,00 kr",
        "\u00d7 2",
        "$-5",
        "(12.00)",
        "1\u202f234",
    ],
)
def test_numbers(number: str) -> None:
    """Amounts in the ways people write them are set at the right."""
    text = html_to_text(
        f"<table><tr><th>Label</th><th>A long head</th></tr><tr><td>x</td><td>{number}</td></tr></table>"
    )

    assert text.splitlines()[2] == "x      " + number.rjust(11)


@pytest.mark.parametrize("word", ["A-1001", "2026-03-02", "word", "12 apples", "3 or 4", "1" * 40])
def test_words(word: str) -> None:
    """What is no amount is set at the left."""
    text = html_to_text(f"<table><tr><th>Label</th><th>{'h' * 45}</th></tr><tr><td>x</td><td>{word}</td></tr></table>")

    assert text.splitlines()[2] == f"x      {word}"


@pytest.mark.parametrize("attribute", ["align=right", "style='text-align: right'", "style='text-align:end'"])
def test_asked_alignment(attribute: str) -> None:
    """A cell that asks for the right gets it."""
    text = html_to_text(f"<table><tr><th>Long head</th></tr><tr><td {attribute}>word</td></tr></table>")

    assert text == lines("Long head", "---------", "     word")


def test_row_heads() -> None:
    """Labels in the first column make no head."""
    text = html_to_text("<table><tr><th>Device</th><td>Phone</td></tr><tr><th>At</th><td>Noon</td></tr></table>")

    assert text == lines("Device  Phone", "At      Noon")


def test_only_a_head() -> None:
    """A table of one row of head cells is that row."""
    assert html_to_text("<table><tr><th>a</th><th>b</th></tr></table>") == lines("a  b")


def test_wrapped_cells() -> None:
    """A table that is too wide has its widest column wrapped."""
    html = "<table><tr><th>Item<th>Qty</tr><tr><td>A pot of tea and four cups<td>1</tr></table>"

    assert html_to_text(html, 20) == lines(
        "Item             Qty", "---------------  ---", "A pot of tea       1", "and four cups"
    )


def test_records() -> None:
    """Where not even the words fit side by side, each row is a list of its cells under their heads."""
    html = """<table><tr><th>Name</th><th>Link</th></tr><tr><td>Teapot</td><td>https://a.example/teapot</td></tr>
    <tr><td>Cup</td><td></td></tr><tfoot><tr><td>All in all</td></tr></tfoot></table>"""

    assert html_to_text(html, 20) == lines(
        "Name: Teapot", "Link:", "https://a.example/teapot", "", "Name: Cup", "", "Name: All in all"
    )


def test_records_of_a_head() -> None:
    """A head that does not fit and has no rows below is written cell by cell."""
    assert html_to_text("<table><tr><th>aaaaaaaa</th><th>bbbbbbbb</th></tr></table>", 10) == lines(
        "aaaaaaaa", "bbbbbbbb"
    )


def test_spans() -> None:
    """Cells over several columns or rows keep the others in their places."""
    html = """<table><tr><th>a</th><th>b</th><th>c</th></tr>
    <tr><td rowspan=2>one</td><td colspan=2>wide cell here</td></tr>
    <tr><td>x</td><td colspan=0 rowspan=no>y</td></tr></table>"""

    assert html_to_text(html) == lines("a    b  c", "---  -  -----------", "one  wide cell here", "     x  y")


def test_empty_columns() -> None:
    """A column that is empty in every row, as some mails have for space, takes no room."""
    html = "<table><tr><th>a</th><th> </th><th>b</th></tr><tr><td>x</td><td>&nbsp;</td><td>y</td></tr></table>"

    assert html_to_text(html) == lines("a  b", "-  -", "x  y")


def test_hidden_cells() -> None:
    """Hidden rows and cells are left out."""
    html = """<table><tr><th>a</th><th hidden>b</th></tr><tr style="display:none"><td>x</td></tr>
    <tr><td>y</td><td style="display: none">z</td></tr><tr></tr></table>"""

    assert html_to_text(html) == lines("a", "-", "y")


def test_text_table() -> None:
    """Templates set mappings and sequences in columns, formatted and aligned as asked."""
    columns: list[Any] = [
        "name",
        {"key": "price", "label": "Price", "format": "€%.2f"},
        {"label": "Note", "align": "right"},
    ]
    rows: list[Any] = [
        {"name": "Teapot", "price": Decimal("12.5"), "Note": None},
        ["Cup", 3, "x"],
        ["Free", "gratis", "y\nz"],
    ]

    assert text_table(rows, columns, [["Total", 15.5, None]]).splitlines() == [
        "name    Price   Note",
        "------  ------  ----",
        "Teapot  €12.50",
        "Cup     €3.00      x",
        "Free    gratis     y",
        "                   z",
        "------  ------  ----",
        "Total   €15.50",
    ]


def test_text_table_without_columns() -> None:
    """Without columns there is no head."""
    assert text_table([("Order", "A-1"), ("Placed", 3)]) == "Order   A-1\nPlaced  3"


def test_text_table_faults() -> None:
    """A column without a name and a format that pads are errors."""
    with pytest.raises(ValueError, match="needs a `label`"):
        text_table([[1]], [{"align": "right"}])
    with pytest.raises(ValueError, match="too wide: '%9999d'"):
        text_table([[1]], [{"label": "x", "format": "%9999d"}])
