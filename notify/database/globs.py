"""Texts with `*` and `?` in them, as conditions of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.fitting import fit

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def is_glob(text: str) -> bool:
    """Whether a text stands for several."""
    return "*" in text or "?" in text


def is_like(column: ColumnElement[Any], glob: str) -> ColumnElement[bool]:
    """That a column is a text, or one of those that a glob stands for."""
    glob = fit(glob)
    if not is_glob(glob):
        return column == glob
    pattern = glob.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_").replace("*", "%").replace("?", "_")
    return column.like(pattern, escape="\\")
