"""Pictures of HTML documents, taken by the system's Chromium."""

from notify.preview.chromium.finding import NAMES, find_chromium, require_chromium
from notify.preview.chromium.pictures import TALLEST, WIDEST, Chromium

__all__ = ["NAMES", "TALLEST", "WIDEST", "Chromium", "find_chromium", "require_chromium"]
