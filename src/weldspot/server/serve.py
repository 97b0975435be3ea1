"""`weldspot serve`: from options to a listening server, its address and a QR code for the phone."""

import ipaddress
import json
import logging
import re
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import segno
import uvicorn
from pydantic import SecretStr, ValidationError

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal import screen
from weldspot.server.app import create
from weldspot.server.models import Models
from weldspot.server.options import LOOPBACK_HOSTS, AppConfig, ServerOptions, UploadLimits
from weldspot.server.security import tls, token
from weldspot.server.security.connections import bounded
from weldspot.workspace import Workspace

_UNREAD = 2**18  # bytes that the system keeps for a slow reader; with more it takes them in lumps minutes apart


def serve(
    workspace: Workspace,
    host: str,
    port: int,
    token_file: Path | None = None,
    self_signed: bool = False,
    config: Path | None = None,
    limits: UploadLimits | None = None,
    allowed: Sequence[str] = (),
) -> None:
    """Serves until interrupted; port 0 takes a free one. `config`: a JSON file to serve as /config.json.

    Beyond loopback, or behind a reverse proxy that shows it under the names `allowed`, a token is asked for, made up
    when neither `token_file` nor WELDSPOT_TOKEN has one.

    Raises:
        WeldspotError: it can't listen there, an option can't be used, or the file can't.
    """
    local = is_loopback(host)
    names = [_host_name(name) for name in allowed]
    given = token.given(token_file, workspace.settings.weldspot_token)
    asked = given or ("" if local and not names else token.made())
    options = ServerOptions(
        workspace=Workspace(workspace.root.resolve()),
        token=SecretStr(asked),
        hosts=LOOPBACK_HOSTS | {host.lower(), *names} if local else None,
        proxied=frozenset(names),
        config=_config(config) if config else AppConfig.local(),
        limits=limits or UploadLimits(),
    )
    listener = _listen(host, port)
    name = host if local else reachable(host)
    try:
        signed = tls.certificate(options.workspace.tls, [name]) if self_signed else None
    except ValueError as error:  # x509 has no such name
        listener.close()
        raise WeldspotError(f"--host {name}: no certificate can be made for it ({error}); give an address") from None
    url = _url(name, listener.getsockname()[1], asked, self_signed)
    Models(options.workspace).manifest()  # MLflow's import takes seconds: now, not while the first phone waits
    with screen.as_it_is():
        if names:
            _announce_proxied(url, names, asked)
        else:
            _announce(url, local, signed.fingerprint if signed else "")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    logging.getLogger("weldspot.server").setLevel(logging.INFO)
    with listener:
        _server(options, signed).run(sockets=[listener])


def _server(options: ServerOptions, signed: tls.Certificate | None) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            create(options),
            http=bounded(options.limits),
            ws="none",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_config=None,  # uvicorn's own would close the handlers of others, absl's with stderr in it
            log_level="error",
            ssl_certfile=signed.path if signed else None,
            ssl_keyfile=signed.key if signed else None,
            timeout_graceful_shutdown=5,
        )
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def reachable(host: str) -> str:
    """The address a phone can open: `host`, or for "all addresses" the one this machine has on its network."""
    if host not in ("0.0.0.0", "::", ""):
        return host
    family, probe = (socket.AF_INET6, "2001:db8::1") if host == "::" else (socket.AF_INET, "192.0.2.1")
    with socket.socket(family, socket.SOCK_DGRAM) as sock:  # picks a route, sends nothing
        try:
            sock.connect((probe, 9))
            return str(sock.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _host_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", name):
        raise WeldspotError(f"--allowed-host {name}: not a host name; give it alone, such as welds.example.org")
    return name.lower()


def _listen(host: str, port: int) -> socket.socket:
    sock = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNREAD)
        sock.bind(address)
        sock.listen(256)
    except (OSError, OverflowError, ValueError) as error:  # ValueError: no host name can be so long, or hold a zero
        if sock is not None:
            sock.close()
        reason = getattr(error, "strerror", None) or error
        raise WeldspotError(f"{host}:{port}: can't listen there ({reason}); choose another --host or --port") from None
    return sock


def _config(path: Path) -> AppConfig:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise WeldspotError(f"{path}: not a JSON file that can be read ({error}); see docs/serving.md") from None
    try:
        return AppConfig.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
    if key in ("", "backend"):
        raise WeldspotError(f'{path}: "backend" must be "local" or "firebase"; see docs/serving.md')
    raise WeldspotError(f"{path}: {key}: {first['msg']}; see docs/serving.md")


def _url(name: str, port: int, asked: str, self_signed: bool) -> str:
    place = f"[{name}]" if ":" in name else name
    fragment = f"#token={asked}" if asked else ""
    return f"{'https' if self_signed else 'http'}://{place}:{port}/{fragment}"


def _announce_proxied(url: str, names: list[str], asked: str) -> None:
    for name in names:
        print(f"\nWeldSpot  https://{name}/#token={asked}\nThe loop  https://{name}/loop")
    print(f"\nA reverse proxy must pass those on to {url.partition('#')[0]}\n\nCtrl-C stops it.", flush=True)


def _announce(url: str, local: bool, fingerprint: str) -> None:
    print(f"\nWeldSpot  {url}\nThe loop  {url.partition('#')[0]}loop\n")
    if not local and (sys.stdout.encoding or "").lower().startswith("utf"):  # no phone can open this machine's own
        segno.make(url, error="l").terminal(compact=True, border=2)
        print()
    if fingerprint:
        print(f"The browser warns once; the certificate's SHA-256 is\n{fingerprint}\n")
    if local:
        print(
            "Only this machine can open it. For a phone on your network: weldspot serve --host 0.0.0.0 --self-signed\n"
        )
    elif not fingerprint:
        print("A phone gives its camera to https pages only: start with --self-signed.\n")
    print("Ctrl-C stops it.", flush=True)
