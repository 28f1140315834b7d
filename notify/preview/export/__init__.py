"""The preview as a static site: pages that need no server, to keep beside a build and to show to others."""

from notify.preview.export.site import Exported, ExportedMail, export

__all__ = ["Exported", "ExportedMail", "export"]
