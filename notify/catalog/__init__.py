"""All definitions of an application, and the files that they are read from."""

from __future__ import annotations

from notify.catalog.catalog import Catalog
from notify.catalog.files import CatalogFiles, ReadFile, Reading

__all__ = ["Catalog", "CatalogFiles", "ReadFile", "Reading"]
