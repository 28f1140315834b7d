"""Previews of the shop: one for all tests of a file that change nothing, and one for each that does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from preview.serving import previewed
from preview.shop import shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from preview.serving import Preview, Site


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A served preview that no test changes."""
    with previewed(shop(tmp_path_factory.mktemp("shop"))) as preview:
        yield preview


@pytest.fixture
def site(shared: Preview) -> Site:
    """Where the shared preview is."""
    return shared.site


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A served preview of one's own."""
    with previewed(shop(tmp_path / "shop")) as preview:
        yield preview
