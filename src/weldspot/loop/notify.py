"""Tells people what the loop did, through the apprise URLs in WELDSPOT_NOTIFY."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from weldspot.config.secrets import NOTIFY
from weldspot.config.settings import Settings
from weldspot.runtime.redaction import redact

Event = Literal["drift", "promoted", "refused", "rolled back", "failed"]
_KINDS: dict[Event, str] = {
    "drift": "warning",
    "promoted": "success",
    "refused": "warning",
    "rolled back": "warning",
    "failed": "failure",
}
_TITLE = 100  # letters
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20})://")
_TALKATIVE = ("apprise", "urllib3", "requests", "smtplib", "asyncio")  # these log addresses, paths and payloads


def notify(settings: Settings, event: Event, title: str, body: str) -> None:
    """Sends the message, plain text, to every URL; secrets in it are blanked out. Does nothing when there is no URL.

    Never raises: a URL that does not work is one warning on stderr, which names its scheme alone.
    """
    urls = settings.notify_urls()
    if not urls:
        return
    secrets = settings.secrets()
    short = redact(title, secrets)[:_TITLE]  # whole, then cut: half a secret would not be known as one
    subject = " ".join(f"[WeldSpot] {event}: {short}".split())  # one line: it becomes a mail's header
    text = redact(body, secrets)
    with _quiet():
        failed = [_scheme(url) for url in urls if not _sent(url, event, subject, text)]
    for scheme in failed:
        print(
            f"weldspot: warning: the message {event!r} was not delivered through {scheme}; check {NOTIFY}",
            file=sys.stderr,
        )


def _sent(url: str, event: Event, subject: str, text: str) -> bool:
    import apprise

    try:
        service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            return False
        if "overflow=" not in url:
            service.overflow_mode = apprise.OverflowMode.SPLIT  # a chat that takes 2,000 characters gets two messages
        sender = apprise.Apprise()
        sender.add(service)
        return bool(
            sender.notify(
                body=text or subject,
                title=subject,
                notify_type=apprise.NotifyType(_KINDS[event]),
                body_format=apprise.NotifyFormat.TEXT,
            )
        )
    except Exception:  # whatever a service's plugin raises, the job goes on; its text may hold the URL
        return False


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    return f"{found[1]}://…" if found else "an entry that is no URL"


@contextmanager
def _quiet() -> Iterator[None]:
    """Silences the loggers that may write a secret at any level, also where a caller has turned debugging on."""
    names = [name for name in list(logging.root.manager.loggerDict) if name.split(".")[0] in _TALKATIVE]
    loggers = [logging.getLogger(name) for name in {*names, *_TALKATIVE, "urllib3.connectionpool"}]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
