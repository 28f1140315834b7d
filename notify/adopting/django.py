"""Constructs of Django's template language that Jinja2 does not have, each with what is written instead.

The tags and filters are those of Django's own reference (docs.djangoproject.com, "Built-in template tags and filters").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import Fault, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

TAGS = {
    "load": "leave it out: filters and tests come from plugins",
    "url": "hand the URL over as a param of type Url",
    "static": "write the whole URL of the file, or hand it over as a param",
    "get_static_prefix": "write the whole URL of the file, or hand it over as a param",
    "csrf_token": "leave it out: a mail has no form",
    "comment": "write {# ... #}",
    "endcomment": "write {# ... #}",
    "empty": "write {% else %}",
    "ifequal": "write {% if a == b %}",
    "endifequal": "write {% endif %}",
    "ifnotequal": "write {% if a != b %}",
    "endifnotequal": "write {% endif %}",
    "ifchanged": "write {% if loop.changed(value) %}",
    "endifchanged": "write {% endif %}",
    "firstof": "write {{ a or b }}",
    "cycle": "write {{ loop.cycle('a', 'b') }}",
    "now": "hand the time over as a param",
    "spaceless": "leave it out",
    "endspaceless": "leave it out",
    "verbatim": "write {% raw %}",
    "endverbatim": "write {% endraw %}",
    "regroup": "write {% for group in items | groupby('field') %}",
    "widthratio": "write it as arithmetic: {{ a / b * 100 }}",
    "templatetag": "write {{ '{%' }}",
    "blocktrans": "write the text of one language; other languages are templates of their own",
    "endblocktrans": "leave it out",
    "blocktranslate": "write the text of one language; other languages are templates of their own",
    "endblocktranslate": "leave it out",
    "trans": "write the text of one language; other languages are templates of their own",
    "translate": "write the text of one language; other languages are templates of their own",
    "get_current_language": "use `locale`",
    "language": "leave it out: `locale` tells the language",
    "endlanguage": "leave it out",
    "lorem": "write the text",
    "debug": "leave it out",
}
"""Django's tags."""

FILTERS = {
    "add": "write {{ a + b }}",
    "addslashes": "leave it out",
    "capfirst": "write capitalize",
    "cut": "write replace('x', '')",
    "date": "write {{ value.strftime('%d %B %Y') }}",
    "default_if_none": "write {{ value or 'other' }}",
    "divisibleby": "write {% if value is divisibleby(3) %}",
    "escapejs": "leave it out: a mail runs no scripts",
    "floatformat": "write {{ '%.2f' | format(value) }}",
    "force_escape": "write forceescape",
    "intcomma": "write {{ '{:,}'.format(value) }}",
    "linebreaks": "write {{ value | replace('\\n', '<br>') }} of an Html param, or style white-space: pre-line",
    "linebreaksbr": "style the element with white-space: pre-line",
    "ljust": "write {{ '%-10s' | format(value) }}",
    "rjust": "write {{ '%10s' | format(value) }}",
    "make_list": "write list",
    "naturaltime": "hand the text over as a param",
    "pluralize": "write {{ 's' if count != 1 }}",
    "slugify": "hand the text over as a param",
    "time": "write {{ value.strftime('%H:%M') }}",
    "timesince": "hand the text over as a param",
    "timeuntil": "hand the text over as a param",
    "truncatechars": "write truncate(20)",
    "truncatewords": "write truncate(20)",
    "unordered_list": "write a loop",
    "urlizetrunc": "write urlize(20)",
    "yesno": "write {{ 'yes' if value else 'no' }}",
}
"""Django's filters that Jinja2 does not have."""

_TAG = re.compile(
    r"\{#.*?#\}"
    r"|\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}"
    r"|\{%[-+]?\s*(?P<tag>\w+)(?P<rest>.*?)[-+]?%\}"
    r"|\{\{(?P<shown>.*?)\}\}",
    re.DOTALL,
)
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_COLON = re.compile(r"\|\s*(?P<name>\w+):")
_INCLUDED_WITH = re.compile(r"\bwith\s+(?!context\b)\w+\s*=|\bonly\s*$")
_NAMED_BLOCK_END = "block.super"


def foreign_constructs(text: str, path: str, environment: Environment) -> Iterator[Fault]:
    """What of a template's text Jinja2 cannot read as it was meant, in order of place."""
    own = {tag for extension in environment.iter_extensions() for tag in extension.tags}
    for match in _TAG.finditer(text):
        tag = match["tag"]
        if tag in TAGS and tag not in own:
            yield _fault(text, path, match.start(), f"{{% {tag} %}} is Django's, not Jinja2's", TAGS[tag])
            continue
        inside = match["rest"] if tag else match["shown"]
        start = match.start("rest" if tag else "shown")
        if inside is None:
            continue
        plain = _STRING.sub(lambda string: " " * len(string[0]), inside)
        for colon in _COLON.finditer(plain):
            name = colon["name"]
            hint = FILTERS.get(name) or f"write {name}(...)"
            message = f"|{name}: with a colon is Django's, not Jinja2's"
            yield _fault(text, path, start + colon.start(), message, hint)
        if tag == "include" and _INCLUDED_WITH.search(plain.rstrip()):
            hint = "write {% with name=value %}{% include ... %}{% endwith %}"
            yield _fault(text, path, match.start(), "{% include ... with %} is Django's, not Jinja2's", hint)
        if tag == "for" and re.search(r"\breversed\s*$", plain):
            hint = "write {% for item in items | reverse %}"
            yield _fault(text, path, match.start(), "{% for ... reversed %} is Django's, not Jinja2's", hint)
        if _NAMED_BLOCK_END in plain:
            yield _fault(text, path, match.start(), "block.super is Django's, not Jinja2's", "write {{ super() }}")


def _fault(text: str, path: str, offset: int, message: str, hint: str) -> Fault:
    line = text.count("\n", 0, offset)
    column = offset - (text.rfind("\n", 0, offset) + 1)
    return Fault(Location(path, line + 1, column + 1), message, hint)
