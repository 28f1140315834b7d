"""A transport that writes each message into a folder of its recipient, as `<root>/<address>/<message id>.eml`."""

from collections.abc import Mapping
from pathlib import Path

from notify import Capabilities, Message, Receipt, Transport, TransportConfigError, hookimpl, setting


class Directory(Transport):
    """Writes each message once for each of its recipients."""

    capabilities = Capabilities(delivers=False)  # nobody is written to, so `notify send` need not ask

    root: Path = setting("The folder that holds the recipients' folders.", default=Path("letters"))

    def send(self, message: Message) -> Receipt:
        """Write the message into each recipient's folder."""
        data = message.as_bytes()
        name = message.message_id.strip("<>").replace("/", "_") + ".eml"
        try:
            for recipient in message.envelope.recipients:
                folder = self.root / recipient.replace("/", "_")
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
        except OSError as error:
            raise TransportConfigError(
                f"{error.filename}: {error.strerror}", transport=self.name, advice="Set `root` to a folder of yours."
            ) from error
        return self.receipt(message, response=f"written below {self.root}")


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Offer the transport as `directory`."""
    return {"directory": Directory}
