"""Live reload: which change reaches which notification, over a real stream of events and real files."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import watchfiles
from patience import PATIENCE
from preview.serving import desk_of, eventually, previewed
from preview.shop import FILES, shop

from notify.preview.events import Hub
from notify.preview.inspecting import Inspector
from notify.preview.mailbox import Mailbox
from notify.preview.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from preview.serving import Preview, Stream

ALL = ["billing.receipt", "hostile", "plain", "welcome"]


@contextmanager
def listening(preview: Preview) -> Iterator[Stream]:
    """The events of a preview that watches, and has looked at every notification."""
    with preview.site.events() as stream:
        stream.next("hello")
        settled(preview)
        yield stream


def settled(preview: Preview) -> None:
    """Wait until every notification has been looked at."""
    desk = preview.desk
    eventually(lambda: desk.project.followed and set(desk.inspector.known()) == set(desk.project.entries))


@pytest.fixture
def stream(preview: Preview) -> Iterator[Stream]:
    """The events of one's own preview."""
    with listening(preview) as stream:
        yield stream


def changed(stream: Stream) -> Any:
    """The notifications that the next event names; one that names none is of a file that was there for a moment."""
    while (event := stream.next("changed")) is not None and not event["notifications"]:
        pass
    return None if event is None else event["notifications"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("templates/welcome.html", "<p>{{ name }}</p>", ["welcome"], id="template"),
        pytest.param("templates/layouts/shop.html", "{% block content %}{% endblock %}", ["welcome"], id="layout"),
        pytest.param("templates/parts/footer.html", "<p>New</p>", ["welcome"], id="include"),
        pytest.param("templates/parts/ad.html", "<p>An ad</p>", ["welcome"], id="include that was missing"),
        pytest.param("templates/kinds/plain.html", "<p>PLAIN</p>", ["billing.receipt"], id="include by computed name"),
        pytest.param("templates/welcome.de.html", "<p>Hallo</p>", ["welcome"], id="new locale"),
        pytest.param("templates/billing/receipt.fr.html", "<p>Quittance</p>", None, id="locale that nobody looked at"),
        pytest.param("templates/plain.html.txt", "nobody asks for it", None, id="no template of anybody"),
        pytest.param("attachments/terms.txt", "Other terms", ["billing.receipt"], id="attachment"),
        pytest.param("notifications/plain.yaml", "subject: Other\ntext: |\n  x\n", ["plain"], id="definition"),
        pytest.param("notifications/deep/er/new.yaml", "subject: New\ntext: |\n  x\n", ["deep.er.new"], id="new one"),
        pytest.param("notifications/README.md", "nothing", None, id="no definition"),
    ],
)
def test_a_change_names_whom_it_affects(
    preview: Preview, stream: Stream, name: str, text: str, expected: list[str] | None
) -> None:
    """An event names the notifications that were made of the file, or would be, and no other."""
    if name == "templates/welcome.de.html":
        preview.site.get("/n/welcome/default?locale=de")
    preview.write(name, text)
    if expected is None:
        preview.write("templates/parts/footer.html", "<p>Something else</p>")

    event = stream.next("changed")

    assert event is not None
    assert {"notifications": expected or ["welcome"], "all": False} == event


def test_editors_replace_files(preview: Preview, stream: Stream) -> None:
    """A file that is written beside the old one and takes its name is a change of that name."""
    preview.write("templates/parts/.footer.html.swp", "<p>Replaced</p>")
    assert stream.next("changed", within=0.3) is None
    (preview.folder / "templates/parts/.footer.html.swp").replace(preview.folder / "templates/parts/footer.html")

    assert ["welcome"] == changed(stream)
    assert "Replaced" in preview.site.get("/n/welcome/default/render.html").text


def test_a_folder_that_moves(preview: Preview, stream: Stream) -> None:
    """Whoever uses templates of a folder is named when it goes, and when it comes back."""
    (preview.folder / "templates/kinds").rename(preview.folder / "elsewhere")
    gone = changed(stream)
    settled(preview)
    (preview.folder / "elsewhere").rename(preview.folder / "templates/kinds")

    assert (["billing.receipt"], ["billing.receipt"]) == (gone, changed(stream))


def test_a_faulty_definition_keeps_the_last_good_one(preview: Preview, stream: Stream) -> None:
    """While YAML is broken the page shows what was right before, and says so; mended, it shows the new one."""
    site = preview.site
    preview.write("notifications/plain.yaml", "subject: [\n")
    broken = changed(stream)
    meanwhile = site.get("/n/plain/default")
    listed = next(each for each in site.api("/")["notifications"] if each["id"] == "plain")
    preview.write("notifications/plain.yaml", FILES["notifications/plain.yaml"].replace("Plain", "Mended"))
    mended = changed(stream)

    assert (["plain"], ["plain"]) == (broken, mended)
    assert "The file has faults: this is what it said before" in meanwhile.text
    assert "Only text" in site.get("/n/plain/default/render.txt").text
    assert 1 == len(listed["faults"])
    assert "Mended" == site.api("/n/plain/default")["mail"]["subject"]


def test_a_definition_that_goes(preview: Preview, stream: Stream) -> None:
    """A removed definition is named, and its page is not there any more."""
    (preview.folder / "notifications/plain.yaml").unlink()

    assert ["plain"] == changed(stream)
    assert 404 == preview.site.get("/n/plain/default").status


def test_notify_yaml_changes_everything(preview: Preview, stream: Stream) -> None:
    """Other globals are seen by every notification; all of them are named."""
    preview.write("notify.yaml", FILES["notify.yaml"].replace("name: Shop", "name: Store"))

    assert {"notifications": ALL, "all": True} == stream.next("changed")
    assert "Welcome to Store, Ada" == preview.site.api("/n/welcome/default")["mail"]["subject"]


def test_broken_notify_yaml_keeps_the_last_good_state(preview: Preview, stream: Stream) -> None:
    """What is wrong is told at once, without a secret; pages go on as before until it is mended, which is told too."""
    site = preview.site
    preview.write("notify.yaml", FILES["notify.yaml"] + "colour: red\n")
    trouble = stream.next("trouble")
    meanwhile = site.api("/n/welcome/default")["mail"]["subject"]
    told = site.api("/")["trouble"]
    preview.write("templates/parts/footer.html", "<p>Still followed</p>")
    followed = changed(stream)
    preview.write("notify.yaml", FILES["notify.yaml"].replace("name: Shop", "name: Store"))
    mended = stream.next("trouble")

    assert trouble is not None
    assert trouble["message"] == told
    assert "notify.yaml:" in told
    assert "hunter2" not in told
    assert "Welcome to Shop, Ada" == meanwhile
    assert ["welcome"] == followed
    assert {"message": ""} == mended
    assert ALL == changed(stream)
    assert "Welcome to Store, Ada" == site.api("/n/welcome/default")["mail"]["subject"]


def test_a_removed_notify_yaml(preview: Preview, stream: Stream) -> None:
    """Without the file it goes on, and says what is missing."""
    (preview.folder / "notify.yaml").unlink()

    trouble = stream.next("trouble")

    assert trouble is not None
    assert "notify.yaml" in trouble["message"]
    assert 200 == preview.site.get("/n/welcome/default").status


@pytest.mark.usefixtures("stream")
def test_a_folder_of_definitions_that_goes(preview: Preview) -> None:
    """Without the folder, what was there stays in use; a new one is followed."""
    shutil.rmtree(preview.folder / "notifications")
    eventually(lambda: preview.site.api("/")["trouble"])
    preview.write("notifications/fresh.yaml", "subject: Fresh\ntext: |\n  x\n")

    eventually(lambda: [each["id"] for each in preview.site.api("/")["notifications"]] == ["fresh"])
    assert preview.site.api("/")["trouble"] is None


def test_plugins_are_loaded_again(tmp_path: Path) -> None:
    """A plugin's new code takes effect when its file is saved; broken code is told."""
    folder = shop(tmp_path, **{"notify.yaml": FILES["notify.yaml"] + "plugins: [plugins]\n"})
    (folder / "plugins").mkdir()
    plugin = "import notify\n\n@notify.hookimpl\ndef notify_context():\n    return {'motto': 'first'}\n"
    with previewed(folder) as preview, listening(preview) as stream:
        preview.write("templates/parts/footer.html", "<p>{{ motto | default('none') }}</p>")
        changed(stream)
        preview.write("plugins/shop_motto.py", plugin)
        event = stream.next("changed")
        shown = preview.site.get("/n/welcome/default/render.html").text
        preview.write("plugins/shop_motto.py", "raise ValueError('no')\n")

        assert {"notifications": ALL, "all": True} == event
        assert "<p>first</p>" in shown
        assert stream.next("trouble") is not None


def test_through_a_link(tmp_path: Path) -> None:
    """A project folder that is a link to another is followed like that other."""
    shop(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with previewed(tmp_path / "link") as preview, listening(preview) as stream:
        (tmp_path / "real/templates/parts/footer.html").write_text("<p>x</p>")
        template = changed(stream)
        (tmp_path / "real/notifications/plain.yaml").write_text("subject: x\ntext: |\n  x\n")
        definition = changed(stream)
        (tmp_path / "real/notify.yaml").write_text(FILES["notify.yaml"].replace("name: Shop", "name: Store"))

        assert (["welcome"], ["plain"], ALL) == (template, definition, changed(stream))


def test_mail_is_told(preview: Preview, stream: Stream) -> None:
    """What any process puts into a folder of the mailbox is told, also when the folder is new."""
    mailbox = Mailbox([preview.folder / ".notify" / "mail"])
    mailbox.add(b"Subject: One\r\n\r\nx\r\n", envelope_sender="a@example.com", recipients=["b@example.com"])
    first = stream.next("mail")
    eventually(lambda: mailbox.folders[0] in preview.desk.watcher._roots())
    while stream.next("mail", within=0.5):
        pass
    mailbox.add(b"Subject: Two\r\n\r\nx\r\n", envelope_sender="a@example.com", recipients=["b@example.com"])

    assert {} == first == stream.next("mail")
    assert 2 == preview.site.api("/mailbox")["total"]


def test_it_ends_with_the_last_listener(preview: Preview) -> None:
    """Nothing is watched when nobody listens, and a plain request sees changes all the same."""
    with listening(preview):
        pass
    eventually(lambda: not preview.desk.project.followed)
    preview.write("notifications/fresh.yaml", "subject: Fresh\ntext: |\n  x\n")

    assert 200 == preview.site.get("/n/fresh/-").status
    with listening(preview) as stream:
        preview.write("templates/parts/footer.html", "<p>Again</p>")
        assert ["welcome"] == changed(stream)


def test_several_listeners(preview: Preview) -> None:
    """Each open page hears of a change."""
    with listening(preview) as one, listening(preview) as other:
        preview.write("templates/parts/footer.html", "<p>x</p>")

        assert (["welcome"], ["welcome"]) == (changed(one), changed(other))


def test_two_changes_in_a_row(tmp_path: Path) -> None:
    """A second change before anything was rendered again is told like the first."""
    desk = desk_of(shop(tmp_path))
    desk.renderings.of(_state("welcome"))
    told: list[str] = []
    desk.hub.publish = lambda kind, **_: told.append(kind)  # type: ignore[method-assign]
    desk.watcher.take([tmp_path / "templates/parts/footer.html"])
    desk.watcher.take([tmp_path / "templates/parts/footer.html"])
    desk.close()

    assert ["changed", "changed"] == [kind for kind in told if kind == "changed"]


def test_a_saved_sample_is_told(preview: Preview, stream: Stream) -> None:
    """Pages hear of a sample that was saved in one of them."""
    answer = preview.site.post("/n/plain/default/save", {"name": "second"})

    assert 200 == answer.status
    assert ["plain"] == changed(stream)


def test_without_a_watcher_requests_look(preview: Preview) -> None:
    """Where nobody listens, each page shows the files as they are, and how notifications stand is found out again."""
    site = preview.site

    def standing(wanted: str) -> bool:
        """Whether `welcome` stands so by now."""
        found: list[str] = [each["status"] for each in site.api("/")["notifications"] if each["id"] == "welcome"]
        return found == [wanted]

    eventually(lambda: standing("good"), pause=0.3)
    preview.write("templates/parts/footer.html", "{{ wrong }}")
    shown = site.get("/n/welcome/default").text

    assert "The template failed" in shown
    eventually(lambda: standing("error"), pause=0.3)
    preview.write("templates/parts/footer.html", "right")
    eventually(lambda: standing("good"), pause=0.3)
    preview.write("notify.yaml", FILES["notify.yaml"].replace("globals: {brand:", "globals: {brands:"))
    eventually(lambda: standing("error"), pause=0.3)


def test_who_asks_often_learns_it_too(preview: Preview) -> None:
    """Requests keep the inspector from its work for a while only."""
    eventually(lambda: {each["status"] for each in preview.site.api("/")["notifications"]} != {"unknown"})


def test_what_is_not_followed(tmp_path: Path) -> None:
    """A project whose files are not followed has no folders above, and takes changes of its mailbox only."""
    desk = desk_of(shop(tmp_path), follow=False)
    (tmp_path / ".notify/mail").mkdir(parents=True)
    with_mail = desk.watcher._roots()
    desk.watcher.take([tmp_path / "notify.yaml", tmp_path / "templates/welcome.html"])
    desk.close()

    assert [tmp_path / ".notify/mail"] == with_mail
    assert [] == desk.watcher._above()


def test_nothing_to_watch(tmp_path: Path) -> None:
    """Where no folder is there yet, it looks again after a moment."""
    desk = desk_of(shop(tmp_path), follow=False)
    hub = Hub()
    inspector = Inspector(desk.project, desk.renderings, hub)
    watcher = Watcher(desk.project, desk.renderings, inspector, hub, Mailbox([tmp_path / "none/yet"]))
    heard: list[str] = []

    async def listen() -> None:
        with hub.subscription(watcher.adjust) as queue:
            await asyncio.sleep(0.2)
            (tmp_path / "none/yet").mkdir(parents=True)
            (tmp_path / "none/yet/a.eml").write_bytes(b"Subject: x\r\n\r\n")
            while "mail" not in heard:
                heard.append((await asyncio.wait_for(queue.get(), PATIENCE)).kind)

    asyncio.run(listen())
    inspector.close()
    desk.close()

    assert "mail" in heard


def test_three_hundred_reloads_keep_nothing(tmp_path: Path) -> None:
    """However often files change, no more renderings, files and notifications are kept than there are."""
    desk = desk_of(shop(tmp_path))
    footer, definition = tmp_path / "templates/parts/footer.html", tmp_path / "notifications/plain.yaml"
    counts = set()
    for number in range(300):
        footer.write_text(f"<p>{number}</p>")
        os.utime(footer, ns=(number * 10**9, number * 10**9))
        definition.write_text(f"subject: '{number}'\ntext: |\n  x\n")
        (tmp_path / f"notifications/new{number}.yaml").write_text("subject: x\ntext: |\n  x\n")
        (tmp_path / f"notifications/new{number - 1}.yaml").unlink(missing_ok=True)
        desk.watcher.take([footer, definition, tmp_path / f"notifications/new{number}.yaml"])
        for name in ("welcome", "plain", f"new{number}"):
            state = _state(name, sample="default" if name == "welcome" else "-")
            assert desk.renderings.of(state).error is None
        if number > 100:
            renderings = desk.renderings
            desk.inspector.close()
            counts.add((len(renderings._kept) <= 64, len(renderings._good) <= 32, len(renderings._files) <= 6))
    desk.close()

    assert {(True, True, True)} == counts
    assert 5 == len(desk.project.entries) == len(desk.project.notifier.catalog)
    assert 1 >= sum(each.name == "notify-preview-inspector" for each in threading.enumerate())


def _state(name: str, sample: str = "default") -> Any:
    from notify.preview.state import State

    return State(notification=name, sample=sample)


def test_it_watches_again(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the system refuses to watch, it tries again after a moment."""
    real, calls = watchfiles.awatch, []

    def failing(*folders: Path, **named: Any) -> Any:
        calls.append(folders)
        if len(calls) <= 2:
            raise OSError("no more watches")
        return real(*folders, **named)

    monkeypatch.setattr(watchfiles, "awatch", failing)
    monkeypatch.setattr("notify.preview.watching._LATER", 0.05)
    with listening(preview) as stream:
        eventually(lambda: len(calls) >= 4)
        settled(preview)
        preview.write("templates/parts/footer.html", "<p>x</p>")

        assert ["welcome"] == changed(stream)


def test_the_mailbox_follows_the_configuration(preview: Preview) -> None:
    """Where a file transport gets another folder, the mailbox shows, and watches, the mails of that one."""
    with listening(preview) as stream:
        text = FILES["notify.yaml"].replace("{transport: file}", "{transport: {type: file, folder: elsewhere}}", 1)
        preview.write("notify.yaml", text)
        assert stream.next("changed") is not None
        settled(preview)
        preview.desk.project.notifier.send("plain", to="ada@example.com")
        assert stream.next("mail") is not None

    assert (preview.folder / "elsewhere").is_dir()
    assert 1 == preview.desk.mailbox.list()[1]
