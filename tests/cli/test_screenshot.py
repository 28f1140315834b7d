"""`notify screenshot`; the browser is real."""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING

import pytest
from cli.running import terminal

from notify.cli.group import notify
from notify.preview.chromium import find_chromium

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")

PLAIN = "subject: {en: Hello, fr: Bonjour}\ntext: |\n  Hi <b>\nsamples: {default: {}, other: {to: ada@example.com}}\n"
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0c"
    b"IDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def pictures(folder: Path) -> dict[str, tuple[int, int]]:
    """The files below a folder, with width and height."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert data.startswith(b"\x89PNG")
        found[path.relative_to(folder).as_posix()] = struct.unpack(">II", data[16:24])
    return found


def write(project: Path, name: str, text: str) -> None:
    """A notification of the project."""
    path = project / "notifications" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_every_mail(run: Run, project: Path) -> None:
    """Each sample of each notification in each locale is a file, told on stderr; stdout has the summary."""
    write(project, "shop/hello", PLAIN)

    result = run("screenshot", "shots")

    assert 0 == result.exit_code, result.stderr
    assert [
        "shop.hello/default.en.600.light.png",
        "shop.hello/default.fr.600.light.png",
        "shop.hello/other.en.600.light.png",
        "shop.hello/other.fr.600.light.png",
        "welcome/default.en.600.light.png",
        "welcome/long_name.en.600.light.png",
    ] == list(pictures(project / "shots"))
    assert {600} == {width for width, _ in pictures(project / "shots").values()}
    assert "[1/6] shots/shop.hello/default.en.600.light.png\n" in result.stderr
    assert 6 == result.stderr.count("\n")
    assert "6 screenshots in shots\n" == result.stdout


def test_some_mails_in_several_ways(run: Run, project: Path) -> None:
    """Names, samples and locales choose; widths, schemes and a scale make further files with names of their own."""
    write(project, "shop/hello", PLAIN)
    arguments = ("screenshot", "s", "shop.*", "--sample", "other", "--locale", "fr", "--width", "375", "--width", "600")

    run(*arguments, "--scheme", "light", "--scheme", "dark", "--scheme", "invert", "--width", "375")
    run(*arguments, "--scale", "2")

    found = pictures(project / "s")
    ways = [f"{width}.{scheme}" for width in (375, 600) for scheme in ("dark", "invert", "light")]
    ways += ["375.light@2x", "600.light@2x"]
    assert sorted(f"shop.hello/other.fr.{way}.png" for way in ways) == list(found)
    assert (750, 1200) == tuple(found[f"shop.hello/other.fr.{width}.light@2x.png"][0] for width in (375, 600))


def test_schemes_differ(run: Run, project: Path) -> None:
    """A dark picture is what the mail says for a dark scheme; a text is dark too; what is inverted is neither."""
    style = "<style>p {color: #123456} @media (prefers-color-scheme: dark) {p {color: #fedcba}}</style>"
    meta = "<meta name=color-scheme content='light dark'>"
    write(project, "styled", f"subject: x\nhtml: |\n  {meta}{style}<p>Hello</p>\nsamples: {{one: {{}}}}\n")
    write(project, "hello", PLAIN)

    run("screenshot", "s", "styled", "hello", *(f"--scheme={scheme}" for scheme in ("light", "dark", "invert")))

    for name in ("styled/one.en", "hello/default.en"):
        files = [project / "s" / f"{name}.600.{scheme}.png" for scheme in ("light", "dark", "invert")]
        assert 3 == len({path.read_bytes() for path in files})


def test_inline_images(run: Run, project: Path) -> None:
    """An image that goes with the mail is seen, and one elsewhere is not."""
    (project / "attachments").mkdir()
    (project / "attachments" / "dot.png").write_bytes(PIXEL)
    for name, source in (("with", "cid:dot"), ("without", "cid:dit"), ("remote", "https://cdn.example/dot.png")):
        write(
            project, name,
            f"subject: x\nhtml: |\n  <img alt='' src='{source}' width=90 height=90>\ntext: x\nsamples: {{one: {{}}}}\n"
            "attachments:\n- {path: dot.png, cid: dot}\n",
        )  # fmt: skip

    run("screenshot", "s", "with*", "remote")

    with_image, without, remote = (
        (project / "s" / name / "one.en.600.light.png").read_bytes() for name in ("with", "without", "remote")
    )
    assert with_image != without
    assert without == remote


def test_the_same_files_each_time(run: Run, project: Path) -> None:
    """A second run replaces each file by the same octets."""
    run("screenshot", "s", "welcome", "--sample", "default")
    (path,) = (project / "s" / "welcome").iterdir()
    first = path.read_bytes()
    path.write_text("something else")
    run("screenshot", "s", "welcome", "--sample", "default")

    assert first == path.read_bytes()
    assert [path] == list(path.parent.iterdir())


def test_json(run: Run, project: Path) -> None:
    """`--json` prints each picture with what it shows; what fails has its error."""
    write(project, "bad", "subject: x\ntext: |\n  {{ nme }}\nsamples: {one: {}}\n")

    result = run("screenshot", str(project / "s"), "bad", "welcome", "--sample", "one", "--sample", "default", "--json")

    bad, good = json.loads(result.stdout)
    assert 1 == result.exit_code
    assert {
        "notification": "welcome", "sample": "default", "locale": "en", "width": 600, "scheme": "light", "scale": 1.0,
        "file": "s/welcome/default.en.600.light.png", "error": None,
    } == good  # fmt: skip
    assert ("bad", "one", "en", None) == (bad["notification"], bad["sample"], bad["locale"], bad["file"])
    assert "bad.yaml:3" in bad["error"]


def test_one_failure_stops_nothing(run: Run, project: Path) -> None:
    """A mail that cannot be rendered is told; the others are taken, and the exit code is 1."""
    write(project, "bad", "subject: x\ntext: |\n  {{ nme }}\nsamples: {one: {}}\n")

    result = run("screenshot", "s")

    assert 1 == result.exit_code
    assert "[1/3] bad, sample one, locale en: notifications/bad.yaml:3" in result.stderr
    assert result.stderr.endswith("\n1 not taken.\n")
    assert "2 screenshots in s\n" == result.stdout
    assert 2 == len(pictures(project / "s"))


def test_a_browser_that_dies_stops_nothing(run: Run, project: Path) -> None:
    """The picture that it died at is told and not written; the others are taken by another process."""
    program, real = project / "browser", find_chromium()
    first = 'printf \'{"id": 1, "result": {}}\\0\' >&4; sleep 0.5; exit 1'
    program.write_text(f'#!/bin/sh\nif mkdir {project}/begun; then {first}; fi 2>/dev/null\nexec "{real}" "$@"\n')
    program.chmod(0o755)
    os.environ["NOTIFY_CHROMIUM"] = str(program)

    result = run("screenshot", "s", "--width", "300", "--width", "400")

    assert 1 == result.exit_code
    assert f"[1/2] welcome, sample default, locale en: {program} ended by itself\n" in result.stderr
    assert result.stderr.endswith("\n1 not taken.\n")
    assert "3 screenshots in s\n" == result.stdout


def test_no_samples(run: Run, project: Path) -> None:
    """Where there is nothing to see, that is told, and the exit code is 1."""
    write(project, "bare", "subject: x\ntext: x\n")

    result = run("screenshot", "s", "bare")

    assert (1, "0 screenshots in s\n") == (result.exit_code, result.stdout)
    assert "There is no sample to take a screenshot of.\n" == result.stderr
    assert not (project / "s").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["s", "welcme"], "there is no notification 'welcme'; there are: welcome"),
        (["s", "--sample", "x"], "there is no sample 'x' (there are: default, long_name)"),
        (["s", "--locale", "fr"], "there is no locale 'fr' (there are: en)"),
        (["s", "--width", "0"], "--width"),
        (["s", "--width", "4000", "--scale", "2"], "a screenshot has at most 4,000 x 16,000 pixels"),
        (["s", "--scheme", "blue"], "--scheme"),
        (["notify.yaml"], "is a file"),
        ([], "Missing argument 'DIR'"),
    ],
)
def test_wrong_calls(run: Run, project: Path, arguments: list[str], words: str) -> None:
    """What cannot be done is one message and exit code 2, and nothing is written."""
    result = run("screenshot", *arguments)

    assert (2, "") == (result.exit_code, result.stdout)
    assert words in result.stderr
    assert not (project / "s").exists()


@pytest.mark.usefixtures("project")
def test_without_a_browser(run: Run) -> None:
    """That there is none is known before anything is rendered: exit code 2, and what to do."""
    os.environ["PATH"] = "/nowhere"

    result = run("screenshot", "s")

    assert (2, "") == (result.exit_code, result.stdout)
    assert "none was found: looked for chromium, " in result.stderr
    assert "NOTIFY_CHROMIUM" in result.stderr


def test_a_folder_that_cannot_be_written(run: Run, project: Path) -> None:
    """One message says which file, and the exit code is 1."""
    (project / "s").mkdir()
    (project / "s" / "welcome").touch()

    result = run("screenshot", "s", "welcome")

    assert 1 == result.exit_code
    assert "cannot write s/welcome/default.en.600.light.png: File exists" in result.stderr


@pytest.mark.usefixtures("project")
def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files pass by as they are written, and the summary is bold."""
    with terminal(monkeypatch) as seen:
        code = notify.main(["screenshot", "s", "--sample", "default"], standalone_mode=False)
        text = seen.seen()

    assert not code
    assert "[1/1] s/welcome/default.en.600.light.png" in text
    assert "\x1b[1m1 screenshot in s\x1b[0m" in text
