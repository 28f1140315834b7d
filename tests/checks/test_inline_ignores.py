"""Comments in templates that ignore rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.checks.inline import Comments
from notify.errors import Location

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """<p>one</p>
{# notify-check: disable=link-http the partner has no certificate #}
<a href="http://a.example">two</a>
<a href="http://b.example">three</a> {#- notify-check: disable=link-*,a11y-alt-missing -#}
{# notify-check: disable=msg-size-clip
   in two lines #}
<p>four</p>
"""


@pytest.fixture
def comments(tmp_path: Path) -> Comments:
    """Those of a project with one template."""
    (tmp_path / "t.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "broken.html").write_bytes(b"\xff{# notify-check: disable=link-http #}")
    return Comments(tmp_path)


def test_what_they_say(comments: Comments) -> None:
    """One or several rules, or families, with a reason or without; in the place of its last line."""
    assert [
        ("link-http", "the partner has no certificate", "t.html:2:1"),
        ("link-*", "", "t.html:4:38"),
        ("a11y-alt-missing", "", "t.html:4:38"),
        ("msg-size-clip", "in two lines", "t.html:6:1"),
    ] == [(each.rule, each.reason, str(each.location)) for each in comments.of("t.html")]
    assert () == comments.of("there-is-none.html")
    assert () == comments.of("broken.html")


@pytest.mark.parametrize(
    ("line", "rule", "covered"),
    [
        (2, "link-http", True),
        (3, "link-http", True),
        (3, "link-long", False),
        (4, "link-long", True),
        (5, "a11y-alt-missing", True),
        (6, "link-long", False),
        (7, "msg-size-clip", True),
        (1, "link-http", False),
    ],
)
def test_a_comment_counts_for_its_line_and_the_next(comments: Comments, line: int, rule: str, covered: bool) -> None:  # noqa: FBT001
    """And for no other, and no other rule."""
    assert covered == (comments.covering(Location("t.html", line), rule) is not None)
