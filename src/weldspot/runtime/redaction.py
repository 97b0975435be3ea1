"""Blanks out secrets in text that leaves this machine: messages, summaries, reports."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

BLANK = "***"

# by name: ROBOFLOW_API_KEY, MLFLOW_TRACKING_PASSWORD, AWS_SECRET_ACCESS_KEY, GOOGLE_KEY, GITHUB_TOKEN, …
_SECRET_NAME = re.compile(r"((_|API)KEY(_ID)?|TOKEN|SECRET|PASSWORD|PASSWD|CONNECTION_STRING)$", re.I)
_SHORTEST = 4  # blanking shorter values would shred the text and name the secret by the holes
_TOKEN = re.compile(r"(?=.*[0-9A-Z]).{8,}|.{16,}")  # other parts of a notification URL are words, such as "production"

# by shape, whoever's secret it is
_SHAPES = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S), BLANK),
    (re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"), BLANK),  # scheme://user:password@host
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.I), rf"\1 {BLANK}"),
    (re.compile(r"([?&](?:X-(?:Goog|Amz)-\w+|sig|token|access_token|api_key|key)=)[^&\s\"'<>]+", re.I), rf"\1{BLANK}"),
)


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with every one of the secrets, and whatever looks like one, replaced by ***.

    What looks like one: private keys, URLs' passwords and signatures, bearer tokens.
    """
    for value in sorted(spellings(secrets), key=len, reverse=True):  # a URL goes before the password inside it
        text = text.replace(value, BLANK)
    for shape, blank in _SHAPES:
        text = shape.sub(blank, text)
    return text


def spellings(secrets: Iterable[str]) -> set[str]:
    """The secrets, also as they look percent-encoded or decoded; those too short to blank are left out."""
    found = set(secrets)
    found |= {quote(value, safe="") for value in found} | {unquote(value) for value in found}
    return {value for value in found if len(value) >= _SHORTEST}


def is_secret_name(name: str) -> bool:
    """Whether an environment variable of this name holds a secret."""
    return _SECRET_NAME.search(name) is not None


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
    if "." not in host and not host.startswith("localhost"):  # slack://TokenA/… has its token where a host is
        parts.append(host)
    yield from (part for part in parts if _TOKEN.fullmatch(part) and "@" not in part)
