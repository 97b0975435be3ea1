"""Messages arrive on a real SMTP server, and nothing else leaves."""

import logging
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from weldspot.config.settings import Settings
from weldspot.loop.notify import Event, notify

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # on loopback

PASSWORD = "hunter2-secret"
BODY = """Verdict: drift (230 images)
- brightness: distance 0.41, limit 0.13
- Porosity scores: distance 0.22, limit 0.15 <b>not html</b>"""


def tell(event: Event, title: str, body: str, dotenv: Path = Path("no such file")) -> None:
    """As a process does that reads its settings now."""
    notify(Settings.read(dotenv), event, title, body)


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def text(self) -> str:
        """The one mail's plain text."""
        (mail,) = self.mails
        part = mail.get_body(("plain",))
        assert isinstance(part, EmailMessage)
        return str(part.get_content())


def _login(_server: object, _session: object, _envelope: object, _mechanism: object, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WELDSPOT_NOTIFY", raising=False)


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    server = Controller(
        box, hostname="127.0.0.1", port=_free_port(), authenticator=_login, auth_required=True, auth_require_tls=False
    )
    server.start()
    yield box, server.port
    server.stop()


def url(port: int, password: str = PASSWORD) -> str:
    return (
        f"mailto://robot:{password}@127.0.0.1:{port}?smtp=127.0.0.1&mode=insecure&format=text"
        "&from=robot@example.org&to=lead@example.org&cto=2&rto=2"
    )


def test_a_drift_mail_has_verdict_and_reasons(
    mailbox: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    box, port = mailbox
    monkeypatch.setenv("WELDSPOT_NOTIFY", url(port))
    tell("drift", "230 images\r\nBcc: everyone@example.org", BODY)
    assert box.mails[0]["Subject"] == "[WeldSpot] drift: 230 images Bcc: everyone@example.org"
    assert box.mails[0]["Bcc"] is None
    assert [line.strip() for line in BODY.splitlines()] == [line.strip() for line in box.text().strip().splitlines()]
    assert capfd.readouterr() == ("", "")


def test_urls_come_from_dotenv(mailbox: tuple[Mailbox, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box, port = mailbox
    dotenv = tmp_path / ".env"
    dotenv.write_text(f'WELDSPOT_NOTIFY="{url(port)}"\n')
    tell("promoted", "version 3", "better by 0.02", dotenv)
    assert "better by 0.02" in box.text()
    monkeypatch.setenv("WELDSPOT_NOTIFY", "")  # off, whatever .env says
    tell("promoted", "version 4", "better again", dotenv)
    assert len(box.mails) == 1


def test_no_url_no_noise(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    tell("failed", "collect", "no network")
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_secrets_stay_out_of_the_mail(mailbox: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch) -> None:
    box, port = mailbox
    monkeypatch.setenv("WELDSPOT_NOTIFY", url(port))
    monkeypatch.setenv("ROBOFLOW_API_KEY", "rf-0123456789")
    tell("failed", "rf-0123456789", f"GET https://api/?api_key=rf-0123456789 failed; {url(port)} {PASSWORD}")
    mail = str(box.mails[0]) + box.text()
    assert "***" in box.text()
    assert "rf-0123456789" not in mail
    assert PASSWORD not in mail


def test_a_secret_that_a_long_title_would_be_cut_in_is_no_half_secret(
    mailbox: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = mailbox
    monkeypatch.setenv("WELDSPOT_NOTIFY", url(port))
    monkeypatch.setenv("ROBOFLOW_API_KEY", "rf-0123456789")
    tell("failed", f"{'x' * 92} rf-0123456789 refused", "no more")
    assert box.mails[0]["Subject"].replace("\n", "").endswith(f"{'x' * 92} *** ref")


@pytest.mark.parametrize("broken", ["wrong password", "nobody listens", "unknown service", "no url", "never answers"])
def test_a_failing_url_is_one_warning_without_it(
    broken: str,
    mailbox: tuple[Mailbox, int],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    box, port = mailbox
    with socket.create_server(("127.0.0.1", 0)) as mute:
        bad, named = {
            "wrong password": (url(port, "wrong-token-77"), "mailto://…"),
            "nobody listens": (url(_free_port(), "wrong-token-77"), "mailto://…"),
            "unknown service": ("nosuch://wrong-token-77/wrong-token-78", "nosuch://…"),
            "no url": ("wrong-token-77", "an entry that is no URL"),
            "never answers": (url(mute.getsockname()[1], "wrong-token-77"), "mailto://…"),
        }[broken]
        monkeypatch.setenv("WELDSPOT_NOTIFY", f"{bad} {url(port)}")
        caplog.set_level(1)  # as when someone debugs: apprise logs hosts, users and payloads then
        tell("refused", "version 4", "loses 0.08 on Crack")
    out, err = capfd.readouterr()
    assert out == ""
    assert err == f"weldspot: warning: the message 'refused' was not delivered through {named}; check WELDSPOT_NOTIFY\n"
    assert "loses 0.08" in box.text(), "the other URL still gets it"
    assert not [record for record in caplog.records if record.name.split(".")[0] in {"apprise", "urllib3"}]
    assert "wrong-token-77" not in caplog.text + str(box.mails[0])
    assert not logging.getLogger("apprise").disabled
