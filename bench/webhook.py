"""Signed events of SendGrid on their way into the delivery log, in calls of 100, beside plain inserts of as many rows.

Each event is new, and about another mail of the log, whose status it moves. A plain insert writes the same columns into
the same table, 100 rows a transaction, by the driver's `executemany`. Whatever is compared is durable when it returns.

`python -m bench.webhook URL KEY` serves the application, and prints its port.
"""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import brokers
from bench.results import Table
from bench.running import measured, say
from bench.timing import ContenderError
from bench.workers import ROOT, environ
from notify.database import Database, migrations
from notify.feedback import WebhookApp
from notify.log import Log, Record, Status, note
from notify.people import People
from notify.suppression import SuppressionList
from notify_sendgrid.webhook import SIGNATURE, TIMESTAMP, SendGridWebhook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.options import Options

    Calls = Sequence[tuple[dict[str, str], bytes]]

PLAIN = "plain inserts"
CALL = 100
"""Events in one call."""
_HEADERS = {"content-type": "application/json"}
_PEOPLE = People()
_COLUMNS = (
    "provider", "event_id", "message_id", "person", "provider_id", "known", "kind", "at", "received_at", "reason",
    "code", "enhanced_code", "classification",
)  # fmt: skip


def _new_key() -> Any:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    return generate_private_key(SECP256R1())


@dataclass
class Place:
    """A database with the log, and the calls that are to come.

    Attributes:
        database: where the log is.
        name: what the rows call it.
        made: how many events there were so far.
        key: signs the calls.
    """

    database: Database
    name: str
    made: int = 0
    key: Any = field(default_factory=_new_key)

    @property
    def webhook(self) -> SendGridWebhook:
        """Takes what is signed with the key."""
        return SendGridWebhook(_public(self.key))

    def app(self) -> WebhookApp:
        """The application as an operator writes it."""
        return WebhookApp(self.webhook, Log(self.database, _PEOPLE, SuppressionList(self.database, _PEOPLE)).sink)

    def calls(self, number: int) -> list[tuple[dict[str, str], bytes]]:
        """So many signed calls, with events about mails that are in the log."""
        return [self._call() for _ in range(number)]

    def _call(self) -> tuple[dict[str, str], bytes]:
        numbers = range(self.made, self.made + CALL)
        self.made += CALL
        with self.database.writing() as connection:
            note(connection, [_record(each) for each in numbers])
        body = json.dumps([_event(each) for each in numbers]).encode() + b"\r\n"
        return _signed(self.key, body), body


def run(options: Options, scratch: Path) -> list[Table]:
    """One table for each database."""
    tables = [_table(Database(f"sqlite:///{scratch / 'webhook.db'}", scratch), "SQLite", options)]
    try:
        with brokers.postgres() as url:
            tables.append(_table(Database(url, scratch), "PostgreSQL", options))
    except ContenderError as error:
        say(f"webhook on PostgreSQL: skipped: {error}")
    return tables


def _table(database: Database, name: str, options: Options) -> Table:
    say(f"webhook on {name}")
    migrations.migrate(database)
    place = Place(database, name)
    calls = 10 if options.quick else 30
    with ExitStack() as stack:
        works = {
            PLAIN: _plain,
            "the sink": _sink,
            "the application, called": _called,
            "the application, over HTTP": stack.enter_context(_served(place)),
            "the same calls again": _again,
        }

        def measure(row: str, _: int) -> tuple[float, float, int]:
            given = place.calls(calls)
            work = works[row](place, given)
            begin, used = time.perf_counter(), time.process_time()
            work()
            took = time.perf_counter() - begin
            cpu = 0.0 if row.endswith("HTTP") else time.process_time() - used  # that is of another process
            return took, cpu, calls * CALL

        rows, skipped = measured(dict.fromkeys(works, PLAIN), measure, rounds=options.rounds(9))
    database.close()
    columns = {"rate": "events/s", "cpu": "CPU µs an event", "ratio": f"of {PLAIN}"}
    return Table(f"webhook_{name.lower()}", f"{name}: {CALL} events a call, durable", columns, rows, skipped)


def _plain(place: Place, calls: Calls) -> Callable[[], object]:
    mark = "?" if place.database.dialect == "sqlite" else "%s"
    statement = f"INSERT INTO notify_events ({', '.join(_COLUMNS)}) VALUES ({', '.join([mark] * len(_COLUMNS))})"  # noqa: S608
    batches = [[_row(each) for each in json.loads(body)] for _, body in calls]

    def work() -> None:
        for rows in batches:
            with place.database.writing() as connection:
                connection.connection.cursor().executemany(statement, rows)

    return work


def _sink(place: Place, calls: Calls) -> Callable[[], object]:
    sink = Log(place.database, _PEOPLE, SuppressionList(place.database, _PEOPLE)).sink
    batches = [place.webhook.parse(body).events for _, body in calls]
    return lambda: [sink.record(events) for events in batches]


def _called(place: Place, calls: Calls) -> Callable[[], object]:
    app = place.app()

    async def every() -> None:
        for headers, body in calls:
            assert await _answer(app, headers, body) == 204

    return lambda: asyncio.run(every())


def _again(place: Place, calls: Calls) -> Callable[[], object]:
    work = _called(place, calls)
    work()
    return work


@contextmanager
def _served(place: Place) -> Iterator[Callable[..., Callable[[], object]]]:
    url = place.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "bench.webhook", url, _public(place.key)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environ()) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline() or 0)

        def made(_: Place, calls: Calls) -> Callable[[], object]:
            def work() -> None:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                for headers, body in calls:
                    connection.request("POST", "/", body, headers)
                    answer = connection.getresponse()
                    answer.read()
                    assert answer.status == 204
                connection.close()

            return work

        try:
            yield made
        finally:
            server.terminate()


async def _answer(app: WebhookApp, headers: dict[str, str], body: bytes) -> int:
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        if "status" in message:
            statuses.append(message["status"])

    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": "POST", "headers": pairs}, receive, send)
    return statuses[0]


def _record(number: int) -> Record:
    return Record(
        message_id=f"<{number}.{number * 7919}@acme.example>",
        person=f"person{number}@example.com",
        status=Status.SENT,
        notification="order_shipped",
        category="transactional",
        transport="sendgrid",
        provider_id=f"{number}.dfd.64b469",
        attempts=1,
    )


def _event(number: int) -> dict[str, Any]:
    """As SendGrid tells it; in a hundred, one bounced hard."""
    hard = number % CALL == 0
    return {
        "email": f"person{number}@example.com",
        "timestamp": int(time.time()),
        "smtp-id": f"<{number}.dfd.64b469@ismtpd-555>",
        "event": "bounce" if hard else "delivered",
        "type": "bounce",
        "category": ["orders"],
        "sg_event_id": f"ZGVsaXZlcmVkLTAt{number}",
        "sg_message_id": f"{number}.dfd.64b469.filter0001.16648.5515E0B88.0",
        "response": "550 5.1.1 no such user" if hard else "250 2.0.0 OK 1795799377 gsmtp",
        "notify_id": f"<{number}.{number * 7919}@acme.example>",
    }


def _row(said: dict[str, Any]) -> tuple[Any, ...]:
    at = float(said["timestamp"])
    words, kind, code = said["response"], said["event"], int(said["response"][:3])
    ids = said["sg_event_id"], said["notify_id"], said["email"], said["smtp-id"]
    return ("sendgrid", *ids, 1, kind, at, at, words, code, words[4:9], "")


def _public(key: Any) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def _signed(key: Any, body: bytes) -> dict[str, str]:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    stamp = str(int(time.time()))
    signature = base64.b64encode(key.sign(stamp.encode() + body, ECDSA(SHA256()))).decode()
    return {**_HEADERS, SIGNATURE: signature, TIMESTAMP: stamp}


def _serve(url: str, key: str) -> None:
    import uvicorn

    database = Database(url, Path.cwd())
    app = WebhookApp(SendGridWebhook(key), Log(database, _PEOPLE, SuppressionList(database, _PEOPLE)).sink)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning")
    socket = config.bind_socket()
    socket.listen()  # before anybody knows of it
    print(socket.getsockname()[1], flush=True)
    uvicorn.Server(config).run([socket])


if __name__ == "__main__":
    _serve(*sys.argv[1:])
