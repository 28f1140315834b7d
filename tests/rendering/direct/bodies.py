"""Bodies that are made direct, and the plain way to compare them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, DictLoader, PrefixLoader

from notify.rendering.direct import prepare
from notify.rendering.environment import TemplateEnvironment
from notify.rendering.inlining import inlined_whole
from notify.rendering.limits import Limits
from notify.rendering.loaders import FolderLoader
from notify.rendering.preheader import PREHEADER, Preheader
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.rendering.direct import Body

STYLE = (
    "<style>p { color: red } .a { color: blue } td { padding: 1px } u { color: black } a:hover { color: green }</style>"
)


def environment(
    files: Mapping[str, str] | None = None, /, *, escaping: bool = True, **names: Any
) -> TemplateEnvironment:
    """An environment with these templates, those that ship with notify, and these globals."""
    shipped = PrefixLoader({"notify": FolderLoader(templates_folder() / "notify")})
    found = TemplateEnvironment(
        limits=Limits(), loader=ChoiceLoader([DictLoader(dict(files or {})), shipped]), autoescape=escaping
    )
    found.globals.update(names)
    found.watch.start()
    return found


def document(body: str, head: str = STYLE) -> str:
    """A whole document; what `body` is put into."""
    return f"<!DOCTYPE html>\n<html>\n<head>{head}<title>t</title></head>\n<body>\n{body}\n</body>\n</html>\n"


def made(source: str, context: Mapping[str, Any], env: TemplateEnvironment, *, inlined: bool = False) -> Body:
    """The direct body of a template for contexts like this one; a UnfitError says why there is none."""
    names = complete(context, env)
    return prepare(
        env,
        source,
        None,
        constants=env.globals,
        fixed={},
        names=names,
        present=context.keys() | env.globals.keys(),
        inline=inlined_whole if inlined else None,
    )


def complete(context: Mapping[str, Any], env: TemplateEnvironment) -> dict[str, Any]:
    """The context with what all of them have."""
    return {**env.globals, **context, PREHEADER: Preheader("")}


def printed(body: Body, context: Mapping[str, Any], env: TemplateEnvironment) -> str | None:
    """What a direct body prints, as text."""
    result = body.printed(complete(context, env))
    if result is None:
        return None
    return result.decode().replace("\r\n", "\n") if isinstance(result, bytes) else str(result)


def plain(source: str, context: Mapping[str, Any], env: TemplateEnvironment, *, inlined: bool = False) -> str:
    """What Jinja2 prints, handed to css-inline where that is asked for."""
    text = env.from_string(source).render(complete(context, env))
    return inlined_whole(text) if inlined else text
