"""`notify.preview.opened`: mails of every make, taken apart."""

from __future__ import annotations

import base64
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify import Address, Attachment, Message
from notify.preview.opened import Opened, Part, open_mail

OUTLOOK = b"""From: =?iso-8859-1?Q?M=FCller=2C_J=F6rg?= <joerg@example.com>
To: "=?utf-8?B?QWRhIExvdmVsYWNl?=" <ada@example.com>,
\t=?utf-8?Q?Zo=C3=AB?= <zoe@example.com>
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_M=C3?= =?utf-8?Q?=BCnchen?=
Thread-Topic: x
Date: Mon, 30 Nov 2026 10:00:00 +0100
Message-ID: <abc@EXCH01.example.com>
X-MS-Has-Attach: yes
Content-Type: multipart/mixed;
\tboundary="_005_ABC_"; type="multipart/related"
MIME-Version: 1.0

This is a multi-part message in MIME format.
--_005_ABC_
Content-Type: multipart/related;
\tboundary="_004_ABC_";
\ttype="multipart/alternative"

--_004_ABC_
Content-Type: multipart/alternative;
\tboundary="_000_ABC_"

--_000_ABC_
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe=20
=80 5
--_000_ABC_
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<html><head><style>p {}</style></head><body><p>Gr=FC=DFe</p><o:p></o:p><img src=3D"cid:image001.png@01">=
</body></html>
--_000_ABC_--

--_004_ABC_
Content-Type: image/png; name="image001.png"
Content-Disposition: inline; filename="image001.png"; size=3
Content-ID: <image001.png@01>
Content-Transfer-Encoding: base64

AAEC

--_004_ABC_--

--_005_ABC_
Content-Type: application/pdf; name="=?utf-8?Q?Angebot_f=C3=BCr_Zo=C3=AB.pdf?="
Content-Disposition: attachment; filename="=?utf-8?Q?Angebot_f=C3=BCr_Zo=C3=AB.pdf?="
Content-Transfer-Encoding: base64

JVBERg==
--_005_ABC_--
"""


def test_an_outlook_mail() -> None:
    """Encoded words cut in a character, Windows' letters under another name, nested parts, an inline image, a file."""
    mail = open_mail(OUTLOOK)

    assert "Grüße aus München" == mail.subject
    assert "Müller, Jörg <joerg@example.com>" == mail.sender
    assert (("Müller, Jörg", "joerg@example.com"),) == mail.people("From")
    assert (("Ada Lovelace", "ada@example.com"), ("Zoë", "zoe@example.com")) == mail.people("to")
    assert ("", "", "<abc@EXCH01.example.com>") == (mail.cc, mail.reply_to, mail.message_id)
    assert "Mon, 30 Nov 2026 10:00:00 +0100" == mail.date
    assert "Grüße \n€ 5" == mail.text
    assert mail.html is not None
    assert "<p>Grüße</p>" in mail.html
    assert "Grüße" == mail.preheader
    assert {"image001.png@01": ("image/png", b"\0\1\2")} == dict(mail.inline)
    assert [("1.2", "image001.png"), ("2", "Angebot für Zoë.pdf")] == [
        (part.index, part.filename) for part in mail.attachments
    ]
    assert b"%PDF" == mail.content("2")
    assert None is mail.content("1")
    assert None is mail.content("9")
    assert len(OUTLOOK) == mail.size() == mail.root.wire


def test_the_tree_of_parts() -> None:
    """Each part has its place, its type, and its size as decoded and as sent."""
    root = open_mail(OUTLOOK).root
    mixed = root.parts[0].parts[0]

    assert ("0", "multipart/mixed", 0) == (root.index, root.content_type, root.octets)
    assert ["1.1.1", "1.1.2"] == [part.index for part in mixed.parts]
    assert (
        Part(
            index="1.2",
            content_type="image/png",
            encoding="base64",
            disposition="inline",
            filename="image001.png",
            cid="image001.png@01",
            octets=3,
            wire=len(_section(b"image/png")),
        )
        == root.parts[0].parts[1]
    )
    assert "iso-8859-1" == mixed.parts[0].charset


def _section(mark: bytes) -> bytes:
    return next(part for part in OUTLOOK.split(b"\n--_004_ABC_\n") if mark in part[:60]).partition(b"\n--_004_ABC_--")[
        0
    ]


def test_the_headers_as_read_and_as_sent() -> None:
    """A header has its name, its value on one line, and the field as it was sent."""
    header = open_mail(OUTLOOK).headers[1]

    assert ("To", header.value) == (header.name, open_mail(OUTLOOK).to)
    assert '"Ada Lovelace" <ada@example.com>,\tZoë <zoe@example.com>'.replace("\t", " ") == header.value
    assert header.raw.startswith('To: "=?utf-8?B?QWRhIExvdmVsYWNl?=" <ada@example.com>,\n\t=?utf-8')


def test_our_own_message_reads_back() -> None:
    """What notify composes is what is seen, and the standard library's parser sees the same parts."""
    message = Message(
        sender=Address("a@example.com", "Ä, B"),
        to=(Address("b@example.com"),),
        cc=(Address("c@example.com"),),
        reply_to=(Address("r@example.com"),),
        subject="Ваш заказ",
        text="Grüße\n",
        html='<p>Grüße</p><img src="cid:logo">',
        attachments=(
            Attachment("logo.png", b"\x89PNG", cid="logo"),
            Attachment("Ваш заказ.txt", "Привет".encode()),
            Attachment("inner.eml", OUTLOOK.replace(b"\n", b"\r\n"), type="message/rfc822"),
        ),
    )
    data = message.as_bytes()
    mail = open_mail(data)
    walked = message_from_bytes(data, policy=policy.default).walk()

    assert ("Ваш заказ", "Grüße\n", '<p>Grüße</p><img src="cid:logo">\n') == (mail.subject, mail.text, mail.html)
    assert ("c@example.com", "r@example.com") == (mail.cc, mail.reply_to)
    assert ["logo.png", "Ваш заказ.txt", "inner.eml"] == [part.filename for part in mail.attachments]
    assert ["inline", "attachment", "attachment"] == [part.disposition for part in mail.attachments]
    assert [part.get_content_type() for part in walked] == [part.content_type for part in _walk(mail.root)]


def _walk(part: Part) -> list[Part]:
    return [part, *(each for inner in part.parts for each in _walk(inner))]


def test_a_forwarded_mail_inside_a_forwarded_mail() -> None:
    """A message in a message is one file with a tree of its own; its text is not the mail's text."""
    inner = b"Subject: inner\r\nContent-Type: text/html\r\n\r\n<p>inner</p>"
    middle = b"Subject: middle\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\ntext of the middle\n--m\n" + (
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(inner) + b"--m--\n"
    )
    outer = b"Subject: outer\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n"
    mail = open_mail(outer + middle + b"\n--o--\n")

    assert (None, None) == (mail.text, mail.html)
    assert ["1"] == [part.index for part in mail.attachments]
    assert inner == mail.content("1.1.2")
    assert b"<p>inner</p>" == mail.content("1.1.2.1")
    assert ["0", "1", "1.1", "1.1.1", "1.1.2", "1.1.2.1"] == [part.index for part in _walk(mail.root)]


def test_a_digest_holds_messages() -> None:
    """The parts of a digest are messages where they do not say otherwise (RFC 2046, section 5.1.5)."""
    mail = open_mail(b"Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: one\n\nText\n--d--\n")

    assert ["message/rfc822"] == [part.content_type for part in mail.attachments]


def test_japanese() -> None:
    """ISO-2022-JP in headers and bodies, as Japanese programs write it."""
    subject = base64.b64encode("ご注文の".encode("iso-2022-jp")) + b"?=\r\n =?ISO-2022-JP?B?"
    subject += base64.b64encode("確認".encode("iso-2022-jp"))
    body = "ありがとうございます。\r\n".encode("iso-2022-jp")
    mail = open_mail(
        b"Subject: =?ISO-2022-JP?B?" + subject + b"?=\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\n\r\n" + body
    )

    assert "ご注文の確認" == mail.subject
    assert "ありがとうございます。\n" == mail.text


def test_an_invitation() -> None:
    """A calendar among the alternatives is neither text nor HTML."""
    mail = open_mail(
        b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nCome\n--b\nContent-Type: text/html\n\n<b>Come</b>\n"
        b"--b\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\n--b--\n"
    )

    assert ("Come", "<b>Come</b>") == (mail.text, mail.html)
    assert ["text/calendar"] == [part.content_type for part in mail.attachments]


ALTERNATIVE = "Content-Type: multipart/alternative; boundary=b"
MIXED = "Content-Type: multipart/mixed; boundary=b"
RELATED = "Content-Type: multipart/related; boundary=b"
TEXT, HTML = "Content-Type: text/plain", "Content-Type: text/html"
FILE = "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt"


@pytest.mark.parametrize(
    ("head", "parts", "text", "html"),
    [
        (ALTERNATIVE, [TEXT, HTML], "1", "2"),
        (ALTERNATIVE, [HTML, HTML, TEXT], "3", "2"),
        (MIXED, [TEXT, HTML], "1", "2"),
        (MIXED, [TEXT, HTML + "; name=report.html"], "1", None),
        (MIXED, [HTML, TEXT], None, "1"),
        (MIXED, [FILE, TEXT, TEXT], "2", None),
        (MIXED, [FILE], None, None),
        (RELATED, [HTML, "Content-Type: image/png"], None, "1"),
        (TEXT, [], "", None),
        (HTML, [], None, ""),
        ("Content-Type: application/pdf", [], None, None),
        (FILE, [], None, None),
    ],
)
def test_which_parts_are_the_bodies(head: str, parts: list[str], text: str | None, html: str | None) -> None:
    """The last alternative that can be shown; of a row the first, and HTML after it if it is not a named file."""
    body = "".join(f"--b\n{part}\n\n{number}\n" for number, part in enumerate(parts, 1))
    mail = open_mail(f"{head}\n\n{body}".encode())

    assert (text, html) == (mail.text and mail.text.strip(), mail.html and mail.html.strip())
    assert len(list(mail.root.leaves())) == len(mail.attachments) + (text is not None) + (html is not None)


@pytest.mark.parametrize(
    ("data", "subject", "text"),
    [
        (b"", "", ""),
        (b"\n", "", ""),
        (b"just text", "", "just text"),
        (b"Subject: no body", "no body", ""),
        (b"Subject: x\n", "x", ""),
        (b"Subject: x\nno header here\n", "x", "no header here\n"),
        (b"From a@x Mon Nov 30\nSubject: mbox\n\nHi", "mbox", "Hi"),
        (b"Subject: Gr\xc3\xbc\xc3\x9fe\n\nHi", "Grüße", "Hi"),
        (b"Subject: Gr\xfc\xdfe\n\nHi\xfc", "Grüße", "Hiü"),
        (b"Subject: a\x00b\x1bc\n\n", "a b c", ""),
        (b"Subject: =?no-such?q?a=E9?= b\n\n", "aé b", ""),
        (b"Subject: =?utf-8?b?4oKs=?=\n\n", "€", ""),
        (b"Subject: =?utf-8?b?4oKsA?=\n\n", "€", ""),
        (b"Subject: =?utf-8?q?a_b?= =?utf-8?b?Yw==?= =?latin1?q?=E9?=\n\n", "a bcé", ""),
        (b"Subject: a =?utf-8?q?b?= c =?utf-8?q?d?=\n\n", "a b c d", ""),
        (b"Subject: =?utf-8*de?q?b?=\n\n", "b", ""),
        (b"Subject: =?utf-8?x?b?= =?\n\n", "=?utf-8?x?b?= =?", ""),
        (b"Subject: x\nContent-Type: text/plain; charset=utf-7\n\n+2AA-", "x", "\ufffd"),
        (b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\na\xffb", "x", "a\ufffdb"),
        (b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\n\xef\xbb\xbfa", "x", "a"),
        (b"Subject: x\nContent-Type: text/plain; charset=unicode_escape\n\n\\q", "x", "\\q"),
        (b"Subject: x\nContent-Type: text/plain; charset=base64\n\nQQ==", "x", "QQ=="),
        (b"Subject: x\nContent-Type: text/plain; charset=gb2312\n\n\x81\x40", "x", "丂"),
        (b'Subject: x\nContent-Type: text/plain; charset="\x00"\n\nA', "x", "A"),
        (b"Subject: x\nContent-Type: nonsense\n\nA", "x", "A"),
        (b"Subject: x\nContent-Type: multipart/mixed\n\nA", "x", "A"),
        (b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\nA", "x", "A"),
        (b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b--\n", "x", "--b--\n"),
        (b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\nA", "x", "A"),
        (b"Subject: x\nContent-Type: text/plain; charset*1000000=a; charset*0*=b\n\nA", "x", "A"),
        (b"Subject: x\nContent-Transfer-Encoding: base64\n\n*QUJD QQ==\nQg==\n", "x", "ABCAB"),
        (b"Subject: x\nContent-Transfer-Encoding: base64\n\nQUJDR", "x", "ABC"),
        (b"Subject: x\nContent-Transfer-Encoding: x-odd\n\nA", "x", "A"),
        (b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n=ZZ=C3=A9=\n!=", "x", "=ZZé!"),
        (b"Subject: x\r\n\r\na\r\nb\rc", "x", "a\nb\nc"),
    ],
)  # fmt: skip
def test_broken_mails_open_all_the_same(data: bytes, subject: str, text: str) -> None:
    """Broken MIME, unknown charsets, missing headers: what can be read is read, and nothing fails."""
    mail = open_mail(data)

    assert (subject, text) == (mail.subject, mail.text)


def test_parameters_that_the_standard_library_trips_over() -> None:
    """A number of more digits than Python reads gives no name, no charset and no error."""
    mail = open_mail(b"Content-Type: text/plain; name*" + b"9" * 5000 + b"*=utf-8''a; charset=utf-8\n\nA")

    assert ("A", "") == (mail.text, mail.root.filename)


@pytest.mark.parametrize(
    ("disposition", "kind", "filename"),
    [
        ("attachment; filename=a.txt", "attachment", "a.txt"),
        ("inline; filename=a.txt", "inline", "a.txt"),
        ("form-data; filename=a.txt", "attachment", "a.txt"),
        ("attachment; filename*=utf-8''%e2%82%ac.txt", "attachment", "€.txt"),
        ('attachment; filename*0="a b"; filename*1=.txt', "attachment", "a b.txt"),
        ('attachment; filename="früh.txt"', "attachment", "früh.txt"),
        ('attachment; filename="../../etc/passwd"', "attachment", "passwd"),
        ('attachment; filename="C:\\\\mails\\\\a.txt"', "attachment", "a.txt"),
        ("attachment; filename*=utf-8''a%0D%0Ab", "attachment", "a b"),
        ("", "", "fallback"),
    ],
)  # fmt: skip
def test_names_of_files(disposition: str, kind: str, filename: str) -> None:
    """A name in any of its notations, without folders and line breaks."""
    mail = open_mail(f"Content-Type: image/png; name=fallback\nContent-Disposition: {disposition}\n\n".encode())

    assert (kind, filename) == (mail.root.disposition, mail.root.filename)


def test_mails_that_nest_or_repeat_without_end() -> None:
    """What nests too deep, or has too many parts, or too many brackets, is cut off, without an error and in time."""
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)) + b"\nend"
    messages = b"Content-Type: message/rfc822\n\n" * 2000 + b"Subject: end\n\nend"
    many = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000

    assert b"end" in (open_mail(deep).content(".".join("1" * 30)) or b"")
    assert 31 == len(_walk(open_mail(messages).root))
    assert 1001 == len(_walk(open_mail(many).root))
    assert () == open_mail(b"To: " + b"(" * 5000 + b"\n\n").people("To")
    assert (open_mail(many * 2).content("1000") or b"").count(b"x") > 10_000


@pytest.mark.parametrize(
    ("html", "preheader"),
    [
        ("<div style='display:none'>Hello&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;</div><h1>Title</h1>", "Hello Title"),
        ("<title>No</title><style>no</style><script>no</script><p>A <b>b</b>c<br>d</p>e<i>f</i>", "A bc d ef"),
        ("<td>one</td><td>two</td>", "onetwo"),
        ("<table><tr><td>one</td><td>two</td></tr></table>x", "one two x"),
        (
            "<!-- no --><p>👩\u200d🚀 \u0645\u06cc\u200c\u062e\u0648</p>",
            "👩\u200d🚀 \u0645\u06cc\u200c\u062e\u0648",
        ),
        ("<p>" + "wörd " * 100 + "</p>", ("wörd " * 40).strip()),
        ("<p>" + "x" * 6000 + "</p><p>y</p>", "x" * 200),
        ("&nbsp;\u200c&zwnj;", ""),
        ("", ""),
    ],
)
def test_the_preheader(html: str, preheader: str) -> None:
    """The first 200 characters that an inbox shows, hidden text included, styles and padding not."""
    mail = open_mail(b"Content-Type: text/html; charset=utf-8\n\n" + html.encode())

    assert preheader == mail.preheader


def test_the_preheader_of_a_text() -> None:
    """Without HTML, an inbox shows the text; without both, nothing."""
    assert "Hello you" == open_mail(b"Subject: x\n\n\nHello\n\n  you\n").preheader
    assert "" == open_mail(b"Content-Type: image/png\n\nx").preheader


PIECES = (
    b"Content-Type: ", b"multipart/mixed", b"message/rfc822", b"text/html", b"; boundary=b", b"; charset=", b"utf-7",
    b"--b", b"--", b"\n", b"\r\n", b"\n\n", b" ", b"\t", b"=?", b"utf-8", b"?q?", b"?b?", b"?=", b"\xff", b"\0", b'"',
    b"Content-Transfer-Encoding: base64\n", b"Content-Disposition: inline; filename*0*=", b"''", b"%", b"*", b";", b"=",
    b"From: ", b"<", b">", b"(", b"\\", b"@", b",", b"Content-ID: ", b"<body>", b"A" * 50, b"x", b"9",
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=60).map(b"".join))
def test_no_octets_make_it_fail(data: bytes) -> None:
    """Whatever comes, everything about it can be asked for."""
    mail = open_mail(data)

    assert isinstance(mail, Opened)
    assert all(isinstance(mail.content(part.index), bytes) for part in mail.root.leaves())
    for text in (mail.text, mail.html, mail.preheader, mail.subject, *(h.value + h.raw + h.name for h in mail.headers)):
        assert (text or "").encode() is not None
    assert isinstance(mail.people("From"), tuple)
    assert all(isinstance(octets, bytes) for _, octets in mail.inline.values())
    assert {part.index for part in mail.attachments} <= {part.index for part in mail.root.leaves()}


def test_mails_of_the_standard_library() -> None:
    """The odd mails with which Python tests its own parser open too, where they are installed."""
    import email

    folder = Path(email.__file__).parent.parent / "test" / "test_email" / "data"
    for path in folder.glob("*.txt"):
        mail = open_mail(path.read_bytes())

        assert isinstance(mail.preheader + mail.subject, str)
