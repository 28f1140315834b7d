"""A secret is never seen."""

from __future__ import annotations

import pickle

import pytest

from notify.secret import Secret


@pytest.mark.parametrize("shown", [repr(Secret("SG.x")), str(Secret("SG.x")), f"{Secret('SG.x'):>4}", f"{Secret('x')}"])
def test_a_secret_prints_as_stars(shown: str) -> None:
    """Whatever prints it shows three stars."""
    assert shown.strip() == "***"


def test_a_secret_gives_its_text_when_asked() -> None:
    """`reveal` is the only way to the text."""
    assert Secret("SG.x").reveal() == "SG.x"


def test_secrets_compare_by_text() -> None:
    """Equal texts are equal secrets, and a plain text is none."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


def test_a_secret_is_not_pickled() -> None:
    """A pickle would hold the text."""
    with pytest.raises(TypeError):
        pickle.dumps(Secret("SG.x"))
