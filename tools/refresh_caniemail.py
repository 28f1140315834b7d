"""Makes `notify/checks/clients/caniemail.json` of the data of caniemail.com, which the npm package `caniemail` carries.

```
python tools/refresh_caniemail.py [VERSION | FILE.tgz]
```
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE, VERSION = "caniemail", "2.0.2"
TARGET = Path(__file__).resolve().parent.parent / "notify" / "checks" / "clients" / "caniemail.json"
COPYRIGHT = "Copyright (c) 2019 HTeuMeuLeu (the data of caniemail.com)"
"""As the licence of the data's own repository has it (github.com/hteumeuleu/caniemail)."""
_NOTE = re.compile(r"#(\d+)")


def main() -> None:
    """Fetch the package, unless a file is given, and write the data."""
    given = sys.argv[1] if len(sys.argv) > 1 else VERSION
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(given) if given.endswith(".tgz") else packed(given, Path(folder))
        with tarfile.open(archive) as tar:
            data = json.loads(_member(tar, "package/data/caniemail.json"))
            package = json.loads(_member(tar, "package/package.json"))
            licence = _member(tar, "package/LICENSE")
    result = compact(data, f"{package['name']} {package['version']}", licence)
    lines = [
        f"{json.dumps(slug)}: {json.dumps(row, ensure_ascii=False)}" for slug, row in result.pop("features").items()
    ]
    head = json.dumps(result, ensure_ascii=False, indent=1)[:-2]
    TARGET.write_text(f'{head},\n "features": {{\n  ' + ",\n  ".join(lines) + "\n }\n}\n", encoding="utf-8")
    sys.stderr.write(f"{TARGET}: {len(lines)} features of {result['date']}\n")


def packed(version: str, folder: Path) -> Path:
    """The package's archive, fetched from the registry."""
    command = ["npm", "pack", f"{PACKAGE}@{version}", "--silent"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return next(folder.glob("*.tgz"))


def compact(data: dict[str, Any], source: str, licence: str) -> dict[str, Any]:
    """What the checks need of the data.

    A feature is a list: its title, a letter for each client (y: supported, a: partly, n: not, u: unknown, -: not
    tested) in its latest version, the month of the last test, and the clients by note.
    """
    clients = sorted(
        {f"{family}.{name}" for each in data["data"] for family, of in each["stats"].items() for name in of}
    )
    names = data["nicenames"]
    return {
        "source": f"https://www.caniemail.com, by way of the npm package {source}",
        "date": data["last_update_date"][:10],
        "licence": [COPYRIGHT, *(line for line in licence.splitlines() if line)],
        "families": names["family"],
        "platforms": names["platform"],
        "clients": clients,
        "features": {each["slug"]: _feature(each, clients) for each in data["data"]},
    }


def _feature(feature: dict[str, Any], clients: list[str]) -> list[Any]:
    letters, noted = [], {}
    for number, client in enumerate(clients):
        family, _, platform = client.partition(".")
        versions = list(feature["stats"].get(family, {}).get(platform, {}).values())
        latest = versions[-1] if versions else "-"
        letters.append(latest[0])
        for note in _NOTE.findall(latest):
            text = (feature["notes_by_num"] or {}).get(note)
            if text:
                noted.setdefault(" ".join(text.split()), []).append(number)
    return [feature["title"].strip(), "".join(letters), (feature["last_test_date"] or "")[:7], noted]


def _member(tar: tarfile.TarFile, name: str) -> str:
    file = tar.extractfile(name)
    if file is None:
        raise SystemExit(f"the archive has no {name}")
    return file.read().decode()


if __name__ == "__main__":
    main()
