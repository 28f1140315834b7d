"""What a mail that is shown may do and load: its Content Security Policy (W3C, Content Security Policy Level 3)."""

from __future__ import annotations

_SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox"


def policy(*, remote: bool, images: bool = True) -> str:
    """The policy that stands in the document itself: no scripts, no forms, no frames, nothing from elsewhere.

    Args:
        remote: whether images, style sheets, fonts and films may be loaded from other hosts.
        images: whether there are images and films at all.
    """
    elsewhere = " https: http:" if remote else ""
    shown = f"data:{elsewhere}" if images else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"img-src {shown}",
            f"media-src {shown}",
            f"style-src 'unsafe-inline'{elsewhere}",
            f"font-src data:{elsewhere}",
            "script-src 'none'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def header_policy(*, remote: bool, images: bool = True) -> str:
    """The same for the `Content-Security-Policy` header, and the sandbox, which only a header can ask for."""
    return f"{policy(remote=remote, images=images)}; {_SANDBOX}"
