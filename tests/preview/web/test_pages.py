"""Pages: HTML for people, JSON for programs."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from notify.preview.state import State
from notify.preview.web.pages import STATIC, frame_headers, href, templates, wants_json


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("application/json", True),
        ("application/json, */*", True),
        ("text/html", False),
        ("text/html,application/json", False),
        ("*/*", False),
        (None, False),
    ],
)
def test_who_wants_json(accepted: str | None, *, expected: bool) -> None:
    """Programs that accept JSON and no HTML get it, and everybody below /api."""
    headers = [] if accepted is None else [(b"accept", accepted.encode())]
    scope = {"type": "http", "headers": headers}

    assert expected == wants_json(Request(scope))
    assert wants_json(Request({**scope, "notify.api": True}))


def test_a_link_says_the_state() -> None:
    """A link has what is not as by default, and nothing else."""
    state = State(notification="a.b", sample="c")

    assert ("/n/a.b/c", "/n/a.b/c?locale=de&view=text&w=375") == (
        href(state),
        href(state.but(locale="de", view="text", width=375)),
    )


def test_every_template_compiles() -> None:
    """Each page can be made, and the style sheet and the script have a stamp in their URL."""
    environment = templates()

    own = [name for name in environment.list_templates() if not name.startswith("export_")]

    assert len(own) > 10
    for name in own:
        environment.get_template(name)
    assert 12 == len(environment.globals["assets"])  # type: ignore[arg-type]
    assert (STATIC / "preview.js").is_file()


@pytest.mark.parametrize("remote", [False, True])
def test_frames_have_a_sandbox(*, remote: bool) -> None:
    """A frame may be measured or not; scripts run in neither."""
    for measured in (False, True):
        policy = frame_headers(remote=remote, measured=measured)["Content-Security-Policy"]
        sandbox = next(each for each in policy.split("; ") if each.startswith("sandbox"))

        assert ("sandbox allow-same-origin" == sandbox) is measured
        assert "allow-scripts" not in policy
