"""Digests and throttles through a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from leases import end_leases, events, look
from sqlalchemy import update
from working import job_of, opened, smtp_project, work

from notify.database.tables import now
from notify.outbox.leasing import Leases
from notify.outbox.state import DatabaseState
from notify.outbox.tables import jobs
from notify.outbox.throttles import held_back
from notify.testing import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Message, Notifier
    from notify.database import Database

NEWS = """
subject: "{{ items | length }} news for {{ name }}"
text: |
  {% for item in items %}
  - {{ item }}
  {% endfor %}
params: {items: "list[str]", name: str}
"""


@pytest.fixture(autouse=True)
def _tables(database: Database) -> None:
    """The outbox has its tables."""


def news(project: Path, more: str) -> Path:
    """The project with a notification that has a list."""
    (project / "notifications" / "news.yaml").write_text(NEWS + more, encoding="utf-8")
    return project


def put(notifier: Notifier, item: str, to: str = "ada@example.com", name: str = "Ada") -> int:
    """Enqueue one item."""
    return notifier.enqueue("news", to=to, params={"items": [item], "name": name}).id


def pass_time(notifier: Notifier, *ids: int) -> None:
    """As if the window of jobs had passed."""
    with notifier.outbox.database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(due_at=now() - 1.0))


def mails(notifier: Notifier) -> list[Message]:
    """What the memory transport has."""
    return list(notifier.transports["memory"].messages)  # type: ignore[attr-defined]


def test_calls_become_one_message(project: Path) -> None:
    """When the first has waited long enough; its list has the items of all, and else the last call counts."""
    with opened(news(project, "digest: {window: 1h}")) as notifier:
        ids = [put(notifier, item) for item in ("a", "b")] + [put(notifier, "c", name="Countess")]
        other = put(notifier, "z", to="bob@example.com")
        work(notifier)
        assert [] == mails(notifier)
        pass_time(notifier, ids[0], other)
        work(notifier)
        by_recipient = {message.to[0].email: message for message in mails(notifier)}

        assert "3 news for Countess" == by_recipient["ada@example.com"].subject
        assert "- a\n- b\n- c\n" == by_recipient["ada@example.com"].text
        assert "1 news for Ada" == by_recipient["bob@example.com"].subject
        assert ["sent"] * 4 == [job_of(notifier, each).state for each in (*ids, other)]
        assert by_recipient["ada@example.com"].message_id == job_of(notifier, ids[0]).message_id
        assert [ids[0]] * 3 == [job_of(notifier, each).leader for each in ids]


def test_a_digest_has_a_most(project: Path) -> None:
    """What is more goes in the next message, also where all are due at once."""
    with opened(news(project, "digest: {window: 1h, max: 2}")) as notifier:
        ids = [put(notifier, item) for item in "abcde"]
        pass_time(notifier, *ids)
        worker = work(notifier)

        assert ["- a\n- b\n", "- c\n- d\n", "- e\n"] == [message.text for message in mails(notifier)]
        assert 3 == worker.counts.totals()["sent"]


def test_a_digest_by_a_param(project: Path) -> None:
    """Other values, other messages."""
    with opened(news(project, "digest: {window: 1h, by: [recipient, name]}")) as notifier:
        ids = [put(notifier, item, name=name) for item, name in (("a", "Ada"), ("b", "Bea"), ("c", "Ada"))]
        pass_time(notifier, *ids)
        work(notifier)

        assert ["2 news for Ada", "1 news for Bea"] == [message.subject for message in mails(notifier)]


def test_a_digest_is_tried_again_as_it_was(project: Path) -> None:
    """What came meanwhile goes in another message."""
    rules = [{"at": "eod", "times": 1, "do": [{"reply": "451 4.3.0 later"}]}]
    folder = news(project, "digest: {window: 1h}")
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(folder, server.port)) as notifier:
        ids = [put(notifier, item) for item in "ab"]
        pass_time(notifier, *ids)
        work(notifier)
        states = [job_of(notifier, each).state for each in ids]
        late = put(notifier, "c")
        pass_time(notifier, *ids, late)
        work(notifier)
        texts = [message.data.rpartition(b"\r\n\r\n")[2] for message in server.messages]

        assert ["queued", "queued"] == states
        assert [b"- a\r\n- b\r\n", b"- c\r\n"] == sorted(texts)
        assert ["sent"] * 3 == [job_of(notifier, each).state for each in (*ids, late)]
        assert [["attempt", "attempt"]] * 2 == [events(notifier.outbox.database, each) for each in ids]


def test_a_digest_that_cannot_be_rendered(project: Path) -> None:
    """All of its jobs are put aside, with the reason."""
    with opened(news(project, "digest: {window: 1h}")) as notifier:
        ids = [put(notifier, item) for item in "ab"]
    path = project / "notifications" / "news.yaml"
    path.write_text(
        path.read_text("utf-8").replace("name: str", "age: int").replace("{{ name }}", "{{ age }}"), "utf-8"
    )
    with opened(project) as notifier:
        pass_time(notifier, *ids)
        work(notifier)

        assert ["failed"] * 2 == [job_of(notifier, each).state for each in ids]
        assert "age: expected" in str(job_of(notifier, ids[1]).reason)


@pytest.mark.parametrize(("after", "state"), [("", "sent"), (None, "failed")])
def test_a_digest_that_is_none_any_more(project: Path, after: str | None, state: str) -> None:
    """Between two tries, as its definition says so or is gone: its jobs are on their own then, and none is left."""
    rules = [{"at": "eod", "times": 1, "do": [{"reply": "451 4.3.0 later"}]}]
    folder = news(project, "digest: {window: 1h}")
    with ScriptedServer({"rules": rules}) as server:
        with opened(smtp_project(folder, server.port)) as notifier:
            ids = [put(notifier, item) for item in "ab"]
            pass_time(notifier, *ids)
            work(notifier)
        if after is None:
            (folder / "notifications" / "news.yaml").unlink()
        else:
            news(project, after)
        with opened(folder) as notifier:
            pass_time(notifier, *ids)
            work(notifier)

            assert [state] * 2 == [job_of(notifier, each).state for each in ids]


def test_more_than_the_throttle_waits(project: Path) -> None:
    """Until the first of them is an hour old; of other recipients nobody waits."""
    with opened(news(project, "throttle: 2/hour")) as notifier:
        ids = [put(notifier, item) for item in "abc"]
        other = put(notifier, "z", to="bob@example.com")
        work(notifier)
        row = look(notifier.outbox.database, ids[2])

        assert ["sent", "sent", "queued", "sent"] == [job_of(notifier, each).state for each in (*ids, other)]
        assert ("more than 2/hour to one recipient", 0, []) == (
            row["reason"],
            row["attempts"],
            events(notifier.outbox.database, ids[2]),
        )
        assert 3000 < row["due_at"] - row["changed_at"] < 3700


def test_more_than_the_throttle_is_cancelled(project: Path) -> None:
    """Where the definition says so; the job says why."""
    with opened(news(project, "throttle: {rate: 1/day, over: cancel}")) as notifier:
        ids = [put(notifier, item) for item in "ab"]
        work(notifier)
        job = job_of(notifier, ids[1])

        assert ("cancelled", "more than 1/day to one recipient") == (job.state, job.reason)
        assert ["cancelled"] == [each["event"] for each in job.history]


def test_a_digest_counts_as_one_message(project: Path) -> None:
    """A throttle is about messages."""
    with opened(news(project, "digest: {window: 1h}\nthrottle: 1/hour")) as notifier:
        first = [put(notifier, item) for item in "ab"]
        pass_time(notifier, *first)
        work(notifier)
        second = [put(notifier, item) for item in "cd"]
        pass_time(notifier, *second)
        work(notifier)

        assert ["- a\n- b\n"] == [message.text for message in mails(notifier)]
        assert ["queued"] * 2 == [job_of(notifier, each).state for each in second]


def test_a_transport_that_is_out_of_order(project: Path) -> None:
    """What waits for it keeps its place, however often it is looked at, and is not more than the throttle lets by."""
    rules = [{"at": "mail", "times": 2, "do": [{"reply": "530 5.7.0 who are you"}]}]
    folder = news(project, "throttle: {rate: 1/day, over: cancel}")
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(folder, server.port)) as notifier:
        job = put(notifier, "a")
        for state in ("queued", "queued", "sent"):
            pass_time(notifier, job)
            work(notifier)

            assert (state, 0 if state == "queued" else 1) == (
                job_of(notifier, job).state,
                job_of(notifier, job).attempts,
            )


def test_a_worker_that_is_lost_before_it_begins(project: Path) -> None:
    """Its job keeps its place; there is none for another one."""
    with opened(news(project, "throttle: {rate: 1/day, over: cancel}")) as notifier:
        first, second = put(notifier, "a"), put(notifier, "b")
        database = notifier.outbox.database
        leases, state = Leases(database), DatabaseState(database)
        job = leases.take_one("one", first)
        assert job is not None
        assert held_back(job, notifier.catalog, state) is None
        end_leases(database)
        work(notifier)

        assert ["sent", "cancelled"] == [job_of(notifier, each).state for each in (first, second)]


def test_a_try_is_counted_once(project: Path) -> None:
    """A message that is tried again has its place already."""
    rules = [{"at": "eod", "times": 1, "do": [{"reply": "451 4.3.0 later"}]}]
    folder = news(project, "throttle: 1/hour")
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(folder, server.port)) as notifier:
        job = put(notifier, "a")
        work(notifier)
        pass_time(notifier, job)
        work(notifier)

        assert "sent" == job_of(notifier, job).state
