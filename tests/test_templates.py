"""The templates that ship: the base layouts, the Markdown layout and the components."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from rendering.making import Shown, as_text
from selectolax.lexbor import LexborHTMLParser

from notify.catalog import Catalog
from notify.rendering import Renderer
from notify.rendering.plaintext import html_to_text
from notify.resources import templates_folder

if TYPE_CHECKING:
    from pathlib import Path

    import jinja2


BRAND = {
    "name": "Acme & Co",
    "url": "https://acme.example",
    "color": "#0f766e",
    "address": "12 Harbour Street",
    "support": "hello@acme.example",
}
COMPONENTS = {
    "button": ("text", "url"),
    "code": ("value",),
    "details": ("items",),
    "divider": (),
    "heading": ("text", "level"),
    "image": ("src", "alt", "width"),
    "list": ("items", "ordered"),
    "panel": ("title", "tone"),
    "table": ("columns", "rows", "caption", "footer"),
    "unsubscribe": ("url", "preferences_url", "text", "preferences_text"),
}
ITEMS = [{"name": "Tea <pot>", "quantity": 1, "price": 38.0}, {"name": "Cup", "quantity": 12, "price": 9.5}]


class Bench:
    """Renders templates written in a test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def render(self, *, locale: str = "en", brand: dict[str, Any] | None = BRAND, **bodies: str) -> Shown:
        """The mail of a notification with these bodies."""
        lines = ["subject: The subject", "preheader: Look & see"]
        for key, source in bodies.items():
            lines += [f"{key}: |", *(f"  {line}" for line in source.splitlines())]
        (self._folder / "mail.yaml").write_text("\n".join(lines), encoding="utf-8")
        renderer = Renderer(globals={"brand": brand} if brand is not None else {})
        definition = Catalog.load([self._folder])["mail"]
        context = {"items": ITEMS, "locale": locale}
        plain = as_text(renderer.render(definition, context, locale=locale))
        for _ in range(2):
            assert plain == as_text(renderer.render(definition, context, locale=locale))
        return plain

    def html(self, content: str, **options: Any) -> str:
        """The HTML part of a template whose content block is `content`."""
        source = '{% extends "notify/base.html" %}\n{% import "notify/components.html" as ui %}\n'
        html = self.render(html=f"{source}{{% block content %}}\n{content}\n{{% endblock %}}", **options).html

        assert html is not None
        return html

    def text(self, content: str, **options: Any) -> str:
        """The text part of a template whose content block is `content`."""
        source = '{% extends "notify/base.txt" %}\n{% import "notify/components.txt" as ui %}\n'
        text = self.render(text=f"{source}{{% block content %}}\n{content}\n{{% endblock %}}", **options).text

        assert text is not None
        return text


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A place where templates are rendered."""
    return Bench(tmp_path)


def body(text: str) -> str:
    """What stands between the header and the footer of a text part."""
    return text.removeprefix("Acme & Co <https://acme.example>\n\n").partition("\n\n-- \n")[0]


@pytest.mark.parametrize(
    ("locale", "lang", "direction"),
    [
        ("en", "en", "ltr"),
        ("pt-BR", "pt-BR", "ltr"),
        ("pt_BR", "pt-BR", "ltr"),
        ("ar", "ar", "rtl"),
        ("he-IL", "he-IL", "rtl"),
    ],
)
def test_language(bench: Bench, locale: str, lang: str, direction: str) -> None:
    """The document says its language and direction."""
    root = LexborHTMLParser(bench.html("x", locale=locale)).css_first("html")

    assert root is not None
    assert (lang, direction) == (root.attributes["lang"], root.attributes["dir"])


def test_right_to_left(bench: Bench) -> None:
    """In a locale that is written from right to left, sides are swapped."""
    content = "{{ ui.table(['name', {'label': 'Price', 'key': 'price', 'align': 'right'}], items) }}"
    styles = [
        re.search(r'class="right"[^>]*text-align: (\w+)', bench.html(content, locale=each)) for each in ("en", "fa")
    ]

    assert ["right", "left"] == [style and style[1] for style in styles]


def test_title_and_preheader(bench: Bench) -> None:
    """The subject is the document's title, and the preheader is hidden, once, before everything else."""
    html = bench.html("x")

    assert "<title>The subject</title>" in html
    assert html.count("Look &amp; see") == 1
    assert re.search(r'<body[^>]*>\s*<div style="display: none;[^>]*>Look &amp; see', html)
    assert "Look" not in html_to_text(html)


def test_brand(bench: Bench) -> None:
    """Header and footer show who sends, in HTML and text."""
    html = bench.html("x")
    text = bench.text("Hello")

    assert '<a href="https://acme.example"' in html
    assert "Acme &amp; Co, 12 Harbour Street" in html
    assert 'href="mailto:hello@acme.example"' in html
    assert (
        text == "Acme & Co <https://acme.example>\n\nHello\n\n-- \nAcme & Co, 12 Harbour Street\nhello@acme.example\n"
    )


def test_logo(bench: Bench) -> None:
    """A logo stands in place of the name, which becomes its alternative text."""
    html = bench.html("x", brand={"name": "Acme", "logo": "cid:logo", "support": "https://acme.example/help"})

    assert re.search(r'<img src="cid:logo" alt="Acme" width="140"', html)
    assert 'href="https://acme.example/help"' in html


def test_no_brand(bench: Bench) -> None:
    """Without a brand the layouts still work."""
    assert html_to_text(bench.html("x", brand=None)) == "x\n"
    assert bench.text("x", brand=None).strip() == "x"


def test_media_queries_survive(bench: Bench) -> None:
    """Dark mode and phones are still provided for once the CSS is inlined; all else is inline."""
    html = bench.html("{{ ui.button('Go', 'https://acme.example') }}")

    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 620px)" in html
    assert ".button {" not in html.replace(".card .button {", "")
    assert re.search(r'class="button"[^>]*style="[^"]*#ffffff', html)


def test_outlook(bench: Bench) -> None:
    """Outlook gets a table of a fixed width and the padding of its own that buttons need."""
    html = bench.html("{{ ui.button('Go', 'https://acme.example') }}")

    assert '<!--[if mso]><table role="presentation" width="600"' in html
    assert "mso-padding-alt" in html


def test_accessible(bench: Bench) -> None:
    """Tables of the layout say that they are, and data tables have head cells with a scope."""
    html = bench.html(
        "{{ ui.button('Go', 'https://a.example') }}{{ ui.code('1') }}{% call ui.panel() %}x{% endcall %}"
        "{{ ui.table(['name'], items, caption='All') }}{{ ui.details({'a': 'b'}) }}"
    )
    tables = LexborHTMLParser(html).css("table")
    data = [table for table in tables if table.attributes.get("role") != "presentation"]

    assert len(data) == 2
    assert all(cell.attributes["scope"] in {"col", "row"} for table in data for cell in table.css("th"))


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def color_of(css: str, selector: str, name: str) -> str:
    """The last colour that a rule with this selector gives a property."""
    rules = re.findall(r"(?:^|[,;}\n])\s*" + re.escape(selector) + r"\s*(?:,[^{}]*)?\{([^}]*)\}", css)
    colors = [color for rule in rules for color in re.findall(rf"(?<![\w-]){name}: (#\w{{6}})", rule)]
    return str(colors[-1])


@pytest.mark.parametrize(
    ("dark", "text", "background"),
    [
        (False, ".layout", ".card"), (False, ".small", ".card"), (False, "blockquote", ".card"),
        (False, ".layout", "pre"),
        (False, ".footer", ".page"), (False, ".footer a", ".page"), (False, ".header a", ".page"),
        (False, ".layout", ".panel-cell"), (False, ".layout", ".warning"), (False, ".layout", ".danger"),
        (False, ".small", ".info"), (False, ".small", ".success"),
        (True, ".layout", ".card"), (True, ".footer", ".card"), (True, ".card a", ".card"),
        (True, ".layout", ".code-cell"),
        (True, ".footer", ".page"), (True, ".layout", ".card .panel-cell"), (True, ".card a", ".card .info"),
        (True, ".card a", ".card .success"), (True, ".card a", ".card .warning"), (True, ".card a", ".card .danger"),
    ],
)  # fmt: skip
def test_contrast(dark: bool, text: str, background: str) -> None:  # noqa: FBT001 - a parameter of the case
    """Text can be read on its background in light and dark (WCAG 2.2, 1.4.3)."""
    source = (templates_folder() / "notify" / "base.html").read_text(encoding="utf-8")
    css = re.sub(r"{{ [^{}]* }}", "left", source.replace('{{ brand.dark_color | default("#93b4ff") }}', "#93b4ff"))
    light_rules, _, dark_rules = css.partition("(prefers-color-scheme: dark)")
    rules = dark_rules if dark else light_rules

    assert contrast(color_of(rules, text, "color"), color_of(rules, background, "background-color")) >= 4.5


def macros(environment: jinja2.Environment, name: str) -> dict[str, tuple[str, ...]]:
    """The macros of a template that others may use, with their arguments."""
    module = vars(environment.get_template(name).module)
    return {name: macro.arguments for name, macro in module.items() if hasattr(macro, "arguments") and name[0] != "_"}


def test_same_components() -> None:
    """HTML and text have the same components with the same arguments."""
    environments: list[jinja2.Environment] = []
    Renderer(configure=environments.append)

    for name in ("notify/components.html", "notify/components.txt"):
        assert macros(environments[0], name) == COMPONENTS


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("{{ ui.button('Go & see', 'https://a.example/?a=1&b=2') }}", "Go & see <https://a.example/?a=1&b=2>"),
        ("{{ ui.code('482913') }}", "482913"),
        ("{{ ui.details({'Order': 'A-1', 'Placed on': 'May'}) }}", "Order      A-1\nPlaced on  May"),
        ("{{ ui.details([['Order', 'A-1']]) }}", "Order  A-1"),
        ("{{ ui.divider() }}\nx", "----------------------------------------\n\nx"),
        ("{{ ui.heading('Hello') }}", "Hello\n====="),
        ("{{ ui.heading('Hello', 2) }}", "Hello\n-----"),
        ("{{ ui.image('https://a.example/x.png', 'A pot', 200) }}", "A pot"),
        ("{{ ui.list(['One', 'two']) }}", "- One\n- two"),
        ("{{ ui.list(['One', 'two'], ordered=true) }}", "1. One\n2. two"),
    ],
)
def test_components(bench: Bench, call: str, text: str) -> None:
    """A component reads alike in the text part and in the text that is derived from the HTML."""
    derived = html_to_text(bench.html(call, brand=None)).strip()
    written = body(bench.text(call)).strip()

    assert text == derived
    assert text == written


def test_table(bench: Bench) -> None:
    """A table of data lines up in both texts, with its footer set apart."""
    columns = "['name', {'key': 'quantity', 'label': 'Qty', 'align': 'right'}, {'key': 'price', 'format': '€%.2f'}]"
    call = f"{{{{ ui.table({columns}, items, footer=[['Total', none, 47.5]]) }}}}"
    table = [
        "name       Qty   price",
        "---------  ---  ------",
        "Tea <pot>    1  €38.00",
        "Cup         12   €9.50",
        "---------  ---  ------",
        "Total           €47.50",
    ]

    assert html_to_text(bench.html(call, brand=None)).splitlines() == table
    assert body(bench.text(call)).splitlines() == table


def test_caption(bench: Bench) -> None:
    """A table may have a caption."""
    call = "{{ ui.table(['name'], [['Pot']], caption='Items') }}"

    assert body(bench.text(call)) == "Items\n\nname\n----\nPot"
    assert html_to_text(bench.html(call, brand=None)) == "Items\nname\n----\nPot\n"


def test_panel(bench: Bench) -> None:
    """A panel sets apart what its call block holds; in text every line is marked."""
    call = "{% call ui.panel('Note', tone='info') %}\nOne\n\ntwo\n{% endcall %}\nafter"

    assert body(bench.text(call)) == "| Note\n| One\n|\n| two\n\nafter"
    assert 'class="panel-cell info"' in bench.html(call)


def test_long_button(bench: Bench) -> None:
    """The URL of a button stands on its own line where it does not fit beside the text."""
    url = "https://a.example/" + "x" * 70

    assert body(bench.text(f"{{{{ ui.button('Go', '{url}') }}}}")) == f"Go\n<{url}>"


def test_decoration(bench: Bench) -> None:
    """A picture without alternative text is not mentioned in text."""
    call = "a\n{{ ui.image('https://a.example/x.png', '') }}b"

    assert body(bench.text(call)) == "a\nb"
    assert 'alt=""' in bench.html(call)


def test_components_escape(bench: Bench) -> None:
    """Values are text in the HTML part."""
    html = bench.html(
        "{{ ui.heading(items[0].name) }}{{ ui.list(['<b>']) }}{{ ui.button('\"', 'https://a.example/?\"') }}"
    )

    assert "<h1" in html
    assert "Tea &lt;pot&gt;" in html
    assert "&lt;b&gt;" in html
    assert 'href="https://a.example/?&quot;"' in html


def test_empty_lines(bench: Bench) -> None:
    """Components and paragraphs of a text part are one empty line apart."""
    text = bench.text(
        "{{ ui.heading('Hi') }}\nText.\n\n{{ ui.button('Go', 'https://a.example') }}\n{{ ui.list(['x']) }}\nEnd."
    )

    assert body(text) == "Hi\n==\n\nText.\n\nGo <https://a.example>\n\n- x\n\nEnd."


def test_markdown(bench: Bench) -> None:
    """Markdown is shown in the base layout."""
    html = bench.render(markdown="# Hello\n\n[Go](https://a.example) *now*").html

    assert html is not None
    assert re.search(r'<td class="card"[^>]*>\s*<h1[^>]*>Hello</h1>', html)
    assert "Acme &amp; Co" in html
