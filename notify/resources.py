"""Where the templates that ship with notify lie: beside the package in a wheel, beside pyproject.toml in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """The folder that holds `notify/base.html` and the other templates that ship."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"
