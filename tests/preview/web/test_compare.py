"""Many mails on one page, and one beside another."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from preview.serving import previewed, query
from preview.shop import shop

if TYPE_CHECKING:
    from pathlib import Path

    from preview.serving import Preview, Site

WELCOME = "/n/welcome/default"


def diff(site: Site, against: str, path: str = WELCOME, **pairs: str) -> Any:
    """The comparison as JSON."""
    return site.get(f"/api{path}/diff" + query(against=against, **pairs)).json


def lines(document: Any, name: str, kind: str) -> list[str]:
    """The lines of one kind in one section."""
    (section,) = [each for each in document["sections"] if each["name"].lower() == name]
    return [line["text"] for hunk in section["hunks"] for line in hunk if line["kind"] == kind]


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True)  # noqa: S607
    return done.stdout.strip()


def test_the_matrix(site: Site) -> None:
    """There is a frame for each sample in each locale."""
    document = site.api("/n/billing.receipt/default/matrix")
    page = site.get("/n/billing.receipt/default/matrix?scheme=dark").text

    assert {"notification": "billing.receipt", "samples": ["default", "german"], "locales": ["en", "de"]} == document
    for sample in ("default", "german"):
        for locale in ("en", "de"):
            assert f"/n/billing.receipt/{sample}/render.html?locale={locale}" in page


def test_the_matrix_of_one_without_samples(preview: Preview) -> None:
    """It is empty, as is that of a definition that was never right."""
    preview.write("notifications/bad.yaml", "subject: [\n")
    preview.write("notifications/bare.yaml", "subject: x\ntext: |\n  x\n")

    assert [] == preview.site.api("/n/bare/-/matrix")["samples"]
    assert {"notification": "bad", "samples": [], "locales": ["en"]} == preview.site.api("/n/bad/-/matrix")
    assert 200 == preview.site.get("/n/bad/-/matrix").status


def test_golden(preview: Preview) -> None:
    """A mail that was accepted is the same until it changes; then the lines that differ are shown."""
    site = preview.site
    missing = diff(site, "golden")
    accepted = site.post(f"{WELCOME}/golden")
    same = diff(site, "golden")
    preview.write("templates/parts/footer.html", "<p>Another footer</p>\n")
    changed = diff(site, "golden")

    assert "there is no golden file golden/welcome/default.en.eml yet" == missing["error"]
    assert (False, []) == (missing["same"], missing["sections"])
    assert {"path": "golden/welcome/default.en.eml"} == accepted.json
    assert (True, None) == (same["same"], same["error"])
    assert (False, None) == (changed["same"], changed["error"])
    assert (["The footer"], ["Another footer"]) == tuple(lines(changed, "html", kind) for kind in ("removed", "added"))
    assert "Another" in site.get(f"{WELCOME}/diff").text


def test_each_mail_has_its_golden_file(preview: Preview) -> None:
    """Locale and theme are part of its name."""
    site = preview.site
    paths = [
        site.post(f"/n/billing.receipt/{rest}").json["path"]
        for rest in ("default/golden", "default/golden?locale=de", "german/golden", "german/golden?theme=acme")
    ]

    assert [
        "golden/billing.receipt/default.en.eml",
        "golden/billing.receipt/default.de.eml",
        "golden/billing.receipt/german.de.eml",
        "golden/billing.receipt/german.de.acme.eml",
    ] == paths
    assert diff(site, "golden", "/n/billing.receipt/german", theme="acme")["same"]


def test_a_failing_mail_is_not_golden(preview: Preview) -> None:
    """What cannot be rendered can be neither kept nor compared."""
    preview.write("templates/parts/footer.html", "{{ wrong }}")
    kept = preview.site.post(f"{WELCOME}/golden")

    assert 422 == kept.status
    assert "wrong" in diff(preview.site, "golden")["error"]
    assert not (preview.folder / "golden").exists()
    assert 422 == preview.site.post(f"{WELCOME}/golden?theme=../../x").status
    assert "there is no theme" in diff(preview.site, "golden", theme="x")["error"]


def test_another_sample(site: Site) -> None:
    """Two samples of one notification are compared, both with their own params."""
    document = diff(site, "sample:other")

    assert document["error"] is None
    assert not document["same"]
    assert any("Bob" in line["text"] for section in document["sections"] for hunk in section["hunks"] for line in hunk)
    assert diff(site, "sample:default")["same"]
    assert "has no sample 'x'" in diff(site, "sample:x")["error"]


def test_a_git_revision(tmp_path: Path) -> None:
    """The mail is compared with what the files of a revision give, templates and definitions and notify.yaml alike."""
    folder = shop(tmp_path / "repo" / "mails")
    git(tmp_path / "repo", "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    with previewed(folder) as preview:
        site = preview.site
        same = diff(site, "git:HEAD")
        preview.write("templates/parts/footer.html", "<p>Another footer</p>\n")
        preview.write("notifications/fresh.yaml", "subject: x\ntext: |\n  x\nsamples: {default: {}}\n")
        changed = diff(site, "git:HEAD")
        token = site.post(f"{WELCOME}/data", {"yaml": "{name: Eve, link: 'https://e.example'}"}).json["token"]
        drafted = diff(site, "git:main", data=token)
        fresh = diff(site, "git:HEAD", "/n/fresh/default")
        unknown = diff(site, "git:nothing")
        page = site.get(f"{WELCOME}/diff?against=git:HEAD").text

    assert (True, None) == (same["same"], same["error"])
    assert (False, None) == (changed["same"], changed["error"])
    assert "Another" in page
    assert not drafted["same"]
    assert "Ada" not in str(drafted["sections"])
    assert "there is no notification 'fresh'" in fresh["error"]
    assert unknown["error"].startswith("git knows no such revision")


def test_no_revisions_for_others(tmp_path: Path) -> None:
    """Who does not sit at the machine starts no git."""
    with previewed(shop(tmp_path), local=False) as preview:
        assert "compare with golden" in diff(preview.site, "git:HEAD")["error"]


def test_a_broken_side(preview: Preview) -> None:
    """Where the other sample cannot be rendered, that is said."""
    preview.write(
        "notifications/two.yaml",
        "subject: '{{ a }}'\ntext: |\n  x\nparams: {a: int}\nsamples: {good: {a: 1}, bad: {a: x}}\n",
    )

    assert "expected" in diff(preview.site, "sample:bad", "/n/two/good")["error"]
