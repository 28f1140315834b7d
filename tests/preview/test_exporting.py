"""The preview as a static site."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from notify import Catalog, ConfigError, Notifier, UnknownNotificationError
from notify.configuration import Configuration
from notify.preview.export import Exported, export
from notify.preview.export.folder import replacing
from notify.preview.export.here import Unplaced
from notify.preview.export.mail import files_of
from notify.preview.export.plan import Choice
from notify.preview.opened import open_mail
from notify.preview.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"
ASSETS = ["assets/export.css", "assets/export.js", "assets/icon.svg", "assets/preview.css"]
WHOLE = ["index.html", "mail.eml", "mail.html", "mail.txt", "render.dark.html", "render.html", "render.invert.html"]
HOSTILE = "</pre></template><script>alert(1)</script><img src=x onerror=alert(2)>\"'"


def project(folder: Path) -> Project:
    """What is in a folder."""
    configuration = Configuration.load(folder / "notify.yaml")
    return Project(Notifier(configuration=configuration, catalog=Catalog(()), environment="test"))


def make(folder: Path, **definitions: str) -> Project:
    """A new project with these definitions; a name may have a folder, as in `billing__paid`."""
    (folder / "attachments").mkdir(parents=True, exist_ok=True)
    (folder / "notify.yaml").write_text("sender: Acme <a@example.com>\nthemes: {acme: {shop: {name: Theme}}}\n")
    for name, text in definitions.items():
        path = folder / "notifications" / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return project(folder)


def files(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))


class References(HTMLParser):
    """The ids of a page, what it links to and what it loads, and its inline scripts, styles and handlers."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.inline: list[str] = []
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        given = {name: value or "" for name, value in attrs}
        self.ids.update(filter(None, [given.get("id")]))
        if "href" in given:
            (self.links if tag == "a" else self.loaded).append(given["href"])
        if tag == "iframe":
            self.loaded += [
                value for name, value in given.items() if name in ("data-light", "data-dark", "data-invert")
            ]
        if "src" in given:
            self.loaded.append(given["src"])
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)


def pages(root: Path) -> Iterator[tuple[Path, References]]:
    """Our own pages of a site."""
    for path in sorted(root.rglob("index.html")):
        yield path, References(path)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Exported]:
    """The site of the shop."""
    root = tmp_path_factory.mktemp("export") / "site"
    return root, export(project(SHOP), root)


def test_every_file_of_the_shop(shop: tuple[Path, Exported]) -> None:
    """Each mail has its page, its three documents, its parts and its attachments; beside them are only four assets."""
    root, exported = shop
    invoice = ["files/Acme invoice 2026-0042.pdf", "files/logo.png"]
    expected = ["index.html", "notifications.json", *ASSETS]
    for mail in exported.mails:
        folder = f"n/{mail.notification}/{mail.sample}/{mail.locale}"
        attached = invoice if mail.notification == "invoice" else []
        number = "2026-0043" if mail.sample == "company" else "2026-0042"
        expected += [f"{folder}/{name.replace('2026-0042', number)}" for name in (*WHOLE, *attached)]

    assert 30 == len(exported.mails)
    assert () == exported.failed
    assert sorted(expected) == sorted(files(root))
    assert (SHOP / "attachments/logo.png").read_bytes() == (root / "n/invoice/default/en/files/logo.png").read_bytes()


def test_links_lead_to_files(shop: tuple[Path, Exported]) -> None:
    """Each relative link of each page leads to a file of the site, and each fragment to an element of its page."""
    root, _ = shop
    for path, found in pages(root):
        for url in (*found.links, *found.loaded):
            parts = urlsplit(url)
            if parts.scheme:
                continue
            target = Path(os.path.normpath(path.parent / unquote(parts.path))) if parts.path else path

            assert not parts.path.startswith("/")
            assert target.is_file(), (path, url)
            assert target.is_relative_to(root)
            assert not parts.fragment or parts.fragment in found.ids, (path, url)


def test_pages_load_nothing_from_elsewhere(shop: tuple[Path, Exported]) -> None:
    """Pages load files of the site only, have no inline scripts, styles or handlers, and say so in a policy."""
    root, _ = shop
    for path, found in pages(root):
        assert [] == [url for url in found.loaded if urlsplit(url).scheme or url.startswith("//")]
        assert [] == found.inline
        assert "default-src &#39;none&#39;" in path.read_text()
    for name in ASSETS:
        text = (root / name).read_text().replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text
        assert "https:" not in text


def test_the_list(shop: tuple[Path, Exported]) -> None:
    """The list names what there is, and each path in it is that of a file."""
    root, exported = shop
    document = json.loads((root / "notifications.json").read_text())
    by_id = {each["id"]: each for each in document["notifications"]}
    mail = by_id["invoice"]["mails"][0]
    base = "n/invoice/default/en"

    assert exported.document == document
    assert "notify export" == document["generator"]
    assert "test" == document["environment"]
    assert ["default", "french", "arabic", "long_name"] == by_id["welcome"]["samples"]
    assert ["en", "ar", "fr"] == by_id["welcome"]["locales"]
    assert ("good", []) == (by_id["welcome"]["standing"], by_id["welcome"]["findings"])
    assert "Invoice 2026-0042" == mail["subject"]
    assert (root / mail["eml"]).stat().st_size == mail["size"]
    assert mail["error"] is None
    assert [f"{base}/{name}" for name in WHOLE] == [
        mail[name] for name in ("page", "eml", "html", "text", "dark", "light", "invert")
    ]
    assert {
        "filename": "logo.png",
        "type": "image/png",
        "cid": "logo",
        "octets": (SHOP / "attachments/logo.png").stat().st_size,
    } == {name: value for name, value in mail["attachments"][0].items() if name != "path"}
    for each in document["notifications"]:
        for found in each["mails"]:
            for name in ("page", "light", "dark", "invert", "html", "text", "eml"):
                assert (root / found[name]).is_file()
            assert all((root / attached["path"]).is_file() for attached in found["attachments"])


def test_files_are_the_mail(shop: tuple[Path, Exported]) -> None:
    """The parts beside the page are those of the whole mail."""
    root, _ = shop
    folder = root / "n/password_reset/default/fr"
    mail = open_mail((folder / "mail.eml").read_bytes())

    assert mail.html == (folder / "mail.html").read_text()
    assert mail.text == (folder / "mail.txt").read_text()
    assert "Réinitialisez votre mot de passe" in (folder / "index.html").read_text()
    assert "Content-Security-Policy" in (folder / "render.html").read_text()


def test_equal_octets_each_time(shop: tuple[Path, Exported], tmp_path: Path) -> None:
    """Two exports of the same project are equal in each octet."""
    root, _ = shop

    export(project(SHOP), tmp_path / "again")

    assert files(root) == files(tmp_path / "again")


def test_around(shop: tuple[Path, Exported]) -> None:
    """A page leads to the mails before and after it, to its other samples in its locale, and its other locales."""
    root, exported = shop
    found = References(root / "n/password_reset/french/fr/index.html")
    place = [mail.page for mail in exported.mails].index("n/password_reset/french/fr/index.html")
    up = "../../../.."

    for other in (exported.mails[place - 1], exported.mails[place + 1]):
        assert f"{up}/{other.page}" in found.links
    for beside in ("default/fr", "short_lived/fr", "french/en"):
        assert f"{up}/n/password_reset/{beside}/index.html" in found.links
    assert f"{up}/n/password_reset/default/en/index.html" not in found.links
    assert f"{up}/index.html" in found.links


def test_what_can_be_searched(shop: tuple[Path, Exported]) -> None:
    """The index has what each mail can be found by: id, description, category, subject, text."""
    root, _ = shop
    index = (root / "index.html").read_text()

    assert (
        'data-row="invoice carries an invoice as a pdf; the shop&#39;s logo is part of the mail. transactional"'
        in index
    )
    assert 'data-words="réinitialisez votre mot de passe' in index
    assert "darjeeling first flush" in index


FAULTY = {
    "bad_template": (
        "subject: Hi\nhtml: |\n  <p>\n  {{ nme }}</p>\nparams: {name: str}\nsamples: {default: {name: Ada}}\n"
    ),
    "broken": "subjct: Hi\n",
    "wrong_sample": "subject: Hi\ntext: x\nparams: {count: int}\nsamples: {default: {count: many}}\n",
    "no_file": "subject: Hi\ntext: x\nattachments: [{path: gone.pdf}]\nsamples: {default: {}}\n",
    "bare": "subject: Hi\ntext: x\n",
    "good": "subject: Hi\ntext: x\nsamples: {default: {}}\n",
}


def test_faulty_ones(tmp_path: Path) -> None:
    """What cannot be rendered has a page that says why, in the site and the list; all others are there."""
    root = tmp_path / "site"

    exported = export(make(tmp_path / "shop", **FAULTY), root)

    document = {each["id"]: each for each in exported.document["notifications"]}
    assert ["bad_template", "broken", "no_file", "wrong_sample"] == [mail.notification for mail in exported.failed]
    assert sorted(FAULTY) == list(document)
    assert [] == document["bare"]["mails"]
    assert {"error", "warning", "good"} == {each["standing"] for each in document.values()}
    assert (root / "n/good/default/en/mail.eml").is_file()
    assert [root / "n/broken/-/en/index.html"] == [path for path in (root / "n/broken").rglob("*") if path.is_file()]
    bad = (root / "n/bad_template/default/en/index.html").read_text()
    assert "The template failed" in bad
    assert "did you mean" in bad
    assert '<span class="line guilty"><span class="number">4</span>' in bad
    assert "notifications/bad_template.yaml:4" in str(exported.failed[0].error)
    assert "subject" in (root / "n/broken/-/en/index.html").read_text()
    assert "count" in (root / "n/wrong_sample/default/en/index.html").read_text()
    assert document["bad_template"]["mails"][0]["error"]["problems"][0]["excerpt"]
    assert document["bad_template"]["mails"][0]["eml"] is None


def test_nothing_of_this_machine(tmp_path: Path) -> None:
    """No file of the site says where the project lies, nor has it a value of notify.yaml that is secret."""
    folder = tmp_path / "shop"
    make(folder, **FAULTY)
    text = (folder / "notify.yaml").read_text()
    (folder / "notify.yaml").write_text(f"{text}transports: {{smtp: {{host: a.example, password: hunter2}}}}\n")

    export(project(folder), tmp_path / "site")

    for name, data in files(tmp_path / "site").items():
        assert str(tmp_path).encode() not in data, name
        assert b"hunter2" not in data
        assert str(Path.home()).encode() not in data


def test_folders_are_taken_out_of_messages(tmp_path: Path) -> None:
    """Folders of the project are named from its base, others by their names, and what only begins so is left."""
    base, other = tmp_path / "shop", tmp_path / "common"
    make(base)
    (base / "notify.yaml").write_text(f"sender: a@example.com\ntemplates: [templates, {other}]\n")
    unplaced = Unplaced(Configuration.load(base / "notify.yaml"))

    assert "templates/a.html:1" == unplaced(f"{base}/templates/a.html:1")
    assert "common/a.html" == unplaced(f"{other}/a.html")
    assert f"in . and {base}-2/a" == unplaced(f"in {base} and {base}-2/a")
    assert "'common'" == unplaced(f"'{other}'")
    assert {"a": ["b.txt", 1, None]} == unplaced({"a": [f"{base}/b.txt", 1, None]})


def test_hostile_values(tmp_path: Path) -> None:
    """HTML in a value is shown as text, on all pages; what a template itself says cannot run in the frame."""
    definition = (
        "subject: '{{ it }}'\nparams: {it: str}\nhtml: \"<script>alert(3)</script><p>{{ it }}</p>\"\n"
        f"text: '{{{{ it }}}}'\nsamples: {{default: {{it: {json.dumps(HOSTILE)}}}}}\n"
    )
    root = tmp_path / "site"

    exported = export(make(tmp_path / "shop", hostile=definition), root)

    assert () == exported.failed
    for path, found in pages(root):
        assert [] == found.inline, path
        assert ["export.js"] == [Path(url).name for url in found.loaded if url.endswith("js")]
    assert "script-src 'none'" in (root / "n/hostile/default/en/render.html").read_text()


def test_hostile_filenames(tmp_path: Path) -> None:
    """Attachments whose names no file system would take, or that two of them share, all become files of their own."""
    names = ["CON.txt", "a:b?.pdf", "..\u200bx.", "same.txt", "SAME.txt", "a#%20b &.txt", "x" * 200 + ".pdf"]
    listed = "".join(f"- {{path: a.txt, filename: {json.dumps(name)}, type: text/plain}}\n" for name in names)
    shop = make(tmp_path / "shop", odd=f"subject: x\ntext: x\nsamples: {{one: {{}}}}\nattachments:\n{listed}")
    (tmp_path / "shop/attachments/a.txt").write_text("Hello")
    root = tmp_path / "site"

    exported = export(shop, root)

    assert () == exported.failed
    assert sorted([
        "_CON.txt", "a_b_.pdf", "_x", "same.txt", "SAME~2.txt", "a#%20b &.txt", "x" * 116 + ".pdf"
    ]) == sorted(path.name for path in (root / "n/odd/one/en/files").iterdir())  # fmt: skip
    found = References(root / "n/odd/one/en/index.html")
    assert {"files/a%23%2520b%20%26.txt", "files/SAME~2.txt"} <= set(found.links)


def test_folders_that_differ_in_capitals(tmp_path: Path) -> None:
    """Samples whose names differ in capitals only, or are those of devices, have folders of their own everywhere."""
    root = tmp_path / "site"

    exported = export(make(tmp_path / "shop", con="subject: x\ntext: x\nsamples: {One: {}, one: {}, nul: {}}\n"), root)

    assert ["n/_con/One/en", "n/_con/one/en~2", "n/_con/_nul/en"] == [
        mail.page.removesuffix("/index.html") for mail in exported.mails
    ]


def test_choice(tmp_path: Path) -> None:
    """Names, patterns, samples and locales choose; the site has nothing else."""
    two = "subject: {en: Hi, fr: Salut}\ntext: x\nsamples: {one: {}, two: {}}\n"
    shop = make(tmp_path / "shop", billing__paid=two, hello=two, broken="subjct: x\n")

    def chosen(**wanted: Any) -> list[str]:
        mails = export(shop, tmp_path / "site", Choice(**wanted)).mails
        listed = json.loads((tmp_path / "site/notifications.json").read_text())["notifications"]
        assert sorted({mail.notification for mail in mails}) == [each["id"] for each in listed]
        return [f"{mail.notification} {mail.sample} {mail.locale}" for mail in mails]

    assert ["billing.paid two fr"] == chosen(names=["billing.*"], samples=["two"], locales=["fr"])
    assert ["broken - en"] == chosen(names=["broken"])
    assert ["broken - en", "hello one en"] == chosen(names=["b*n", "hello"], samples=["one"], locales=["en"])
    assert ["billing.paid one fr", "broken - en", "hello one fr"] == chosen(samples=["one"], locales=["fr"])
    with pytest.raises(UnknownNotificationError, match="helo"):
        chosen(names=["helo"])
    with pytest.raises(UnknownNotificationError, match="helo"):
        chosen(names=["broken", "helo"])
    with pytest.raises(ConfigError, match="three"):
        chosen(samples=["three"])


def test_theme_and_remote_images(tmp_path: Path) -> None:
    """The theme is the one asked for, and other hosts are reached only if that is wanted."""
    html = "<p>{{ shop.name }}</p><img src=https://cdn.example/a.png alt=a>"
    shop = make(tmp_path / "shop", a=f'subject: x\nhtml: "{html}"\nsamples: {{one: {{}}}}\n')
    text = (tmp_path / "shop/notify.yaml").read_text()
    (tmp_path / "shop/notify.yaml").write_text(f"{text}globals: {{shop: {{name: Plain}}}}\n")
    shop = project(tmp_path / "shop")
    frame = tmp_path / "site/n/a/one/en/render.html"

    export(shop, tmp_path / "site")
    plain = frame.read_text()
    exported = export(shop, tmp_path / "site", Choice(theme="acme", remote_images=True))
    themed = frame.read_text()

    assert "<p>Plain</p>" in plain
    assert "img-src data:;" in plain
    assert "<p>Theme</p>" in themed
    assert "img-src data: https: http:" in themed
    assert "acme" == exported.document["theme"]
    with pytest.raises(ConfigError, match=r"there is no theme 'acmee'.*acme"):
        export(shop, tmp_path / "site", Choice(theme="acmee"))


def test_an_earlier_export_is_replaced(tmp_path: Path) -> None:
    """An earlier export is replaced as a whole, also by way of a link; nothing else is left beside it."""
    both = make(tmp_path / "shop", a=FAULTY["good"], b=FAULTY["good"])
    (tmp_path / "link").symlink_to(tmp_path / "out" / "site")

    export(both, tmp_path / "out" / "site")
    (tmp_path / "out/site/.DS_Store").touch()
    export(both, tmp_path / "link", Choice(names=["a"]))

    assert ["a"] == [path.name for path in (tmp_path / "out/site/n").iterdir()]
    assert ["site"] == [path.name for path in (tmp_path / "out").iterdir()]
    assert (tmp_path / "link").is_symlink()


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """A folder that is there but empty is as good as none."""
    (tmp_path / "site").mkdir()

    export(make(tmp_path / "shop", a=FAULTY["good"]), tmp_path / "site")

    assert (tmp_path / "site/index.html").is_file()
    assert (tmp_path / "shop").stat().st_mode == (tmp_path / "site").stat().st_mode


@pytest.mark.parametrize(
    "present",
    [
        {"thesis.txt": "years of work"},
        {"index.html": "somebody's"},
        {"index.html": "somebody's", "notifications.json": '{"generator": "other"}'},
        {"notifications.json": "[]"},
        {"notifications.json": "{"},
        {"notifications.json": '{"generator": "notify export"}', ".git": "a repository"},
    ],
)
def test_what_others_wrote_stays(tmp_path: Path, present: dict[str, str]) -> None:
    """A folder that holds anything else is refused with its name, and stays as it is."""
    root = tmp_path / "site"
    root.mkdir()
    for name, text in present.items():
        (root / name).write_text(text)
    foreign = next((name for name in present if name in ("thesis.txt", ".git")), min(present))

    with pytest.raises(ConfigError, match=f"such as '{foreign}'"):
        export(make(tmp_path / "shop", a=FAULTY["good"]), root)

    assert {name: text.encode() for name, text in sorted(present.items())} == files(root)
    assert ["shop", "site"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A file in the place of the folder is refused."""
    (tmp_path / "site").write_text("x")

    with pytest.raises(ConfigError, match="is a file"):
        export(make(tmp_path / "shop", a=FAULTY["good"]), tmp_path / "site")


def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    """Where writing fails the earlier export stays, and nothing is left behind."""
    shop = make(tmp_path / "shop", a=FAULTY["good"])
    export(shop, tmp_path / "site")
    before = files(tmp_path / "site")

    with pytest.raises(ConfigError, match="cannot be written: "):
        export(shop, tmp_path / "site" / "index.html" / "below")
    with pytest.raises(ConfigError, match="cannot be written: "):
        export(shop, Path("/proc/nothing/site"))

    assert before == files(tmp_path / "site")
    assert ["shop", "site"] == sorted(path.name for path in tmp_path.iterdir())


def test_what_goes_wrong_at_the_end(tmp_path: Path) -> None:
    """Where the new folder cannot take the place of the old one, that is put back."""
    export(make(tmp_path / "shop", a=FAULTY["good"]), tmp_path / "site")
    before = files(tmp_path / "site")

    with pytest.raises(ConfigError, match="No such file"), replacing(tmp_path / "site") as new:
        new.rmdir()
    with suppress(KeyboardInterrupt), replacing(tmp_path / "site") as new:
        (new / "index.html").touch()
        raise KeyboardInterrupt

    assert before == files(tmp_path / "site")
    assert ["shop", "site"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_project_that_cannot_be_read(tmp_path: Path) -> None:
    """Where a folder of the project cannot be read, nothing is written."""
    shop = make(tmp_path / "shop", a=FAULTY["good"])
    (tmp_path / "shop/notifications/Bad Name.yaml").write_text(FAULTY["good"])
    shop.refresh()

    with pytest.raises(ConfigError, match="Bad Name"):
        export(shop, tmp_path / "site")

    assert not (tmp_path / "site").exists()


def test_no_notifications(tmp_path: Path) -> None:
    """A project without notifications has an index that says so."""
    (tmp_path / "shop" / "notifications").mkdir(parents=True)

    exported = export(make(tmp_path / "shop"), tmp_path / "site")

    assert () == exported.mails
    assert "There is none." in (tmp_path / "site/index.html").read_text()


def test_bodies_that_are_missing(tmp_path: Path) -> None:
    """A mail without HTML has no documents to show, and its page says so."""
    exported = export(make(tmp_path / "shop", a=FAULTY["good"]), tmp_path / "site")

    mail = exported.document["notifications"][0]["mails"][0]
    assert (None, None, None) == (mail["light"], mail["html"], mail["invert"])
    assert "no HTML part" in (tmp_path / "site/n/a/default/en/index.html").read_text()


def test_a_mail_of_html_alone() -> None:
    """What a mail does not have makes no file."""
    files = files_of(open_mail(b"Content-Type: text/html\r\n\r\n<p>Hi"), remote=False)

    assert {"mail.eml", "mail.html", "render.html", "render.dark.html", "render.invert.html"} == set(files.contents)
    assert {"0": "mail.html"} == files.parts
