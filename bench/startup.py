"""The processor's time of whole processes, user and system: what every command and every cold start pays."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bench.results import Row, Table
from bench.timing import ContenderError, interleave
from bench.workers import ROOT, environ, python

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.options import Options

SHOP = ROOT / "examples" / "shop" / "notify.yaml"
PASS, CLICK, JINJA = "python -c pass", "import click", "import jinja2"
_DJANGO = (
    "from django.conf import settings; settings.configure(); import django; django.setup(); "
    "from django.core.mail import EmailMultiAlternatives"
)


def programs() -> dict[str, tuple[Sequence[str], str]]:
    """Each program with the name of the one that it is compared with."""
    notify = str(Path(python()).with_name("notify"))
    node = shutil.which("node") or "node"
    return {
        PASS: (_python("pass"), PASS),
        CLICK: (_python("import click"), CLICK),
        JINJA: (_python("import jinja2"), JINJA),
        "import notify": (_python("import notify"), JINJA),
        "from notify import Notifier": (_python("from notify import Notifier"), JINJA),
        "notify --help": ([notify, "--help"], CLICK),
        "notify render": ([notify, "--config", str(SHOP), "render", "order_confirmation", "--format", "html"], CLICK),
        "import aiosmtplib": (_python("import aiosmtplib"), JINJA),
        "import redmail": (_python("import redmail"), JINJA),
        "import emails": (_python("import emails"), JINJA),
        "Django's mail, set up": (_python(_DJANGO), JINJA),
        "import fastapi_mail": (_python("import fastapi_mail"), JINJA),
        "node -e 0": ([node, "-e", "0"], PASS),
        "node, require nodemailer": ([node, "-e", "require('nodemailer')"], PASS),
        "node, require email-templates": ([node, "-e", "require('email-templates')"], PASS),
    }


def run(options: Options, _: Path) -> list[Table]:
    """One table."""
    known, skipped = programs(), {}
    for name, (command, _limit) in list(known.items()):
        try:
            cpu_seconds(command)  # the first run writes the byte code, and tells what is missing
        except ContenderError as error:
            skipped[name] = str(error)
            del known[name]
    blocks, failed = interleave(
        {name: limit for name, (_command, limit) in known.items()},
        lambda name, _number: cpu_seconds(known[name][0]) * 1000,
        rounds=options.rounds(15),
    )
    rows = []
    for name, each in blocks.items():
        limit = known[name][1]
        ratio = {"ratio": each.ratios} if each.ratios else {}
        rows.append(Row(name if limit == name else f"{name}, to {limit}", {"cpu": each.values, **ratio}))
    columns = {"cpu": "CPU ms", "ratio": "times what it is compared with"}
    return [Table("startup", "whole processes", columns, rows, {**skipped, **failed})]


def cpu_seconds(command: Sequence[str]) -> float:
    """User and system time of a program.

    Raises:
        ContenderError: it is not there, or it failed.
    """
    try:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ())
    except OSError as error:
        raise ContenderError("not installed") from error
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ContenderError("not installed")
    return used.ru_utime + used.ru_stime


def _python(program: str) -> list[str]:
    return [python(), "-c", program]
