"""Which templates an explanation names: those that a rendering takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify import Notifier
from notify.configuration import Configuration
from notify.explaining import Asked, Fact, explain

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def write(base: Path, **files: str) -> Notifier:
    """A notifier over a folder with these files; in their names `__` stands for a slash, and `_0` for a dot."""
    for name, text in files.items():
        path = base / name.replace("__", "/").replace("_0", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (base / "notify.yaml").touch()
    if not (base / "notify.yaml").read_text():
        (base / "notify.yaml").write_text("sender: a@acme.example\nenvironments: {development: {transport: memory}}\n")
    return Notifier(configuration=Configuration.load(base))


def templates(notifier: Notifier, name: str, locale: str | None = None) -> dict[str, Fact]:
    """The facts about templates, by part."""
    explanation = explain(notifier, notifier.catalog[name], Asked(locale=locale))
    section = next(section for section in explanation.sections if section.key == "templates")
    return {fact.name: fact for fact in section.facts}


def told(fact: Fact, *names: str) -> list[tuple[str, object, str]]:
    """The parts of a fact of these names: name, value and place."""
    return [
        (each.name, each.value, str(each.origin.location) if each.origin else "")
        for each in fact.inner
        if each.name in names
    ]


@pytest.mark.parametrize("locale", ["en", "fr", "fr-CA", "ar", "pt_BR"])
@pytest.mark.parametrize("name", sorted(Notifier.load(SHOP).catalog))
def test_the_templates_are_those_of_a_rendering(name: str, locale: str) -> None:
    """For each notification of the example, and each locale, what is named is what the renderer found."""
    notifier = Notifier.load(SHOP)
    with notifier.recording() as recorded:
        notifier.render(
            name, to="a@example.com", params=notifier.catalog[name].samples["default"].params, locale=locale
        )
    found: dict[str, str] = {}
    for each in recorded.templates:  # in the order of looking, those that are passed over too
        if each.startswith(name) and (SHOP / "templates" / each).is_file():
            found.setdefault(Path(each).suffix, each)

    facts = templates(notifier, name, locale=locale)

    mine = {
        value.removeprefix("templates/")
        for part in ("html", "text", "markdown")
        if part in facts and str(value := facts[part].value).startswith("templates/")
    }
    assert mine == set(found.values())


def test_variants_and_what_was_tried(tmp_path: Path) -> None:
    """The nearest variant is named, with the names that were looked for before it."""
    notifier = write(
        tmp_path,
        notifications__hi_0yaml="subject: {en: Hello, pt: Oi}\n",
        templates__hi_0html="<p>x</p>",
        templates__hi_0pt_0html="<p>x</p>",
        templates__hi_0pt_BR_0txt_0j2="x",
    )

    near, far = templates(notifier, "hi", locale="pt_BR"), templates(notifier, "hi", locale="nl")

    assert ("templates/hi.pt.html", "Oi") == (near["html"].value, near["subject"].value)
    assert [("variant", "pt", ""), ("tried", ["hi.pt-BR.html", "hi.pt_BR.html"], "")] == told(
        near["html"], "variant", "tried"
    )
    assert "templates/hi.pt_BR.txt.j2" == near["text"].value
    assert ("templates/hi.html", "Hello") == (far["html"].value, far["subject"].value)
    assert [("tried", ["hi.nl.html", "hi.en.html"], "")] == told(far["html"], "variant", "tried")
    assert "derived from the HTML" == far["text"].value


def test_a_body_for_quite_another_locale_is_not_taken(tmp_path: Path) -> None:
    """Where only a German template is there, a Dutch mail in an English project has none, and that is told once."""
    notifier = write(tmp_path, notifications__hi_0yaml="subject: x\n", templates__hi_0de_0html="<p>x</p>")

    facts = templates(notifier, "hi", locale="nl")

    assert {"subject", "rendered"} == set(facts)
    assert "hi has no body" in facts["rendered"].problems[0].text


def test_chains_are_followed_with_their_places(tmp_path: Path) -> None:
    """What a template extends, includes and imports is told with the place, and what that one does below it."""
    notifier = write(
        tmp_path,
        notifications__hi_0yaml=(
            "subject: x\nhtml: |\n  <p>\n  {% include ['no.html', 'part.html'] %}\n"
            "  {% include which ignore missing %}\n"
            "text: 'x {% include \"part.html\" %}'\nparams: {which: str}\n"
        ),
        templates__part_0html="{% import 'notify/components.html' as ui %}{% include 'deep.html' %}\n",
        templates__deep_0html="{% include 'part.html' ignore missing %}{% if false %}x{% endif %}",
    )

    facts = templates(notifier, "hi")

    names = ("extends", "includes", "imports")
    links = told(facts["html"], *names)
    assert [
        ("includes", "no.html, which is not there", "notifications/hi.yaml:4:16"),
        ("includes", "templates/part.html", "notifications/hi.yaml:4:27"),
        ("includes", "what the template decides", "notifications/hi.yaml:5:3"),
    ] == links
    part = facts["html"].inner[1]
    assert [
        ("imports", "notify/components.html, which ships with notify", "templates/part.html:1:12"),
        ("includes", "templates/deep.html", "templates/part.html:1:56"),
    ] == told(part, *names)
    # It was told before, and so ends here.
    assert ["templates/part.html"] == [each.value for each in part.inner[1].inner]
    assert [("includes", "templates/part.html", "notifications/hi.yaml:6:22")] == told(facts["text"], *names)


def test_markdown_has_a_layout(tmp_path: Path) -> None:
    """The layout of a Markdown body is the named one, in its variant, or the built-in one."""
    notifier = write(
        tmp_path,
        notifications__plain_0yaml="subject: x\nmarkdown: |\n  x\n",
        notifications__own_0yaml="subject: x\nmarkdown: body.md\nmarkdown_layout: lay.html\n",
        notifications__none_0yaml="subject: x\nmarkdown: body.md\nmarkdown_layout: lya.html\n",
        templates__body_0md="x",
        templates__lay_0fr_0html="{{ content }}",
        templates__lay_0html="{{ content }}",
    )

    plain, own, none = (templates(notifier, name, locale="fr") for name in ("plain", "own", "none"))

    assert "notify/markdown.html, which ships with notify" == plain["layout"].value
    assert "notifications/plain.yaml:3:3" == plain["markdown"].value
    assert ("templates/lay.fr.html", "the definition, notifications/own.yaml:3:18") == (
        own["layout"].value,
        str(own["layout"].origin),
    )
    assert ("templates/body.md", "derived from the Markdown") == (own["markdown"].value, own["text"].value)
    assert "there is no template 'lya.html'" in none["rendered"].problems[0].text
    assert () == none["layout"].problems


def test_a_missing_template_where_nothing_is_rendered(tmp_path: Path) -> None:
    """With wrong params nothing is rendered, and a template that is not there is told all the same."""
    notifier = write(tmp_path, notifications__hi_0yaml="subject: x\nhtml: away.html\nparams: {a: str}\n")

    facts = templates(notifier, "hi")

    assert ["there is no template 'away.html'"] == [each.text for each in facts["html"].problems]
    assert () == facts["rendered"].problems


def test_a_template_with_a_fault(tmp_path: Path) -> None:
    """What cannot be parsed has no links; the rendering says what is wrong."""
    notifier = write(
        tmp_path, notifications__hi_0yaml="subject: x\n", templates__hi_0html="{% include 'a.html' %}{% if %}"
    )

    facts = templates(notifier, "hi")

    assert [] == told(facts["html"], "includes")
    assert "templates/hi.html:1" in facts["rendered"].problems[0].text


def test_text_auto_and_folded_bodies(tmp_path: Path) -> None:
    """`text: auto` derives the text; links of a folded body, whose lines are not the file's, stand where it begins."""
    notifier = write(
        tmp_path,
        notifications__hi_0yaml="subject: x\ntext: auto\nhtml: >\n  <p>a\n  b</p>\n\n  {% include 'a.html' %}\n",
        templates__a_0html="x",
        templates__hi_0txt="x",
    )

    facts = templates(notifier, "hi")

    assert "derived from the HTML" == facts["text"].value
    assert [("includes", "templates/a.html", "notifications/hi.yaml:3:7")] == told(facts["html"], "includes")
