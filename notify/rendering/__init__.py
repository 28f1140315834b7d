"""Templates to text and HTML: `Renderer` takes a definition and a context, and gives the parts of a mail."""

from __future__ import annotations

from notify.rendering.limits import Limits
from notify.rendering.loaders import FolderLoader
from notify.rendering.recording import Recorded, Recorder
from notify.rendering.rendered import Rendered, RenderedAttachment
from notify.rendering.renderer import Renderer
from notify.rendering.sources import Source, Sources

__all__ = [
    "FolderLoader",
    "Limits",
    "Recorded",
    "Recorder",
    "Rendered",
    "RenderedAttachment",
    "Renderer",
    "Source",
    "Sources",
]
