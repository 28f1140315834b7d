"""Writes docs/rules.md: every rule of `notify check`, with why, example and cure. With `--check`: is it current?"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from notify.checks.catalogue import shipped_rules

if TYPE_CHECKING:
    from notify.checks.rule import AnyRule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
HEAD = """# Rules

What `notify check` looks for. This page is written by `tools/rules_page.py` from the rules themselves; `notify check
--explain ID` prints the same of one rule. [Checks](checks.md) says how to leave one out.
"""
FAMILIES = {
    "a11y": "Accessibility",
    "cfg": "Configuration",
    "check": "Checks themselves",
    "css": "Styles",
    "def": "Definitions",
    "hdr": "Headers",
    "html": "HTML",
    "i18n": "Languages",
    "img": "Images",
    "link": "Links",
    "msg": "The message as a whole",
    "sec": "Security",
    "tpl": "Templates",
}


def page() -> str:
    """The page."""
    parts = [HEAD]
    for family, rules in groupby(shipped_rules(), key=lambda rule: rule.id.partition("-")[0]):
        parts.append(f"## {FAMILIES[family]}\n")
        for name, alike in groupby(rules, key=lambda rule: rule.id.partition(":")[0]):
            parts.append(_section(name, list(alike)))
    return "\n".join(parts)


def _section(name: str, rules: list[AnyRule]) -> str:
    """A rule; of those that differ in what stands behind a colon the first, with the names of all."""
    rule = rules[0]
    language = "yaml" if rule.id.startswith(("cfg-", "def-", "sec-secret-in-yaml")) else "html"
    parts = [f"### {name}", f"{rule.title}; {rule.severity}.", rule.why]
    if len(rules) > 1:
        parts[0] += ":..."
        names = ", ".join(f"`{each.id.partition(':')[2]}`" for each in rules)
        parts.append(f"One rule, `{name}:NAME`, for each of these, of which the first stands here: {names}.")
    parts.append(f"<!-- not run: what the rule finds -->\n```{language}\n{rule.example.strip()}\n```")
    return "\n\n".join([*parts, f"{rule.cure}\n"])


def main() -> None:
    """Write the page, or compare it."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        raise SystemExit(f"{PAGE.name} is not current: python tools/rules_page.py")


if __name__ == "__main__":
    main()
