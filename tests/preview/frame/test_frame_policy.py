"""The Content Security Policy of a mail that is shown."""

from __future__ import annotations

import pytest

from notify.preview.frame import header_policy, policy


def directives(text: str) -> dict[str, list[str]]:
    """The policy by directive."""
    return {name: values for name, *values in (part.split() for part in text.split(";"))}


def test_nothing_comes_from_elsewhere() -> None:
    """Without remote content, all that can be shown is in the document."""
    found = directives(policy(remote=False))

    assert ["'none'"] == found["default-src"]
    assert ["data:"] == found["img-src"] == found["font-src"] == found["media-src"]
    assert ["'unsafe-inline'"] == found["style-src"]


@pytest.mark.parametrize("remote", [False, True])
def test_nothing_runs(remote: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Scripts, forms, frames, plug-ins and bases are forbidden in any case."""
    found = directives(policy(remote=remote))

    for name in ("script-src", "form-action", "frame-src", "object-src", "base-uri"):
        assert ["'none'"] == found[name]


def test_remote_content_can_be_allowed() -> None:
    """Then images, films, fonts and style sheets may come from other hosts, and nothing else."""
    found = directives(policy(remote=True))

    for name in ("img-src", "media-src", "font-src", "style-src"):
        assert ["https:", "http:"] == found[name][1:]
    assert ["'none'"] == found["default-src"]


def test_images_can_be_off() -> None:
    """Then neither inline nor remote images are shown."""
    found = directives(policy(remote=True, images=False))

    assert ["'none'"] == found["img-src"] == found["media-src"]


def test_the_header_asks_for_a_sandbox() -> None:
    """The header says the same, and that only links may open windows."""
    assert f"{policy(remote=True)}; sandbox allow-popups allow-popups-to-escape-sandbox" == header_policy(remote=True)
