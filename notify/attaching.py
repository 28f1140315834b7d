"""From what is to be attached to attachments with their contents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.errors import NotifyError, ParamProblem, ParamsError, RenderError
from notify.message import Attachment
from notify.message.files import read_below

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.rendering import Recorder, RenderedAttachment


class Attaching:
    """Reads the files below one folder, and takes the values of params.

    Args:
        folder: where the files are.
        recorder: is told which of them are asked for.
    """

    def __init__(self, folder: Path, recorder: Recorder) -> None:
        self._folder = folder
        self._recorder = recorder

    def attached(
        self,
        notification: str,
        rendered: Sequence[RenderedAttachment],
        values: Mapping[str, Any],
        further: Sequence[Attachment],
    ) -> tuple[Attachment, ...]:
        """The attachments of a message.

        Args:
            notification: its id.
            rendered: what the definition attaches.
            values: the checked params.
            further: what the call attaches.

        Raises:
            ParamsError: a param that is to be attached is missing.
            RenderError: what the definition attaches cannot be read or used.
            ConfigError: what the call attaches cannot be read.
        """
        # Only where no params are declared can one be missing here.
        named = [each.param for each in rendered if each.param is not None]
        if missing := [name for name in named if name not in values]:
            raise ParamsError(notification, [ParamProblem(name, "bytes to attach", "nothing") for name in missing])
        # A param that may be None and is, attaches nothing.
        given = (each for each in rendered if each.param is None or values[each.param] is not None)
        return (*(self._of_definition(each, values) for each in given), *map(self._of_call, further))

    def _of_call(self, attachment: Attachment) -> Attachment:
        """The same with its content: a path of a call is below the folder, as one of a definition is."""
        if attachment.path is None:
            return attachment
        path = attachment.path
        if path.is_absolute() and path.is_relative_to(self._folder):
            path = path.relative_to(self._folder)
        return replace(attachment, path=None, content=read_below(self._folder, path.as_posix()))

    def _of_definition(self, each: RenderedAttachment, values: Mapping[str, Any]) -> Attachment:
        try:
            if each.param is not None:
                content, name = values[each.param], each.param
            else:
                path = each.path or ""
                self._recorder.attachment(path)
                content, name = read_below(self._folder, path), Path(path).name
            return Attachment(
                filename=each.filename or name, content=content, type=each.type, cid=each.cid, method=each.method
            )
        except NotifyError as error:
            raise RenderError(str(error), each.location) from error
