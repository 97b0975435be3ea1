"""Calls to Google, tried again with growing waits; what does not pass is an error of one line, without secrets."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from weldspot.config.settings import GOOGLE_KEY_FILE
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from google.api_core.retry import Retry

TIMEOUT = 60.0  # seconds that one request may take
FIRST_WAIT, LONGEST_WAIT, GIVE_UP_AFTER = 1.0, 30.0, 180.0  # seconds; each wait is up to twice the one before

_RETRIED_STATUS = (408, 429, 500, 502, 503, 504)
_SECRETS = re.compile(r"https?://\S+|-----BEGIN.*|Bearer \S+|ya29\.\S+", re.DOTALL)
_NO_BUCKET = re.compile(r"\bbucket\b.*(does not exist|not found)", re.IGNORECASE)
_Result = TypeVar("_Result")


def retried(call: Callable[[], _Result], doing: str) -> _Result:
    """The result of `call`, tried again on 429, 5xx, broken connections and time-outs, with growing random waits.

    Args:
        call: one request, or some that may be repeated together.
        doing: names the work, such as "bucket x: upload of y".

    Raises:
        WeldspotError: it does not pass; one line.
    """
    from google.api_core import exceptions

    try:
        return policy()(call)()
    except WeldspotError:
        raise
    except exceptions.RetryError as error:
        problem = explained(error.cause or error, doing)
    except Exception as error:
        if not _is_googles(error):
            raise
        problem = explained(error, doing)
    raise problem  # out here, so that Google's own error, with what it holds, is not its context


def policy() -> "Retry":
    """The same for calls that take their own, such as listings, which then repeat a page and not all of them."""
    from google.api_core import retry

    return retry.Retry(
        predicate=passes, initial=FIRST_WAIT, maximum=LONGEST_WAIT, multiplier=2.0, timeout=GIVE_UP_AFTER
    )


def passes(error: BaseException) -> bool:
    """Whether trying again can help."""
    import requests
    from google.auth import exceptions as auth
    from google.cloud.storage.exceptions import DataCorruption

    if isinstance(error, auth.TransportError | DataCorruption | ConnectionError | TimeoutError):
        return True
    if isinstance(error, auth.RefreshError):
        return bool(error.retryable)
    if isinstance(error, requests.ConnectionError | requests.Timeout | requests.exceptions.ChunkedEncodingError):
        return not isinstance(error, requests.exceptions.InvalidProxyURL)
    return status(error) in _RETRIED_STATUS


def status(error: BaseException) -> int | None:
    """The HTTP status that Google answered, or the one that stands for a connection that broke; None for neither."""
    from firebase_admin.exceptions import DeadlineExceededError, FirebaseError, UnavailableError
    from google.api_core.exceptions import GoogleAPICallError

    if isinstance(error, GoogleAPICallError):
        return int(error.code) if error.code else None
    if isinstance(error, FirebaseError):
        if error.http_response is not None:
            return int(error.http_response.status_code)
        return {UnavailableError: 503, DeadlineExceededError: 504}.get(type(error))
    return None


def missing_bucket(error: BaseException) -> bool:
    """Whether a 404 is about the bucket and not about an object in it."""
    return status(error) == 404 and _NO_BUCKET.search(_said(error)) is not None


def explained(error: BaseException, doing: str) -> WeldspotError:
    """One line: what went wrong, where, and what to do next."""
    from google.auth import exceptions as auth

    if missing_bucket(error):
        return WeldspotError(
            f"{doing}: there is no such bucket; make it in the Firebase console (Storage) or correct params.yaml"
        )
    return WeldspotError(f"{doing}: {_cause(isinstance(error, auth.RefreshError), status(error), _said(error))}")


def _cause(refused: bool, code: int | None, said: str) -> str:
    low = said.lower()
    if refused or code == 401:
        cause = "Google does not accept the credentials; make a new key of the service account"
        cause += f", set {GOOGLE_KEY_FILE} to it"
    elif code == 403 and ("has not been used" in low or "is disabled" in low):
        cause = f"the API is not enabled; enable it in the project's Google Cloud console, wait a minute ({said})"
    elif code == 403:
        cause = f"permission denied; give the service account the roles named in docs/publishing.md ({said})"
    elif code == 501:
        cause = f"not supported by this server, as by the Storage emulator ({said})"
    elif "private key" in low:
        cause = f"a signed URL needs the key file of a service account; set {GOOGLE_KEY_FILE}=<key file> in .env"
    elif code is None or code in _RETRIED_STATUS:
        cause = f"Google can't be reached or is busy ({said}); check the network; run again, it goes on from there"
    else:
        cause = f"Google answered {code} ({said}); see docs/publishing.md"
    return cause


def _said(error: BaseException) -> str:
    """What the error says, cut short, without URLs (signatures are in them) and keys."""
    broken = _broken(error)
    if broken is not None:
        return type(broken).__name__  # its text is a URL
    text = getattr(error, "message", None) or str(error)
    return " ".join(_SECRETS.sub("…", str(text)).split())[:200] or type(error).__name__


def _broken(error: BaseException) -> BaseException | None:
    """The connection error underneath; None when an answer came."""
    import requests

    if getattr(error, "http_response", None) is not None:
        return None
    for candidate in (getattr(error, "cause", None), error, *error.args):
        if isinstance(candidate, requests.RequestException):
            return candidate
    return None


def _is_googles(error: BaseException) -> bool:
    import requests
    from firebase_admin.exceptions import FirebaseError
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError
    from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

    kinds = (FirebaseError, GoogleAPIError, GoogleAuthError, DataCorruption, InvalidResponse)
    unsigned = isinstance(error, AttributeError) and "private key" in str(error)  # what signing without a key raises
    return unsigned or isinstance(error, (*kinds, requests.RequestException, ConnectionError, TimeoutError))
