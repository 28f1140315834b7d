"""Direct rendering: a body as one flat function, in which all that is the same in each message is worked out.

The plain way runs the templates as Jinja2 compiles them, and hands each HTML document to css-inline. The direct way
does once for a notification what the plain way does for each message: it follows inheritance, includes and macros,
computes what depends on constants only, and inlines the CSS into the template itself. It gives the same octets: what it
cannot be sure of it refuses (`UnfitError`), and `Renderer` compares the two on all samples. Whatever goes wrong in a
direct rendering, the plain way is taken, which also tells the error.
"""

from __future__ import annotations

from notify.rendering.direct.bindings import UnfitError
from notify.rendering.direct.preparing import Body, Prepared, prepare

__all__ = ["Body", "Prepared", "UnfitError", "prepare"]
