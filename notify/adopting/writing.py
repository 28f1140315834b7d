"""The definition of an adopted notification, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.adopting.sampling import Sampling
from notify.yamlnodes.writing import write

if TYPE_CHECKING:
    from notify.adopting.deciding import Declared

_AUTO = "text: auto  # made from the HTML; a template of your own would go here\n"


def definition_text(
    declared: Declared, *, description: str, subject: str, preheader: str | None, html: str | None, text: str | None
) -> str:
    """A definition.

    Args:
        declared: its params and types.
        description: what it says of itself.
        subject: the template of the subject.
        preheader: that of the preheader.
        html: the name of the HTML template, where it does not go by the id.
        text: the name of the text template; `auto` for none.
    """
    top: dict[str, Any] = {"description": description}
    top["params"] = {name: param.written() for name, param in declared.params.items()}
    if declared.types:
        top["types"] = {
            name: {key: each.written() for key, each in fields.items()} for name, fields in declared.types.items()
        }
    top["subject"] = subject
    if preheader is not None:
        top["preheader"] = preheader
    if html is not None:
        top["html"] = html
    if text is not None and text != "auto":
        top["text"] = text
    sampling = Sampling(declared)
    samples: dict[str, Any] = {"default": sampling.full()}
    if least := sampling.least():
        samples["least"] = {"extends": "default", **least}
    return write(top) + (_AUTO if text == "auto" else "") + write({"samples": samples})
