"""Rules about templates, read beside the params that the definition declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.subjects import Declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.analysis import Kind


def _problems(declared: Declared, kind: Kind) -> Iterator[Problem]:
    return (Problem(found.location, found.message, found.hint) for found in declared.of_kind(kind))


@rule(
    Declared,
    "tpl-syntax",
    severity="error",
    why="A template that cannot be compiled fails every send that needs it, and that of a locale may be needed rarely.",
    example="{% if note %}<p>{{ note }}</p>",
    cure="Close what is open: `{% endif %}`.",
)
def syntax(declared: Declared) -> Iterator[Problem]:
    """A template cannot be compiled."""
    return _problems(declared, "syntax")


@rule(
    Declared,
    "tpl-missing-include",
    severity="error",
    why="A template that includes, imports or extends one that is not there fails when it is rendered.",
    example='{% include "fotter.html" %}',
    cure="Correct the name, add the template, or write `ignore missing` where it may be absent.",
)
def missing_include(declared: Declared) -> Iterator[Problem]:
    """A template that is named is not there."""
    return _problems(declared, "missing-template")


@rule(
    Declared,
    "tpl-undefined-variable",
    severity="error",
    why="A name that is neither a param nor a global fails the send as soon as the template reaches it.",
    example="Hello {{ nmae }}",
    cure="Correct the name, declare it under `params:`, or import the template `with context` if it is a macro's.",
)
def undefined_variable(declared: Declared) -> Iterator[Problem]:
    """A template uses a name that is not defined."""
    return _problems(declared, "undefined-variable")


@rule(
    Declared,
    "tpl-undefined-attribute",
    severity="error",
    why="A field that the declared type does not have fails the send as soon as the template reaches it.",
    example="{{ customer.nmae }}",
    cure="Correct the name, or add the field to the type under `types:`.",
)
def undefined_attribute(declared: Declared) -> Iterator[Problem]:
    """A template uses a field that the value's type does not have."""
    return _problems(declared, "undefined-attribute")


@rule(
    Declared,
    "tpl-optional-unguarded",
    severity="error",
    why="A param that may be left out is None then: it is printed as the word None, or fails the send where it is "
    "looped over or asked for a field.",
    example='note: "str | None"\n...\n<p>{{ note }}</p>',
    cure="Test it first: `{% if note %}<p>{{ note }}</p>{% endif %}`, or write `{{ note or 'none' }}`. "
    "`default('none')` alone does nothing for None.",
)
def optional_unguarded(declared: Declared) -> Iterator[Problem]:
    """A value that may be None is used without a test."""
    return _problems(declared, "optional")


@rule(
    Declared,
    "tpl-not-iterable",
    severity="error",
    why="A loop, or a filter for lists, fails on a value that is no list.",
    example="total: Decimal\n...\n{% for line in total %}",
    cure="Loop over the list that was meant; for keys and values of a mapping, over `prices | items`.",
)
def not_iterable(declared: Declared) -> Iterator[Problem]:
    """A template loops over a value that is no list."""
    return _problems(declared, "not-iterable")


@rule(
    Declared,
    "tpl-unknown-filter",
    severity="error",
    why="A filter or test that neither Jinja2, nor notify, nor a plugin has keeps the template from being compiled.",
    example="{{ name | uper }}",
    cure="Correct the name, or add the filter in a plugin's `notify_jinja_environment`.",
)
def unknown_filter(declared: Declared) -> Iterator[Problem]:
    """A template uses a filter or a test that there is not."""
    return _problems(declared, "unknown-filter")


@rule(
    Declared,
    "tpl-macro-arguments",
    severity="error",
    why="A macro that is called with an argument that it does not have, or without one that it uses, fails the send.",
    example='{{ ui.button("Pay", link=pay_url) }}',
    cure="Give the arguments that the macro declares: `ui.button(text, url)`.",
)
def macro_arguments(declared: Declared) -> Iterator[Problem]:
    """A macro is called with other arguments than it takes."""
    return _problems(declared, "macro-arguments")


@rule(
    Declared,
    "tpl-unused-param",
    severity="warning",
    why="A param that no part shows in any locale burdens every caller, and may be personal data that need not be "
    "handed over.",
    example="params: {name: str, phone: str}\nsubject: Welcome, {{ name }}",
    cure="Remove it from `params:`, or show it.",
)
def unused_param(declared: Declared) -> Iterator[Problem]:
    """A param is declared that no template uses."""
    return _problems(declared, "unused-param")


@rule(
    Declared,
    "tpl-autoescape-bypass",
    severity="warning",
    why="Markup in the value becomes part of the mail: whoever chooses the value can put links and forms into it.",
    example="name: str\n...\n{{ name | safe }}",
    cure="Leave out `safe`. If the application makes the HTML itself, declare the param as `Html`.",
)
def autoescape_bypass(declared: Declared) -> Iterator[Problem]:
    """A value that is not Html is put into the HTML unescaped."""
    return _problems(declared, "unescaped")


@rule(
    Declared,
    "tpl-unescaped-url",
    severity="warning",
    why="A text at the beginning of a link's target chooses its scheme and host: `javascript:`, or a site of an "
    "attacker's.",
    example='link: str\n...\n<a href="{{ link }}">',
    cure="Declare the param as `Url`, or begin the target in the template: "
    '`href="https://acme.example/orders/{{ number | urlencode }}"`.',
)
def unescaped_url(declared: Declared) -> Iterator[Problem]:
    """A value that is no Url chooses where a link leads."""
    return _problems(declared, "url")


@rule(
    Declared,
    "tpl-subject-newline",
    severity="error",
    why="A header is one line (RFC 5322, section 2.2). A value of several lines is refused when the mail is rendered.",
    example="message: Text\nsubject: News, {{ message }}",
    cure="Use a param of type `str`, or make one line of it: `{{ message | replace('\\n', ' ') }}`.",
)
def subject_newline(declared: Declared) -> Iterator[Problem]:
    """A value that may have several lines is put into a header."""
    return _problems(declared, "line-break")


@rule(
    Declared,
    "tpl-nondeterministic",
    severity="info",
    why="A mail that is rendered again, for a retry or a golden test, is another mail then.",
    example="Sent on {{ now() }}",
    cure="Let the application hand the value over as a param.",
)
def nondeterministic(declared: Declared) -> Iterator[Problem]:
    """A template uses the clock or chance."""
    return _problems(declared, "nondeterministic")


RULES: tuple[AnyRule, ...] = (
    syntax,
    missing_include,
    undefined_variable,
    undefined_attribute,
    optional_unguarded,
    not_iterable,
    unknown_filter,
    macro_arguments,
    unused_param,
    autoescape_bypass,
    unescaped_url,
    subject_newline,
    nondeterministic,
)
