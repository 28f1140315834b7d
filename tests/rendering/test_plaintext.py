"""HTML mails as text."""

from __future__ import annotations

import pytest

from notify.rendering.plaintext import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p> \n </p>", ""),
        ("<p>One</p><p>two</p>", "One\n\ntwo\n"),
        ("<div>One</div><div>two</div>three", "One\ntwo\nthree\n"),
        ("<p>a  b\n\tc</p>", "a b c\n"),
        ("<p>a<br>b<br/> c</p>", "a\nb\nc\n"),
        ("<p>a<br><br><br>b</p>", "a\n\nb\n"),
        ("<p>a <b> b</b> <i>c</i>d</p>", "a b cd\n"),
        ("<p>5&nbsp;&lt;&amp;&#8364;&eacute;</p>", "5 <&€é\n"),
        ("<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb\n"),
        ("<p>He said <q>no</q>.</p>", "He said \u201cno\u201d.\n"),
        ("<p>x</p><hr><p>y</p>", "x\n\n----------------------------------------\n\ny\n"),
        ("<dl><dt>Term</dt><dd>What it means</dd></dl>", "Term\n    What it means\n"),
        ("a<span style='display:block'>b</span>c", "a\nb\nc\n"),
        ("a\x00b\x07c", "abc\n"),
        ("<frameset><frame></frameset>", ""),
    ],
)
def test_blocks_and_inline(html: str, text: str) -> None:
    """White space collapses as in a browser, and blocks are at most one empty line apart."""
    assert text == html_to_text(html)


def test_no_break_space() -> None:
    """A line does not break at a no-break space, which is written as a space."""
    text = html_to_text("<p>aaaa 12&nbsp;kg</p>", 8)

    assert text == "aaaa\n12 kg\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Hello there</h1><p>x</p>", "Hello there\n===========\n\nx\n"),
        ("<p>x</p><h3>Sub</h3>y", "x\n\nSub\n---\n\ny\n"),
        ("<h1>漢字 e\u0301</h1>", "漢字 e\u0301\n======\n"),
        ("<h1><img src=x></h1><p>x</p>", "x\n"),
        ("<ul><li><h2>In a list</h2></li></ul>", "- In a list\n  ---------\n"),
    ],
)
def test_headings(html: str, text: str) -> None:
    """Headings are underlined as wide as they are."""
    assert text == html_to_text(html)


def test_wrapped_heading() -> None:
    """The line below a heading is no wider than the text."""
    text = html_to_text("<h1>aaaa bbbb cccc</h1>", 9)

    assert text == "aaaa bbbb\ncccc\n=========\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://a.example/x">Track it</a>.', "Track it <https://a.example/x>.\n"),
        ('<a href="https://a.example/x"> https://a.example/x </a>', "https://a.example/x\n"),
        ('<a href="https://www.a.example/">a.example</a>', "https://www.a.example/\n"),
        ('<a href="mailto:a@a.example?subject=Hi">a@a.example</a>', "a@a.example\n"),
        ('<a href="mailto:a%40a.example">Write</a>', "Write <a@a.example>\n"),
        ('<a href="tel:+4412345">+44 (123) 45</a>', "+4412345\n"),
        ('<a href="tel:+4412345">Call</a>', "Call <+4412345>\n"),
        ('<a href="#top">Up</a>', "Up\n"),
        ('<a href="">Up</a><a>x</a>', "Upx\n"),
        ('<a href="mailto:">Up</a>', "Up\n"),
        ('<a href="JavaScript:alert(1)">Up</a>', "Up\n"),
        ('<a href=" https://a.example/a b\n>c&nbsp;">x</a>', "x <https://a.example/a%20b%3Ec>\n"),
        ('<a href="https://a.example"><img alt="" src="x"></a>', "<https://a.example>\n"),
        ('<a href="https://a.example"><img alt="Acme" src="x"></a>', "Acme <https://a.example>\n"),
        ('<a href="https://a.example"><div>One</div><div>two</div></a>', "One\ntwo\n<https://a.example>\n"),
        ('<p>See <a href="/orders">orders</a></p>', "See orders </orders>\n"),
    ],
)
def test_links(html: str, text: str) -> None:
    """A link reads `text <url>`, or only its URL where the text is the URL."""
    assert text == html_to_text(html)


def test_long_url() -> None:
    """A URL that is wider than a line stands whole on a line of its own."""
    url = "https://a.example/" + "x" * 40

    text = html_to_text(f'<p>Please <a href="{url}">follow your parcel</a> today.</p>', 30)

    assert text == f"Please follow your parcel\n<{url}>\ntoday.\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>a<li>b</ul>", "- a\n- b\n"),
        ("<p>x</p><ul><li>a<ul><li>b</ul><li>c</ul><p>y</p>", "x\n\n- a\n  - b\n- c\n\ny\n"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b\n"),
        ("<ol start=9><li>a<li>b</ol>", " 9. a\n10. b\n"),
        ("<ol start=x><li>a</ol>", "1. a\n"),
        ("<ol><li>a<ol><li>b</ol></ol>", "1. a\n   1. b\n"),
        ("<ul><li><p>a</p><p>b</p><li><p>c</p></ul>", "- a\n\n  b\n\n- c\n"),
        ("<ul><li></li><li><ul><li></li><li>b</ul></ul>", "- - b\n"),
        ("<li>alone</li>", "- alone\n"),
    ],
)
def test_lists(html: str, text: str) -> None:
    """Lists are marked or numbered, and nested ones are indented."""
    assert text == html_to_text(html)


def test_wrapped_item() -> None:
    """The second line of a list item stands below the first one's text."""
    text = html_to_text("<ul><li>aaaa bbbb cccc</ul>", 12)

    assert text == "- aaaa bbbb\n  cccc\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>x</p><blockquote><p>a</p><p>b</p></blockquote><p>y</p>", "x\n\n> a\n>\n> b\n\ny\n"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b\n"),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", "> a\n\n> b\n"),
        ("<blockquote><ul><li>a<li>b</ul></blockquote>", "> - a\n> - b\n"),
    ],
)
def test_quotations(html: str, text: str) -> None:
    """Quotations are marked on every line."""
    assert text == html_to_text(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>x</p><pre>\n  a\n\tb\n\n\nc  </pre>y", "x\n\n  a\n        b\n\n\nc\n\ny\n"),
        ("<pre>a<b>b</b><br>c</pre>", "ab\nc\n"),
        ("<pre>a&#13;&#10;b&#13;c&#7;</pre>", "a\nb\nc\n"),
        ("<blockquote><pre>a\n\n b</pre></blockquote>", "> a\n>\n>  b\n"),
        ("<p style='white-space: pre-line'>a\n b  c</p>d\ne", "a\nb c\n\nd e\n"),
    ],
)
def test_kept_line_breaks(html: str, text: str) -> None:
    """Preformatted text keeps its spaces and breaks, and CSS may keep the breaks of other text."""
    assert text == html_to_text(html)


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">x</div>',
        '<div style="color: red; ; DISPLAY : none !important">x</div>',
        '<div style="max-height:0px;overflow:hidden">x</div>',
        '<div style="mso-hide:all">x</div>',
        '<span style="visibility: hidden">x</span>',
        "<p hidden>x</p>",
        "<style>p {}</style>",
        "<script>x</script>",
        "<title>x</title>",
        "<template>x</template>",
        "<!-- x -->",
        "<!--[if mso]><p>x</p><![endif]-->",
        "<select><option>x</option></select>",
    ],
)
def test_hidden(hidden: str) -> None:
    """What a reader of the HTML does not see is not in the text."""
    assert html_to_text(f"{hidden}<p>Seen</p>") == "Seen\n"


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="display:none;display:block">x</p>',
        '<p style="overflow:hidden;max-height:10px">x</p>',
        '<p style="font-size:0">x</p>',
        '<p aria-hidden="true">x</p>',
        "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
        "<noscript>x</noscript>",
    ],
)
def test_shown(shown: str) -> None:
    """What only looks hidden is in the text."""
    assert html_to_text(shown) == "x\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>x" + "&#847;&zwnj;&nbsp;" * 30 + "</p><p>y</p>", "x\n\ny\n"),
        ("<p>" + "&zwnj;&nbsp;" * 30 + "</p>", ""),
        ("<p>a &zwnj; b</p>", "a b\n"),
        ("<p>a&shy;b&#xfeff;c</p>", "abc\n"),
        ("<p>a&zwnj;&zwj;b<br>&zwnj;&nbsp;<br>c</p>", "ab\nc\n"),
        (
            "<p>\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645</p>",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n",
        ),
        ("<p>👩\u200d🔬 works</p>", "👩\u200d🔬 works\n"),
        ("<p>\u2067\u0645\u0631\u062d\u0628\u0627\u2069 Acme</p>", "\u2067\u0645\u0631\u062d\u0628\u0627\u2069 Acme\n"),
    ],
)
def test_invisible_characters(html: str, text: str) -> None:
    """Padding of preheaders goes; joiners inside words and marks of direction stay."""
    assert text == html_to_text(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<table><tr><td>Header</td></tr><tr><td><p>Body</p></td></tr></table>", "Header\n\nBody\n"),
        (
            "<table><tr><td>Order</td><td>A-1</td></tr><tr><td>Date</td><td>May</td></tr></table>",
            "Order  A-1\nDate  May\n",
        ),
        ("<table><tr><td>a</td><td> </td><td>b</td></tr></table>", "a  b\n"),
        ("<table><tr><td><p>One</p></td><td><p>Two</p></td></tr></table>", "One\n\nTwo\n"),
        (f"<table><tr><td>{'x ' * 30}</td><td>b</td></tr></table>", f"{'x ' * 29}x\nb\n"),
        ("<table role=presentation><tr><th>a</th><th>b</th></tr></table>", "a  b\n"),
        ("<table><tr><th>a</th></tr><tr><td><table><tr><td>b</td></tr></table></td></tr></table>", "a\n\nb\n"),
        ("<td>loose</td>", "loose\n"),
    ],
)
def test_layout_tables(html: str, text: str) -> None:
    """Cells of layout tables are blocks; short ones of a row share a line."""
    assert text == html_to_text(html)


@pytest.mark.parametrize("tag", ["div", "blockquote", "b", "table><tr><td", "ul><li", "a href=x", "pre"])
def test_depth(tag: str) -> None:
    """No depth of nesting is too deep."""
    text = html_to_text(f"<{tag}>" * 2000 + "x")

    assert text.rstrip().endswith(("x", "<x>"))


def test_deep_indentation() -> None:
    """Indentation leaves room for the text."""
    text = html_to_text("<ul><li>" * 50 + "word word word word word")

    assert max(map(len, text.splitlines())) <= 78


def test_lone_surrogates() -> None:
    """Text that cannot be encoded does no harm."""
    assert html_to_text("<p>a\ud800b</p>") == "a?b\n"
