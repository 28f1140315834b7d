"""Whatever a template of a small grammar says, it is adopted, renders with its samples, and has no error."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from adopting.adopted import Project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notify.adopting import adopt

# What it runs through is covered elsewhere, and coverage would take as long again.
pytestmark = pytest.mark.no_cover

NAMES = st.sampled_from(["name", "total", "is_new", "sent_at", "link", "email", "note", "count", "title"])
OBJECTS = st.sampled_from(["customer", "order", "plan"])
LISTS = st.sampled_from(["items", "tags", "entries"])
LISTED = {"items": "item.label", "tags": "item", "entries": "item.owner.name"}
NUMBERS = st.sampled_from(["price", "quantity", "order.total", "order.seats", "plan.level", "weight"])
COMPUTED = (
    "{{{{ {0} * {1} }}}}",
    "{{{{ {0} + 1 - {1} }}}}",
    "{{{{ '%.2f' | format({0}) }}}}",
    "{{% if {0} > 3 and {1} %}}{{{{ {0} }}}}{{% endif %}}",
    "{{% if {0} < {1} %}}{{{{ {0} | upper }}}}{{% endif %}}",
    "${{{{ {0} | round(2) }}}}",
    "{{{{ {0} * 1.5 }}}}",
    "{{{{ {0} | default(2) }}}}",
    "{{% if {0} == 4 %}}{{{{ {1} | abs }}}}{{% endif %}}",
)
PATHS = st.one_of(NAMES, st.builds("{}.{}".format, OBJECTS, NAMES))
FILTERS = st.sampled_from(
    ["", "", " | upper", " | default('x')", " | trim", " | e", " or 'x'", " | default('x', true)"]
)


@st.composite
def shown(draw: st.DrawFn) -> str:
    """Something that is printed."""
    path = draw(PATHS)
    number = draw(NUMBERS)
    form = draw(st.sampled_from(["plain", "plain", "choice", "concat", "href", *COMPUTED]))
    if form in COMPUTED:
        return form.format(number, draw(NUMBERS))
    if form == "choice":
        return f"{{{{ {path} if {path} else 'none' }}}}"
    if form == "concat":
        return f"{{{{ 'a' ~ {path} }}}}"
    if form == "href":
        return f'<a href="https://acme.example/{{{{ {path} }}}}">x</a>'
    return f"{{{{ {path}{draw(FILTERS)} }}}}"


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A template around another."""
    return st.one_of(
        st.builds("{}\n{}".format, inner, inner),
        st.builds("{{% if {} %}}{}{{% endif %}}".format, PATHS, inner),
        st.builds("{{% if not {} %}}{}{{% else %}}{}{{% endif %}}".format, PATHS, inner, inner),
        st.builds("{{% if {0} is not none and {1} %}}{{{{ {0} }}}}{2}{{% endif %}}".format, PATHS, PATHS, inner),
        st.builds(
            "{{% if {0} %}}{{{{ {0} }}}}{1}{{% elif {2} %}}{{{{ {2} }}}}{{% endif %}}".format, PATHS, inner, PATHS
        ),
        st.builds("{{% with w = {} %}}{{{{ w }}}}{}{{% endwith %}}".format, PATHS, inner),
        st.builds("{{% set s = {} %}}{}{{% if s %}}{{{{ s }}}}{{% endif %}}".format, PATHS, inner),
        st.builds(_loop, LISTS, inner),
        st.builds("{{% macro m(a) %}}{{{{ a }}}}{{% endmacro %}}{}{{{{ m({}) }}}}".format, inner, PATHS),
    )


def _loop(name: str, inner: str) -> str:
    return f"{{% for item in {name} %}}{{{{ loop.index }}}} {{{{ {LISTED[name]} }}}}{inner}{{% endfor %}}"


TEMPLATES = st.recursive(shown(), wrapped, max_leaves=8)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(TEMPLATES)
def test_adopted_templates_render_and_are_sound(text: str) -> None:
    """Adopting renders every sample before it gives anything back, and `notify check` then finds no error."""
    with TemporaryDirectory() as folder:
        project = Project.new(Path(folder).resolve() / "shop")
        adoption = adopt(project.notifier(definitions=False), project.template(text))
        for path, written in adoption.files.items():
            path.write_text(written, encoding="utf-8")

        assert project.render("mail").html
        assert [] == project.findings()
