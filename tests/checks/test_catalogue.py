"""All rules together: their texts, their page of the manual, their tests, and those of plugins."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from notify import hookimpl
from notify.checks import SEVERITIES, Mail, Problem, Rule, rule
from notify.checks.catalogue import all_rules, shipped_rules
from notify.errors import PluginError
from notify.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
RULES = shipped_rules()


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_a_rule_explains_itself(each: Rule[object]) -> None:
    """In sentences, with an example; its id is of a family."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+(:[a-z0-9-]+)?", each.id)
    assert each.severity in SEVERITIES
    assert each.title[0].isupper() or each.title[0] in "`<" or ":" in each.id
    assert not each.title.endswith(".")
    assert all(text.strip().endswith((".", "?", "!")) for text in (each.why, each.cure)), (each.why, each.cure)
    assert each.example.strip()


def test_ids_are_distinct() -> None:
    """And many: at least as many as the first release promises."""
    names = [each.id for each in RULES]

    assert len(names) == len(set(names))
    assert len({name.partition(":")[0] for name in names}) >= 75


def test_every_rule_is_tested() -> None:
    """Its id stands in a test of its family, or the name of its function is imported there."""
    own = Path(__file__).name
    files = (path for path in (ROOT / "tests" / "checks").rglob("*.py") if path.name != own)
    words = set(re.findall(r"[\w-]+", "".join(path.read_text(encoding="utf-8") for path in files)))
    names = {each.id.partition(":")[0]: getattr(each.check, "__name__", "") for each in RULES}

    assert [] == sorted(name for name, function in names.items() if name not in words and function not in words)


def test_the_page_of_the_manual_is_current() -> None:
    """It is written by a tool from the rules."""
    tool = [sys.executable, str(ROOT / "tools" / "rules_page.py"), "--check"]
    done = subprocess.run(tool, capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stderr)


class Plugin:
    """A plugin with some rules."""

    def __init__(self, *rules: object) -> None:
        self.rules = rules

    @hookimpl
    def notify_checks(self) -> tuple[object, ...]:
        """Give them."""
        return self.rules


@rule(Mail, "shop-signature", severity="warning", why="Why.", example="x", cure="Cure.")
def signature(mail: Mail) -> Iterator[Problem]:
    """A mail is not signed."""
    yield Problem(mail.at_text, "no")


def plugins(*rules: object) -> Plugins:
    """The built-in plugins, and one with rules."""
    found = Plugins()
    found._register(Plugin(*rules), "mine")
    return found


def test_rules_of_plugins() -> None:
    """Are among the others."""
    assert signature in all_rules(plugins(signature))
    assert "A mail is not signed" == signature.title


@pytest.mark.parametrize(
    ("given", "message"), [("x", "expected rules, made by notify.checks.rule, got str"), (RULES[0], "is there already")]
)
def test_what_a_plugin_must_not_give(given: object, message: str) -> None:
    """Something else, or what there is."""
    with pytest.raises(PluginError, match=message):
        all_rules(plugins(given))
