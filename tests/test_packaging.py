"""The wheel, installed in a clean environment without the checkout, and a third party's plugin beside it."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import venv
import zipfile
from email import policy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of an environment that has the wheel and the example plugin, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [scripts / "python", "-m", "pip", "install", "--quiet", str(wheel), str(ROOT / "examples" / "plugin")],
        check=True,
        capture_output=True,
    )
    return scripts


def run(clean: Path, folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder, away from the checkout."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("NOTIFY_", "PYTHON"))}
    return subprocess.run(
        [clean / "notify", *arguments],
        check=False,
        cwd=folder,
        env={**inherited, **environ},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_the_wheel_holds_what_it_needs_and_nothing_else(wheel: Path) -> None:
    """The package, the plugins, the templates and the type marker; no tests, no settings of ours."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}

    assert {"notify/py.typed", "notify/templates/notify/base.html", "notify_sendgrid/__init__.py"} <= set(names)
    assert all(top.startswith("notify") for top in tops)
    assert not [name for name in names if name.endswith((".env", ".pyc"))]


def test_a_new_project_works_at_once(clean: Path, tmp_path: Path) -> None:
    """`init`, `list`, `render` and `send` in an empty folder, with the file transport."""
    init = run(clean, tmp_path, "init")
    listed = run(clean, tmp_path, "list")
    rendered = run(clean, tmp_path, "render", "welcome", "--format", "html")
    sent = run(clean, tmp_path, "send", "welcome", "--to", "a@example.com")

    assert (init.returncode, listed.returncode, rendered.returncode, sent.returncode) == (0, 0, 0, 0), sent.stderr
    assert "welcome" in listed.stdout
    assert "<!doctype html" in rendered.stdout.lower()
    (mail,) = (tmp_path / ".notify" / "mail").glob("*.eml")
    message = email.message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert message["To"] == "a@example.com"
    assert message.get_content_type() == "multipart/alternative"


def test_a_third_party_plugin_is_used_by_name(clean: Path, tmp_path: Path) -> None:
    """Installing it is enough; `notify transports` lists it with its setting."""
    run(clean, tmp_path, "init")
    sent = run(clean, tmp_path, "send", "welcome", "--to", "a@example.com", NOTIFY_TRANSPORT="directory:?root=letters")
    listed = run(clean, tmp_path, "transports")

    assert sent.returncode == 0, sent.stderr
    assert len(list((tmp_path / "letters" / "a@example.com").glob("*.eml"))) == 1
    assert "directory" in listed.stdout
    assert "The folder that holds the recipients' folders." in listed.stdout


@pytest.mark.skipif("NOTIFY_WHEEL" not in os.environ, reason="only `make wheel` runs the tests against the wheel")
def test_the_tests_run_against_the_wheel() -> None:
    """What is imported is what was installed, not the checkout."""
    import notify

    assert ROOT / "notify" not in Path(notify.__file__).resolve().parents
