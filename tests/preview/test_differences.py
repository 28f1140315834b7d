"""How two mails differ."""

from __future__ import annotations

import random

import pytest
from bounded import bounded

from notify.preview.differences import Hunk, Line, Section, Sides, as_text, differences


def of_text(old: str | None, new: str | None) -> Section:
    """How two plain texts differ."""
    return differences(Sides(None, old), Sides(None, new))[1]


def of_html(old: str | None, new: str | None) -> Section:
    """How two HTML parts differ."""
    return differences(Sides(old, None), Sides(new, None))[0]


def unified(section: Section) -> list[str]:
    """The lines of a section in the unified form, without its names."""
    return as_text([section]).splitlines()[2:]


def test_equal_mails_do_not_differ() -> None:
    """Ends of lines, and headers that are new each time, make no difference."""
    old = Sides("<p>\r\nx", "a\r\nb", [("Date", "1"), ("Subject", "x")])
    new = Sides("<p>\nx", "a\nb", [("Date", "2"), ("Subject", "x")])
    found = differences(old, new)

    assert (Section("html", same=True), Section("text", same=True), Section("headers", same=True)) == found
    assert "" == as_text(found)


def test_a_changed_line() -> None:
    """The line before and after, its words told apart, with lines around it."""
    section = of_text("1\n2\n3\n4\nyour order 17 is sent\n6\n", "1\n2\n3\n4\nyour order 18 is sent\n6\n")

    assert not section.same
    assert (
        Hunk(
            (
                Line("same", 2, 2, ((False, "2"),)),
                Line("same", 3, 3, ((False, "3"),)),
                Line("same", 4, 4, ((False, "4"),)),
                Line("removed", 5, None, ((False, "your order "), (True, "17"), (False, " is sent"))),
                Line("added", None, 5, ((False, "your order "), (True, "18"), (False, " is sent"))),
                Line("same", 6, 6, ((False, "6"),)),
            )
        ),
    ) == section.hunks


def test_lines_that_have_little_in_common_are_shown_plain() -> None:
    """Emphasis of nearly all would help nobody."""
    (hunk,) = of_text("one two", "three four").hunks

    assert [((False, "one two"),), ((False, "three four"),)] == [line.pieces for line in hunk.lines]


def test_added_and_removed_lines_have_one_number() -> None:
    """Lines that only one of the mails has are not paired."""
    (hunk,) = of_text("a\nb\nc", "b\nc\nd\ne").hunks

    assert [
        ("removed", 1, None, "a"),
        ("same", 2, 1, "b"),
        ("same", 3, 2, "c"),
        ("added", None, 3, "d"),
        ("added", None, 4, "e"),
    ] == [(line.kind, line.old_number, line.new_number, line.text) for line in hunk.lines]


@pytest.mark.parametrize(("between", "hunks"), [(6, 1), (7, 2)])
def test_differences_that_are_close_are_one_hunk(between: int, hunks: int) -> None:
    """Three lines are shown around each; where these meet, they are shown together."""
    lines = "\n".join(map(str, range(between)))
    section = of_text(f"{lines}\na\n{lines}\na\n{lines}", f"{lines}\nb\n{lines}\nb\n{lines}")

    assert hunks == len(section.hunks)


def test_html_differs_by_tags() -> None:
    """One tag or text a line, with the lines of the source, however long these are."""
    section = of_html("<p>\n<b>x</b> <i>y</i></p>", "<p>\n<b>x</b> <em>y</em></p>")

    assert [
        "@@ -2 +2 @@",
        " x",
        " </b>",
        "  ",
        "-<i>",
        "+<em>",
        " y",
        "-</i>",
        "+</em>",
        " </p>",
    ] == unified(section)


def test_white_space_between_tags_is_only_mentioned() -> None:
    """The sources are not the same, but there is nothing to show."""
    assert Section("html", same=False, note="only white space differs") == of_html("<p>\n  <b>", "<p>\n<b>")
    assert Section("text", same=False, note="only white space differs") == of_text("a", "a\n")
    assert ["# only white space differs"] == unified(of_text("a", "a\n"))


def test_a_part_that_only_one_mail_has() -> None:
    """All of it is new, or gone, and a note says why."""
    assert ["# only the new mail has this part", "@@ -0 +1 @@", "+<p>", "+x"] == unified(of_html(None, "<p>x"))
    assert ["# only the old mail has this part", "@@ -1 +0 @@", "-x"] == unified(of_text("x", None))
    assert Section("text", same=False, note="only the old mail has this part") == of_text("", None)


def test_headers_differ() -> None:
    """Each is a line."""
    old, new = Sides(None, None, [("Subject", "a b c"), ("To", "x")]), Sides(None, None, [("Subject", "a b d")])

    assert "--- headers (old)\n+++ headers (new)\n@@ -1 +1 @@\n-Subject: a b c\n-To: x\n+Subject: a b d\n" == as_text(
        differences(old, new)
    )


def test_too_many_differences_are_not_aligned() -> None:
    """Then all lines between beginning and end are shown as removed and added, and a note says so."""
    chance = random.Random(1)  # noqa: S311 - no secret
    old, new = ("\n".join(["first", *(chance.choice("ab") for _ in range(9_000)), "last"]) for _ in range(2))
    section = of_text(old, new)
    (hunk,) = section.hunks

    assert "there are too many differences to tell which lines belong together" == section.note
    assert ("first", "last") == (hunk.lines[0].text, hunk.lines[-1].text)


def test_only_so_many_lines_are_compared() -> None:
    """What comes after is cut off, and a note says so."""
    old = "a\n" * 30_000

    assert Section("text", same=False, note="only the first 20000 lines are compared") == of_text(old, f"{old}b")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 250_000, "b a " * 250_000),
        (("word " * 200 + "\n") * 1_000, ("wodr " * 200 + "\n") * 1_000),
        (("a b " * 240 + "\n") * 1_000, ("b a a " * 160 + "\n") * 1_000),
        ("<a " * 300_000, "<b " * 300_000),
        ("a\nb\n" * 100_000, "b\na\na\n" * 70_000),
    ],
)
def test_hostile_mails_take_bounded_time(old: str, new: str) -> None:
    """A megabyte on either side takes a few seconds at most."""
    with bounded(20):
        as_text(differences(Sides(old, old), Sides(new, new)))
