"""Forks processes that enqueue for ever and print each job, and kills each of them at a random moment.

What was printed goes to stdout, as a JSON list of [id, name].
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time

from notify import Attachment, Notifier


def enqueue(project: str, name: str, pipe: int) -> None:
    """Enqueue until killed."""
    with Notifier.load(project) as notifier:
        number = 0
        while True:
            number += 1
            word = f"{name}.{number}"
            # Of every second job the content of an attachment lies beside it, of the others nothing.
            files = [Attachment(filename="name.txt", content=word.encode())] * (number % 2)
            job = notifier.enqueue("hello", to="a@example.com", params={"name": word}, attachments=files)
            os.write(pipe, f"{job.id} {word}\n".encode())


def main(project: str, rounds: int) -> list[tuple[int, str]]:
    """All that was printed."""
    with Notifier.load(project) as notifier:
        # What is imported before the fork, each child has at once.
        notifier.render("hello", to="a@example.com", params={"name": "A"})
        notifier.outbox.stats()
    printed: list[tuple[int, str]] = []
    for number in range(rounds):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                enqueue(project, str(number), writing)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading, "rb") as lines:
            first = lines.readline()
            time.sleep(random.uniform(0, 0.08))  # noqa: S311 - it guards nothing
            os.kill(child, signal.SIGKILL)
            text = first + lines.read()
        os.waitpid(child, 0)
        for line in text.decode().splitlines():
            job, _, word = line.partition(" ")
            printed.append((int(job), word))
    return printed


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
