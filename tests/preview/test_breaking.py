"""The parts of a mail in lines."""

from __future__ import annotations

from notify.preview.breaking import header_lines, html_lines, text_lines


def test_html_has_a_line_for_each_tag_and_text() -> None:
    """Nothing else changes; each line knows where it comes from."""
    html = "<!DOCTYPE html>\n<P  class=x>Hello <b>you</b>\n   and   me</P><!-- a\n  b -->\n<style>\na{}\n</style>\n"

    assert [
        (1, "<!DOCTYPE html>"),
        (2, "<P  class=x>"),
        (2, "Hello "),
        (2, "<b>"),
        (2, "you"),
        (2, "</b>"),
        (3, "and   me"),
        (3, "</P>"),
        (3, "<!-- a"),
        (4, "b -->"),
        (5, "<style>"),
        (6, "a{}"),
        (7, "</style>"),
    ] == html_lines(html)


def test_a_space_between_tags_is_kept() -> None:
    """It shows, unlike where there is none; a line break with it does not count."""
    assert [(1, "<i>"), (1, " "), (1, "<b>")] == html_lines("<i> <b>")
    assert [(1, "<i>"), (2, "<b>")] == html_lines("<i> \n <b>")


def test_a_long_style_has_a_line_for_each_declaration() -> None:
    """References are not taken for ends; what stands before and after stays with the first and the last."""
    html = (
        "<td\n class=x style='color:red; font-family:&quot;Segoe UI&quot;,Arial;;\n background:#ffffff;margin:0 auto; '"
        " width=10>x"
    )

    assert [
        (1, "<td"),
        (1, "  class=x style='color:red;"),
        (1, "  font-family:&quot;Segoe UI&quot;,Arial;"),
        (1, "  ;"),
        (1, "  background:#ffffff;"),
        (1, "  margin:0 auto; ' width=10>"),
        (3, "x"),
    ] == html_lines(html)


def test_a_style_of_one_declaration_stays_on_its_line() -> None:
    """There is nothing to break, and nothing in a short tag either."""
    long = f'<p class="{"x" * 80}" style="color:red">'
    short = '<p style="color:red;margin:0">'
    bare = f'<p class="{"x" * 80}" style>'

    assert [(1, long), (1, short), (1, bare), (1, f'<p class="{"x" * 80}">')] == html_lines(
        f'{long}{short}{bare}<p class="{"x" * 80}">'
    )


def test_text_has_its_own_lines() -> None:
    """The line feed at the end begins none; an empty text has none."""
    assert [(1, "a "), (2, ""), (3, " b")] == text_lines("a \n\n b\n")
    assert [] == text_lines("")


def test_headers_that_are_new_each_time_are_left_out() -> None:
    """Date, identifier and boundary; folded values are one line."""
    headers = [
        ("Date", "Mon, 1 Jan 2024 00:00:00 +0000"),
        ("Message-ID", "<1@x>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/mixed;\n boundary="==1; x=="; charset=utf-8'),
        ("Subject", "a\n b"),
    ]

    assert [(4, "Content-Type: multipart/mixed; charset=utf-8"), (5, "Subject: a b")] == header_lines(headers)
