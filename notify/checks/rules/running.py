"""What is found by reading and rendering itself, so that no function looks for it."""

from __future__ import annotations

from notify.checks.rule import AnyRule, Rule


class Nothing:
    """What nothing is."""


def _found(name: str, title: str, why: str, example: str, cure: str, *, severity: str = "error") -> AnyRule:
    return Rule(name, severity, Nothing, title, why, example, cure, lambda _: ())  # type: ignore[arg-type]


RULES: tuple[AnyRule, ...] = (
    _found(
        "check-unused-ignore",
        "A rule is ignored where nothing is found",
        "What is ignored in vain hides the next mistake of its kind.",
        '{# notify-check: disable=link-http #}\n<a href="https://acme.example">Acme</a>',
        "Remove the comment, or the rule from `ignore`.",
        severity="warning",
    ),
    _found(
        "def-invalid",
        "A definition cannot be read",
        "Nothing can be sent by a definition that is wrong.",
        "subjet: Hello",
        "The message says what was expected there.",
    ),
    _found(
        "def-sample-invalid",
        "A sample has a value that the params do not allow",
        "A sample that cannot be sent shows nothing of what will be.",
        "params: {total: Decimal}\nsamples: {default: {total: much}}",
        "Give the sample a value of the declared type, or declare another.",
    ),
    _found(
        "msg-invalid",
        "A message cannot be built of what was rendered",
        "The same would happen when it is sent.",
        'headers: {X-Order: "{{ note }}"}     # and a note of two lines',
        "The message says which part of the mail it is.",
    ),
    _found(
        "tpl-render",
        "A template fails with a sample",
        "The same would happen when it is sent.",
        "{{ total / count }}     # and a count of 0",
        "The message says what failed, and where.",
    ),
)
