"""Blanks out secrets in text that leaves this machine: messages, summaries, reports."""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit

BLANK = "***"

# by name: ROBOFLOW_API_KEY, MLFLOW_TRACKING_PASSWORD, AWS_SECRET_ACCESS_KEY, GOOGLE_KEY, GITHUB_TOKEN, SMTP_PASS, …
_SECRET_NAME = re.compile(
    r"((_|API)KEY(_ID)?|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|(^|_)PASS|_PWD|CONNECTION_STRING)$", re.I
)
_ADDRESS_NAME = re.compile(r"(URI|URL|DSN|PROXY)$", re.I)  # MLFLOW_TRACKING_URI, DVC_REMOTE_URL, https_proxy, …
_SHORTEST = 4  # blanking shorter values would shred the text and name the secret by the holes
_TOKEN = re.compile(r"(?=.*[0-9A-Z]).{8,}|.{16,}")  # other parts of a notification URL are words, such as "production"

_URL = re.compile(r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]*)://([^\s\"'<>`]*[^\s\"'<>`.,;:!?)\]}…])")
_PLACE = re.compile(r"([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.S)  # authority, path, query, fragment
_PAIR = re.compile(r"(^|[?&;#])([^=&;]*)=[^&;]*")
# schemes whose host and path say where something lies; in all others, "slack://TokenA/TokenB", they may be the secret
_PLACES = frozenset(
    re.findall(
        r"\w+",
        "http https ws wss ftp ftps sftp ssh git file sqlite postgres postgresql mysql mariadb mssql oracle s3 gs gcs "
        "azure abfs abfss wasb wasbs hdfs webdav webdavs dvc oss grpc tcp smtp docker",
    )
)
# by shape, whoever's secret it is
_SHAPES = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S), BLANK),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.I), rf"\1 {BLANK}"),
    (re.compile(r"\b(Authorization[\"']?\s*[:=]\s*[\"']?\w+\s+)[^\s\"',*]{8,}", re.I), rf"\1{BLANK}"),
    (re.compile(r"([?&](?:X-(?:Goog|Amz)-\w+|sig|token|access_token|api_key|key)=)[^&\s\"'<>]+", re.I), rf"\1{BLANK}"),
)


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with every one of the secrets, and whatever looks like one, replaced by ***.

    What looks like one: private keys, bearer tokens, and of any address its user, its password and what it asks; of an
    address that is none of a place ("slack://…") all but a host name.
    """
    for value in sorted(spellings(secrets), key=len, reverse=True):  # a URL goes before the password inside it
        text = text.replace(value, BLANK)
    for shape, blank in _SHAPES:
        text = shape.sub(blank, text)
    return _URL.sub(_address, text) if "://" in text else text


def spellings(secrets: Iterable[str]) -> set[str]:
    """The secrets, also as they look percent-encoded, decoded and in base64; those too short to blank are left out."""
    found = {value for value in secrets if len(value) >= _SHORTEST}
    found |= {quote(value, safe="", errors="replace") for value in found} | {unquote(value) for value in found}
    found |= {text for value in found for text in _in_base64(value)}
    return {value for value in found if len(value) >= _SHORTEST}


def _in_base64(value: str) -> Iterator[str]:
    """As in a header, where it stands without its name; both alphabets, the padding left out."""
    data = value.encode(errors="replace")
    yield from (encoded(data).decode().rstrip("=") for encoded in (b64encode, urlsafe_b64encode))


def is_secret_name(name: str) -> bool:
    """Whether an environment variable of this name holds a secret."""
    return _SECRET_NAME.search(name) is not None


def named_secrets(variables: Mapping[str, str | None]) -> Iterator[str]:
    """The values of variables that are named like a secret, and what is secret in those named like an address."""
    for name, value in variables.items():
        if value and is_secret_name(name):
            yield value.strip()
            user = variables.get(re.sub(r"PASS\w*$", "USERNAME", name)) or variables.get(
                re.sub(r"PASS\w*$", "USER", name)
            )
            if user and user != value:
                yield f"{user.strip()}:{value.strip()}"  # what a header has in base64
        elif value and _ADDRESS_NAME.search(name):
            yield from _address_secrets(value.strip())


def url_secrets(url: str) -> Iterator[str]:
    """The URL and all of it that may be a token: services put theirs into user, host, path or query."""
    yield url
    _, _, rest = url.partition("://")
    if not rest:
        return
    split = urlsplit(f"x://{rest}")  # a scheme that urlsplit knows nothing special about
    userinfo, _, host = split.netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    yield password
    parts = [user, *split.path.split("/"), split.fragment, *(value for _, value in parse_qsl(split.query))]
    if not _is_host(host):  # slack://TokenA/… has its token where a host is
        parts.append(host)
    yield from (part for part in parts if _TOKEN.fullmatch(part) and "@" not in part)


def _address_secrets(url: str) -> Iterator[str]:
    """Of the address of a server: its password, what it asks, its user if that may be a token."""
    scheme, _, rest = url.partition("://")
    if not rest:
        return
    if not _is_place(scheme):
        yield from url_secrets(url)
    userinfo = rest.rpartition("@")[0]
    user, _, password = userinfo.partition(":")
    yield password
    yield userinfo if password else user if scheme.lower() in ("http", "https") else ""
    asked = parse_qsl(rest.partition("?")[2].partition("#")[0])
    found = [user, *(value for _, value in asked)]
    yield from (part for part in found if _TOKEN.fullmatch(part) and "/" not in part)


def _address(found: re.Match[str]) -> str:
    scheme, rest = found[1], found[2]
    authority, path, query, fragment = (part or "" for part in _parts(rest))
    userinfo, _, host = authority.rpartition("@")
    shown = f"{BLANK}@{host}" if userinfo else host
    if not _is_place(scheme):
        shown = shown if _is_host(host) else BLANK
        path = f"/{BLANK}" if path.strip("/") and shown != BLANK else ""
    asked = _PAIR.sub(rf"\1\2={BLANK}", query) if "=" in query else query and f"?{BLANK}"
    told = _PAIR.sub(rf"\1\2={BLANK}", fragment) if "=" in fragment and not fragment.startswith("#/") else fragment
    return f"{scheme}://{shown}{path}{asked}{told}"


def _parts(rest: str) -> tuple[str | None, ...]:
    """Authority, path, query and fragment; a password with a slash in it does not end the authority."""
    place = re.split(r"[?#]", rest, maxsplit=1)[0]
    user, at, _ = place.rpartition("@")
    after = rest[len(user) + 1 :]
    authority, _, path = place.partition("/")
    known, _, host = authority.rpartition("@")
    port = authority.partition(":")[2]
    split = not known and port and not port.isdigit()
    if at and (split or (known and "@" in path and not _is_host(host))):
        found = _PLACE.fullmatch(after)
        assert found is not None
        return f"{user}@{found[1]}", found[2], found[3], found[4]
    found = _PLACE.fullmatch(rest)
    assert found is not None
    return found.groups()


def _is_place(scheme: str) -> bool:
    return not _PLACES.isdisjoint(scheme.lower().split("+"))


def _is_host(host: str) -> bool:
    """Whether it is a name or a number, by its dots or its port, rather than a word that may be a token."""
    name, _, port = host.partition(":")
    return "." in name or name == "localhost" or port.isdigit() or host.startswith("[")
