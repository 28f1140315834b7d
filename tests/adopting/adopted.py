"""A project to adopt templates in, and what is found in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from notify import Catalog, Notifier
from notify.adopting import adopt
from notify.checks.checking import check
from notify.configuration import Configuration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify import Definition, Message
    from notify.adopting import Adoption

CORPUS = Path(__file__).with_name("corpus")
SETTINGS = (
    "sender: shop@acme.example\nglobals: {shop: {name: Acme}}\nenvironments: {development: {transport: memory}}\n"
)


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with notify.yaml."""

    folder: Path

    @classmethod
    def new(cls, folder: Path) -> Project:
        """An empty project."""
        for name in ("notifications", "templates"):
            (folder / name).mkdir(parents=True)
        (folder / "notify.yaml").write_text(SETTINGS, encoding="utf-8")
        return cls(folder)

    def notifier(self, *, definitions: bool = True) -> Notifier:
        """The project's notifier."""
        configuration = Configuration.load(self.folder / "notify.yaml")
        return Notifier(configuration=configuration, catalog=None if definitions else Catalog(()))

    def template(self, text: str, name: str = "mail.html") -> Path:
        """A template among the project's."""
        path = self.folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def adopt(self, file: Path, name: str | None = None, subject: str | None = None) -> Adoption:
        """Adopt a template, and write what comes of it."""
        adoption = adopt(self.notifier(definitions=False), file, name=name, subject=subject)
        for path, text in adoption.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return adoption

    def adopted(self, text: str, **more: str) -> Definition:
        """The definition that a template's text makes."""
        return self.notifier_after(self.adopt(self.template(text), **more))

    def notifier_after(self, adoption: Adoption) -> Definition:
        """The definition that was written."""
        return self.notifier().catalog[adoption.id]

    def params(self, text: str, **more: str) -> dict[str, str]:
        """The params that a template's text makes, with their defaults, and the fields of types as `Type.field`."""
        contract = self.adopted(text, **more).contract
        assert contract is not None
        found = {name: _shown(param) for name, param in contract.params.items()}
        for name, kind in contract.types.items():
            found |= {f"{name}.{field}": _shown(param) for field, param in getattr(kind, "fields", {}).items()}
        return found

    def findings(self, names: Sequence[str] = ()) -> list[str]:
        """What `notify check` finds of definitions and templates."""
        report = check(self.notifier(definitions=False), names=names, cached=False)
        return [
            f"{each.location.path}:{each.location.line} {each.rule} {each.message}"
            for each in report.findings
            if each.rule.startswith(("def-", "tpl-"))
        ]

    def render(self, name: str, sample: str = "default") -> Message:
        """What a sample renders to."""
        notifier = self.notifier()
        return notifier.render(name, to="ada@acme.example", params=notifier.catalog[name].samples[sample].params)


def _shown(param: object) -> str:
    annotation, required = getattr(param, "annotation", ""), getattr(param, "required", True)
    return annotation if required else f"{annotation} = {getattr(param, 'default', None)!r}"
