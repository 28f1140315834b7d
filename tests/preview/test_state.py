"""What a preview shows, as a URL."""

from __future__ import annotations

import pytest

from notify.preview.state import NARROWEST, NO_SAMPLE, PANELS, VIEWS, WIDEST, Look, State, with_query


def test_by_default() -> None:
    """A plain URL is everything as by default, and says nothing."""
    state = State.read("a", "b", {})

    assert State(notification="a", sample="b") == state
    assert ("html", None, "light", True, False) == (
        state.look.view, state.look.width, state.look.scheme, state.look.images, state.look.remote
    )  # fmt: skip
    assert {} == state.pairs()
    assert "/n/a/b" == with_query(state.path, state.pairs())


def test_there_and_back() -> None:
    """What a URL says is what is read of it again."""
    state = State(
        notification="billing.paid", sample=NO_SAMPLE, locale="pt-BR", theme="a & b", data="zABC_-", panel="links",
        look=Look(view="mime", width=375, scheme="invert", images=False, remote=True),
    )  # fmt: skip

    assert state == State.read("billing.paid", NO_SAMPLE, state.pairs())
    assert {"locale": "pt-BR", "theme": "a & b", "data": "zABC_-"} == state.pairs(look=False)
    assert with_query("/x", state.pairs()).startswith("/x?locale=pt-BR&theme=a+%26+b&data=zABC_-&panel=links&view=")


@pytest.mark.parametrize(
    ("width", "expected"),
    [("375", 375), ("1", NARROWEST), ("99999", WIDEST), ("999999", None), ("9" * 5000, None), ("-5", None), ("", None),
     ("²", None), ("٣", None), ("375px", None), ("3.5", None), ("375\n", None)],
)  # fmt: skip
def test_widths(width: str, expected: int | None) -> None:
    """A width is a number of pixels within bounds, whatever a URL says."""
    assert expected == Look.read({"w": width}).width


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("de", "de"), ("pt_BR", "pt-BR"), ("", None), ("../x", None), ("de/..", None), ("de\0", None), ("de\n", None)],
)
def test_locales(locale: str, expected: str | None) -> None:
    """What is no locale is as if it were not there, since a locale becomes part of a file's name."""
    assert expected == State.read("a", "b", {"locale": locale}).locale


def test_unknown_words() -> None:
    """Words that mean nothing are as if they were not there."""
    query = {"view": "x", "panel": "x", "scheme": "x", "images": "x", "remote": "x"}

    assert State(notification="a", sample="b") == State.read("a", "b", query)
    assert (VIEWS[0], PANELS[0]) == (Look.read(query).view, State.read("a", "b", query).panel)


def test_changes() -> None:
    """A change is of the state or of its look, by name."""
    state = State(notification="a", sample="b", locale="de")

    assert ("c", "de", "text") == ((other := state.but(sample="c", view="text")).sample, other.locale, other.look.view)
    assert State(notification="a", sample="b", locale="de") == state


def test_paths_are_quoted() -> None:
    """Whatever stands in a name is one step of the path."""
    assert "/n/a%3Fb/c%20%23d" == State(notification="a?b", sample="c #d").path
