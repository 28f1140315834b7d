"""Renderings: each mail once, until one of its files changes."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from preview.serving import desk_of
from preview.shop import FILES, shop

from notify.errors import ConfigError, DefinitionError, ParamsError, RenderError, UnknownNotificationError
from notify.preview.state import NO_SAMPLE, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.preview.desk import Desk

WELCOME = State(notification="welcome", sample="default")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The desk of a shop whose files are from yesterday."""
    shop(tmp_path)
    for name in FILES:
        os.utime(tmp_path / name, (1, 1))
    desk = desk_of(tmp_path)
    yield desk
    desk.close()


def later(path: Path, text: str) -> None:
    """Write a file, and give it a time that no other has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    later.number += 1  # type: ignore[attr-defined]
    os.utime(path, (later.number, later.number))  # type: ignore[attr-defined]


later.number = 1000  # type: ignore[attr-defined]


def test_a_mail_is_rendered_once(desk: Desk) -> None:
    """The same state gives the same rendering; another one its own, of equal octets each time."""
    first = desk.renderings.of(WELCOME)
    other = desk.renderings.of(replace(WELCOME, sample="other"))
    again = desk_of(desk.project.notifier.configuration.base).renderings.of(WELCOME)

    assert first is desk.renderings.of(WELCOME)
    assert first.mail is not None
    assert again.mail is not None
    assert other.mail is not None
    assert ("Welcome to Shop, Ada", "Welcome to Shop, Bob") == (first.mail.subject, other.mail.subject)
    assert first.mail.data == again.mail.data
    assert ("welcome.en.html", "welcome.html") == first.templates[:2]
    assert {"layouts/shop.html", "parts/footer.html", "parts/ad.html"} < set(first.templates)
    assert first.seconds > 0


@pytest.mark.parametrize(
    "name",
    ["welcome.html", "welcome.en.html", "layouts/shop.html", "parts/footer.html", "parts/ad.html", "welcome.en.txt"],
)
def test_a_file_that_it_is_made_of(desk: Desk, tmp_path: Path, name: str) -> None:
    """When a file changes or appears, the mail is rendered again."""
    first = desk.renderings.of(WELCOME)
    later(tmp_path / "templates" / name, "Changed {{ name }}")

    second = desk.renderings.of(WELCOME)

    assert first is not second
    assert second.mail is not None
    assert "Changed" in (second.mail.html or "") + (second.mail.text or "")
    assert second is desk.renderings.of(WELCOME)


def test_a_file_that_goes(desk: Desk, tmp_path: Path) -> None:
    """A removed template is an error at the next look, and the last good mail is kept."""
    good = desk.renderings.of(WELCOME)
    (tmp_path / "templates/parts/footer.html").unlink()

    bad = desk.renderings.of(WELCOME)

    assert isinstance(bad.error, RenderError)
    assert (None, None) == (bad.message, bad.mail)
    assert good is desk.renderings.last_good(WELCOME)
    assert desk.renderings.last_good(replace(WELCOME, locale="de")) is None


def test_other_files_do_not_matter(desk: Desk, tmp_path: Path) -> None:
    """What the mail is not made of may change."""
    first = desk.renderings.of(WELCOME)
    later(tmp_path / "templates/kinds/plain.html", "x")
    later(tmp_path / "attachments/terms.txt", "x")

    assert first is desk.renderings.of(WELCOME)


def test_a_file_that_changes_while_it_is_read(desk: Desk, tmp_path: Path) -> None:
    """A file that was written just now may have been read before: such a mail is rendered again."""
    (tmp_path / "templates/welcome.html").write_text("<p>now</p>")

    first = desk.renderings.of(WELCOME)

    assert -1 == first.files[tmp_path / "templates/welcome.html"]
    assert first is not desk.renderings.of(WELCOME)


def test_params_of_ones_own(desk: Desk) -> None:
    """Params stand in for the sample's, under a name of their own; the last good mail is found for any of them."""
    drafted = replace(WELCOME, data="token")
    mine = desk.renderings.of(drafted, {"name": "Eve", "link": "https://example.com/"})
    wrong = desk.renderings.of(replace(WELCOME, data="other"), {"name": 1})

    assert mine.mail is not None
    assert "Welcome to Shop, Eve" == mine.mail.subject
    assert isinstance(wrong.error, ParamsError)
    assert mine is desk.renderings.last_good(replace(WELCOME, data="other"))


def test_the_sample_brings_recipient_and_locale(desk: Desk) -> None:
    """A sample's own `to` and `locale` hold; a locale that is asked for goes before."""
    state = State(notification="billing.receipt", sample="german")
    own, asked = desk.renderings.of(state), desk.renderings.of(replace(state, locale="en"))

    assert own.message is not None
    assert asked.message is not None
    assert ("Quittung 8", "de", "gerda@example.com") == (
        own.message.subject,
        own.message.locale,
        own.message.to[0].email,
    )
    assert "Receipt 8" == asked.message.subject


def test_a_theme(desk: Desk) -> None:
    """A theme's globals are laid over the others; one that there is not is the mail's error."""
    acme, none = desk.renderings.of(replace(WELCOME, theme="acme")), desk.renderings.of(replace(WELCOME, theme="acmee"))

    assert acme.mail is not None
    assert "Welcome to Acme, Ada" == acme.mail.subject
    assert "did you mean 'acme'" in str(none.error)


def test_without_a_sample(desk: Desk) -> None:
    """`-` stands for none: then no params are given."""
    plain, welcome = State(notification="plain", sample=NO_SAMPLE), replace(WELCOME, sample=NO_SAMPLE)

    assert desk.renderings.of(plain).error is None
    assert isinstance(desk.renderings.of(welcome).error, ParamsError)


def test_what_there_is_not(desk: Desk) -> None:
    """Unknown notifications and samples are errors of the request, not of the mail."""
    with pytest.raises(UnknownNotificationError):
        desk.renderings.of(State(notification="none", sample="default"))
    with pytest.raises(ConfigError, match=r"welcome has no sample 'defalt' \(did you mean 'default'\?\)"):
        desk.renderings.of(replace(WELCOME, sample="defalt"))


def test_a_definition_that_was_never_right(desk: Desk, tmp_path: Path) -> None:
    """Its faults are the mail's error, as they are now; it can be asked for with any sample."""
    path = tmp_path / "notifications/bad.yaml"
    path.write_text("subject: [\n")
    desk.project.refresh()
    state = State(notification="bad", sample="any")
    first = desk.renderings.of(state)
    path.write_text("subjects: x\n")
    desk.project.refresh()
    second = desk.renderings.of(state)

    assert isinstance(first.error, DefinitionError)
    assert isinstance(second.error, DefinitionError)
    assert str(first.error) != str(second.error)


def test_only_so_many_are_kept(desk: Desk) -> None:
    """Old renderings give way to new ones."""
    for number in range(100):
        params = {"name": str(number), "link": "https://example.com/"}
        desk.renderings.of(replace(WELCOME, data=str(number)), params)

    assert (64, 1) == (len(desk.renderings._kept), len(desk.renderings._good))


def test_who_is_affected(desk: Desk, tmp_path: Path) -> None:
    """A file, or a folder, names whoever was rendered of it, also after it was forgotten and not yet rendered again."""
    renderings, templates = desk.renderings, tmp_path / "templates"
    renderings.of(WELCOME)
    renderings.of(State(notification="billing.receipt", sample="default"))
    found = [
        renderings.affected({templates / name})
        for name in ("parts/ad.html", "kinds/plain.html", "kinds", "kinds/rich.html", "other")
    ]
    renderings.forget({"welcome", "gone"})

    assert [{"welcome"}, {"billing.receipt"}, {"billing.receipt"}, set(), set()] == found
    assert {"welcome"} == renderings.affected({templates / "parts/footer.html"})
    assert {"billing.receipt"} == renderings.affected({tmp_path / "attachments/terms.txt"})
    assert {"billing.receipt", "welcome"} == renderings.affected({templates})


def test_who_has_changed(desk: Desk, tmp_path: Path) -> None:
    """Whoever's files are not what they were is named until it is rendered again."""
    renderings = desk.renderings
    renderings.of(State(notification="billing.receipt", sample="default"))
    params = {"number": 1, "kind": "rich"}
    renderings.of(State(notification="billing.receipt", sample="default", data="x"), params)
    before = renderings.changed()
    later(tmp_path / "templates/kinds/rich.html", "<p>RICH</p>")
    after = renderings.changed()
    renderings.forget(after)
    still = renderings.changed()
    renderings.of(State(notification="billing.receipt", sample="default"))

    assert (set(), {"billing.receipt"}, {"billing.receipt"}) == (before, after, still)
    assert set() == renderings.changed()


def test_what_is_gone_is_forgotten(desk: Desk, tmp_path: Path) -> None:
    """Nothing is kept of the files of a notification that there is no more."""
    desk.renderings.of(State(notification="plain", sample="default"))
    (tmp_path / "notifications/plain.yaml").unlink()
    desk.renderings.forget(desk.project.refresh())

    assert {} == desk.renderings._files
    assert set() == desk.renderings._outdated


def test_a_mail_that_cannot_be_built(desk: Desk, tmp_path: Path) -> None:
    """Errors after rendering are the mail's too."""
    later(tmp_path / "notifications/plain.yaml", "subject: x\ntext: |\n  x\nattachments: [{path: none.txt}]\n")
    desk.project.refresh()
    found: Any = desk.renderings.of(State(notification="plain", sample=NO_SAMPLE))

    assert found.error is not None
    assert tmp_path / "attachments/none.txt" in found.files
