"""The benchmarks measure what they say: turns and ratios, the long way, right messages, tables and the picture."""

from __future__ import annotations

import asyncio
import time
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bench import chart, handlebars, relay, results, run, tables
from bench.checking import faults
from bench.contenders import project
from bench.results import Row, Table
from bench.running import attempted, measured, size_of
from bench.timing import ContenderError, interleave, quartiles, spread
from bench.worker import inputs
from bench.workers import Contender, Worker, started
from bench.workload import CASES, contexts

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"


def test_rows_take_turns_with_their_limit() -> None:
    """A limit is measured right before and right after each row, and the order turns from round to round."""
    order: list[str] = []

    def measure(name: str, _: int) -> float:
        order.append(name)
        return 1.0

    interleave({"A": "A", "B": "A", "C": "A"}, measure, rounds=2)

    assert ["A", "B", "A", "C", "A", "A", "C", "A", "B", "A"] == order


def test_a_ratio_is_to_the_neighbours() -> None:
    """What slows everything down in the same way changes no ratio."""
    pace = iter([10.0, 20.0, 10.0, 2.0, 4.0, 2.0])

    blocks, failed = interleave({"A": "A", "B": "A"}, lambda _name, _number: next(pace), rounds=2)

    assert [2.0, 2.0] == blocks["B"].ratios
    assert [20.0, 4.0] == blocks["B"].values
    assert [10.0, 10.0, 2.0, 2.0] == blocks["A"].values
    assert [] == blocks["A"].ratios
    assert {} == failed


def test_each_row_can_have_a_limit_of_its_own() -> None:
    """A row is compared with the limit it names, whatever was measured before it."""
    figures = {"A": 1.0, "B": 2.0, "X": 10.0, "Y": 40.0}

    blocks, _ = interleave({"A": "A", "X": "X", "B": "A", "Y": "X"}, lambda name, _: figures[name], rounds=3)

    assert [2.0] * 3 == blocks["B"].ratios
    assert [4.0] * 3 == blocks["Y"].ratios


def test_a_row_that_fails_leaves_the_others() -> None:
    """It is missing from then on, with why."""

    def measure(name: str, number: int) -> float:
        if name == "B" and number == 1:
            raise ContenderError("it fell over")
        return 1.0

    blocks, failed = interleave({"A": "A", "B": "A", "C": "A"}, measure, rounds=3)

    assert {"A", "C"} == blocks.keys()
    assert {"B": "it fell over"} == failed
    assert 3 == len(blocks["C"].ratios)


def test_quartiles_and_spread() -> None:
    """One figure is its own quartiles; the spread is half their distance over the median."""
    assert (3.0, 3.0, 3.0) == quartiles([3.0])
    assert (2.0, 3.0, 4.0) == quartiles([5.0, 1.0, 3.0, 2.0, 4.0])
    assert spread([5.0, 1.0, 3.0, 2.0, 4.0]) == pytest.approx(1 / 3)


@pytest.mark.parametrize("case", CASES)
def test_notify_makes_a_right_message(case: str) -> None:
    """Complete, with the words of its context, CSS inlined; and so for another context."""
    some = contexts(case, 7)

    made = list(project.render(case)(some))

    assert [[]] * 7 == [faults(octets, context, inlined=True) for octets, context in zip(made, some, strict=True)]
    assert 7 == len(set(made))


def test_contexts_are_the_same_each_time() -> None:
    """Two processes work on the same words, and each message has other ones."""
    assert contexts("order_shipped") == contexts("order_shipped")
    assert 500 == len({context.params["tracking_url"] for context in contexts("order_shipped")})
    assert {"name", "shop_name", "shop_url", "reset_url", "ip", "year"} == contexts("password_reset", 1)[
        0
    ].params.keys()


def test_an_attachment_is_in_the_message() -> None:
    """What is measured with a megabyte attached has it inside, octet for octet."""
    content = bytes(range(256)) * 40

    made = next(iter(project.attach()([content])))

    attached = next(iter(message_from_bytes(made, policy=default).iter_attachments()))
    assert content == attached.get_payload(decode=True)


def test_what_is_wrong_with_a_message_is_said() -> None:
    """A fast contender that leaves something out does not go unnoticed."""
    context, other = contexts("order_shipped", 2)
    right = next(iter(project.render("order_shipped")([context])))

    assert ["no text or no HTML"] == faults(b"Subject: x\r\n\r\nx\r\n", context)
    assert "the wrong recipient" in faults(right, other)
    assert "HTML lacks order_id" in faults(right, other)
    assert ["a line that ends in LF alone"] == faults(right.replace(b"\r\n", b"\n"), context)
    assert ["no Date"] == faults(right.replace(b"\r\nDate:", b"\r\nX-Date:"), context)
    assert ["CSS is not inlined"] == faults(right.replace(b"<h1 style", b"<h1 class"), context, inlined=True)
    assert ["a line of more than 998 octets"] == faults(
        right.replace(b"\r\nDate:", b"\r\nX: " + b"x" * 999 + b"\r\nDate:"), context
    )


def test_templates_of_handlebars_have_all_that_those_of_jinja_have(tmp_path: Path) -> None:
    """The layout is put around, and no construct of Jinja2 is left."""
    handlebars.write(tmp_path)
    written = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.hbs")}

    assert {f"{case}/{part}.hbs" for case in CASES for part in ("html", "text", "subject")} == written.keys()
    assert [] == [name for name, source in written.items() if "{%" in source or "{{ " in source]
    assert "Order {{order_id}} left our warehouse" in written["order_shipped/html.hbs"]
    assert "{{#each items}}\n{{this.qty}} x {{this.name}}" in written["order_shipped/text.hbs"]


def test_the_relay_delays_and_carries_octets_both_ways() -> None:
    """An answer comes back whole, no sooner than two round trips after connecting and one more for itself."""
    round_trip, sent = 0.05, bytes(range(256)) * 1000

    async def talk() -> tuple[bytes, float, float]:
        async with await asyncio.start_server(_echo, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with await relay.serve("127.0.0.1", port, round_trip) as far:
                begin = time.monotonic()
                reader, writer = await asyncio.open_connection("127.0.0.1", far.sockets[0].getsockname()[1])
                await reader.readexactly(len(b"hello\r\n"))
                greeted = time.monotonic() - begin
                writer.write(sent)
                writer.write_eof()
                answer = await reader.read(-1)
                answered = time.monotonic() - begin
                writer.close()
                return answer, greeted, answered

    answer, greeted, answered = asyncio.run(talk())

    assert sent == answer
    assert greeted >= 2 * round_trip
    assert answered >= 3 * round_trip


def test_the_relay_ends_a_connection_that_leads_nowhere() -> None:
    """Where nothing listens, the client sees the end, not a wait for ever."""

    async def talk() -> bytes:
        async with await asyncio.start_server(_echo, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
        async with await relay.serve("127.0.0.1", port, 0.01) as far:
            reader, writer = await asyncio.open_connection("127.0.0.1", far.sockets[0].getsockname()[1])
            answer = await reader.read(-1)
            writer.close()
            return answer

    assert b"" == asyncio.run(talk())


def test_a_worker_does_the_work_in_a_process_of_its_own(tmp_path: Path) -> None:
    """It says how long it took, and shows what it makes."""
    with started([Contender("notify", "project", "render", ("password_reset",))], tmp_path) as (workers, skipped):
        seconds, cpu = workers["notify"].run(3, 2)
        sample = workers["notify"].sample(1)

    assert {} == skipped
    assert seconds > 0
    assert cpu > 0
    assert [] == faults(sample, contexts("password_reset", 2)[1], inlined=True)


def test_a_contender_that_is_not_installed_is_skipped(tmp_path: Path) -> None:
    """One line says what is missing; the others are measured."""
    rows = [Contender("nobody", "nobody", "render", ("password_reset",)), Contender("base64", "standard", "attach")]

    with started(rows, tmp_path) as (workers, skipped):
        assert ["base64"] == list(workers)

    assert {"nobody": "bench.contenders.nobody is not installed"} == skipped


def test_a_rate_is_the_ratio_at_the_pace_of_the_limit() -> None:
    """Messages a second and the ratio say the same, and what was counted is kept beside."""
    seconds = iter([1.0, 0.5, 1.0, 4.0, 1.0, 4.0])

    def measure(_name: str, _number: int) -> tuple[float, float, int]:
        return next(seconds), 0.001, 100

    rows, failed = measured({"A": "A", "B": "A"}, measure, rounds=2)

    assert ["A", "B"] == [row.name for row in rows]
    assert [2.0, 4.0] == rows[1].figures["ratio"]
    assert [62.5 * 2, 62.5 * 4] == rows[1].figures["rate"]
    assert [200.0, 100.0] == rows[1].figures["raw"]
    assert [10.0, 10.0] == rows[1].figures["cpu"]
    assert [100.0, 100.0, 25.0, 25.0] == rows[0].figures["rate"]
    assert {} == failed


def test_what_a_contender_raises_is_why_it_is_missing(tmp_path: Path) -> None:
    """A fault inside a worker ends neither the worker nor the suite."""
    (tmp_path / "messages.json").write_text('[["a@example.com", "eA=="]]')
    worker = Worker(Contender("smtplib", "standard", "deliver", ("127.0.0.1", 1)), tmp_path)
    try:
        with pytest.raises(ContenderError, match="ConnectionRefusedError"):
            worker.run(1)
        with pytest.raises(ContenderError, match="ConnectionRefusedError"):
            worker.run(1)
    finally:
        worker.close()


def test_a_contender_that_fails_at_once_is_skipped(tmp_path: Path) -> None:
    """The others go on without it."""
    (tmp_path / "messages.json").write_text('[["a@example.com", "eA=="]]')
    rows = [
        Contender("smtplib", "standard", "deliver", ("127.0.0.1", 1)),
        Contender("notify", "project", "render", ("password_reset",)),
    ]
    with started(rows, tmp_path) as (workers, skipped):
        found = attempted(workers, skipped, lambda _, worker: size_of(worker, 0.01, 0.0))

    assert {"notify"} == found.keys() == workers.keys()
    assert ["smtplib"] == list(skipped)
    assert found["notify"] >= 4


def test_attachments_differ(tmp_path: Path) -> None:
    """No cache can help: each attachment has other octets."""
    contents = inputs("attach", (), tmp_path)

    assert {1_000_000} == {len(content) for content in contents}
    assert len(contents) == len(set(contents))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with figures of two suites."""
    columns = {"rate": "messages/s", "ratio": "of bare Jinja2"}
    rows = [
        Row("bare Jinja2", {"rate": [1000.0, 1010.0, 1020.0]}),
        Row("notify", {"rate": [900.0, 1212.0, 1300.0], "ratio": [1.0, 1.25, 1.5]}),
        Row("redmail", {"rate": [40.0, 45.6, 50.0], "ratio": [0.04, 0.045, 0.05]}, note="HTML & <text> swapped"),
    ]
    rendered = Table("order_shipped", "t", columns, rows, {"emails": "gone", "Django": "gone"})
    results.save("render", "python bench/run.py render", [rendered], tmp_path)
    far = [Row("notify, 10 connections", {"rate": [150.0]}), Row("smtp-source, 1 session", {"rate": [5.9]})]
    sent = Table("latency", "far", {"rate": "messages/s"}, far)
    results.save("latency", "python bench/run.py latency", [sent], tmp_path)
    return tmp_path


def test_figures_are_kept_with_what_they_were_measured_on(kept: Path) -> None:
    """Blocks, quartiles, versions and the command; no paths."""
    loaded = results.load("render", kept)
    assert loaded is not None
    document, (table,) = loaded

    assert {"lower": 1056.0, "median": 1212.0, "upper": 1256.0} == document["tables"][0]["rows"][1]["summary"]["rate"]
    assert [900.0, 1212.0, 1300.0] == table.rows[1].figures["rate"]
    assert {"cpu", "cores", "system", "python", "node", "libraries"} == document["machine"].keys()
    assert "notify-framework" in document["machine"]["libraries"]
    assert "/" not in str(document["machine"]).replace("w/", "")
    assert results.load("smtp", kept) is None


def test_tables_are_markdown(kept: Path) -> None:
    """Medians, the ratio with its spread, notes, and who is missing."""
    printed = tables.all_tables(run.MEASURED, kept)

    assert "## render\n\n`python bench/run.py render` on 20" in printed
    assert "|  | messages/s | of bare Jinja2 | ± |\n|---|---:|---:|---:|\n| bare Jinja2 | 1,010 |  |  |\n" in printed
    assert "| notify | 1,212 | 1.25 | 10% |\n| redmail | 45.6 | 0.045 | 6% |" in printed
    assert "\n\nredmail: HTML & <text> swapped.\n\nSkipped: emails, Django: gone." in printed
    assert "## latency" in printed
    assert "## smtp" not in printed


def test_figures_have_three_digits() -> None:
    """More would say that they are exact."""
    figures = [12345.6, 123.4, 12.34, 1.234, 0.1234, 0.01234]

    assert ["12,346", "123", "12.3", "1.23", "0.12", "0.012"] == [tables.figure(each) for each in figures]


def test_the_picture_is_well_formed(kept: Path, tmp_path: Path) -> None:
    """It has a bar for each row that was measured, a longer one for a faster row, and colours for the dark."""
    picture = chart.draw(kept, tmp_path / "images" / "performance.svg")
    root = ET.parse(picture).getroot()  # noqa: S314 - our own
    bars = {rect.get("class"): float(rect.get("width", "0")) for rect in root.iter(f"{SVG}rect")}
    words = [text.text for text in root.iter(f"{SVG}text")]

    assert 5 + 1 == len(list(root.iter(f"{SVG}rect")))
    assert bars["ours"] > bars["bar"]
    assert "prefers-color-scheme: dark" in (root.findtext(f"{SVG}style") or "")
    assert {"Messages a second; longer is better", "redmail", "45.6", "notify, 10 connections", "150"} <= set(words)
    assert "url(" not in picture.read_text()


def test_there_is_no_picture_of_nothing(tmp_path: Path) -> None:
    """Without figures one clear error says what to do."""
    with pytest.raises(ContenderError, match="run the suites first"):
        chart.draw(tmp_path, tmp_path / "picture.svg")


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"hello\r\n")
    while octets := await reader.read(65536):
        writer.write(octets)
    writer.close()
