"""Addresses of stores: which of them are read, and their file systems as DVC opens them.

DVC watches `source.path` and `source.background`, so whatever it can't see is refused here, before it stops at it.
"""

import logging
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.redaction import named_secrets, redact

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_S3_KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
_GS_KEYS = "GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`"
_AZURE_KEYS = "AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or AZURE_STORAGE_CONNECTION_STRING"
_KEYS = {"s3": _S3_KEYS, "gs": _GS_KEYS, "azure": _AZURE_KEYS, "http": "~/.netrc", "https": "~/.netrc"}
_EXTRAS = {"s3": "s3", "gs": "gs", "azure": "az"}
_ALIASES = {"az": "azure", "abfs": "azure", "abfss": "azure", "gcs": "gs", "s3a": "s3"}
_WORD = 8  # "?download=1" is asked for openly; what is longer may be a token or a signature
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_ABSENT = re.compile(
    r"NoCredentials|PartialCredentials|ProfileNotFound|DefaultCredentials|AuthError|CredentialUnavailable"
)
_NOTHING = re.compile(r"FileNotFound|NoSuchBucket|NoSuchKey|ResourceNotFound|ContainerNotFound|\b404\b")
_REFUSED = re.compile(
    r"PermissionError|\b40[13]\b|Forbidden|Unauthorized|Invalid ?Credentials|InvalidAccessKeyId|SignatureDoesNotMatch|"
    r"AccessDenied|ClientAuthentication|AuthenticationFailed|RefreshError|ExpiredToken|InvalidToken|"
    r"not authorized|failed to authenticate",
    re.IGNORECASE,
)


def is_address(text: str) -> bool:
    """Whether it names a place in a store, "s3://bucket/prefix", rather than a path."""
    return _ADDRESS.match(text) is not None


def check(address: str, key: str) -> None:
    """Looks at an address without asking anybody.

    Raises:
        WeldspotError: it is of no store that is read, or has a secret in it; it names the config `key`.
    """
    scheme, _, rest = address.partition("://")
    shown = redact(address, ())
    if (known := _ALIASES.get(scheme)) is not None:
        raise WeldspotError(f"{key}: {shown}: DVC, which watches it, calls that store {known}://: write it so")
    if scheme not in _KEYS:
        stores = ", ".join(f"{name}://" for name in _KEYS)
        raise WeldspotError(f"{key}: {shown}: no store that is read; there are {stores}; or give a folder or a file")
    if "@" in rest.split("/")[0] or any(len(value) > _WORD for _, value in parse_qsl(urlsplit(address).query)):
        raise WeldspotError(
            f"{key}: {shown} has a password or a signature in it, and params.yaml is committed: leave it out and set "
            f"{_KEYS[scheme]}; or download it and set {key} to the file"
        )
    if not urlsplit(address).netloc:
        raise WeldspotError(f"{key}: {shown} names no bucket; write {scheme}://bucket/prefix")


def opened(address: str, key: str) -> tuple["AbstractFileSystem", str]:
    """The file system of a store, with the credentials of its own environment, and the address's path in it.

    Raises:
        WeldspotError: as by `check`; or the package that reads that store is not here, or there are no credentials.
    """
    check(address, key)
    from dvc.fs import RemoteMissingDepsError, get_cloud_fs

    scheme = address.partition("://")[0]
    logging.getLogger("gcsfs").setLevel(logging.ERROR)  # it warns of missing credentials at every call; we say it once
    try:
        kind, config, path = get_cloud_fs(None, url=address)
        return kind(**config).fs, path
    except (RemoteMissingDepsError, ImportError):
        package = f"weldspot[{_EXTRAS[scheme]}]" if scheme in _EXTRAS else "dvc-http"
        raise WeldspotError(f"{key}: {address} needs {package}: run `pip install '{package}'`") from None
    except Exception as error:
        raise explained(error, address, key) from None


def explained(error: BaseException, address: str, key: str) -> WeldspotError:
    """What a store's own library raised, as one line without a secret."""
    scheme = address.partition("://")[0]
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    told = " ".join(f"{type(one).__name__} {getattr(one, 'status', '')} {one}" for one in chain)
    why = redact(" ".join(str(error).split()), named_secrets(os.environ))[:160] or type(error).__name__
    if _ABSENT.search(told):
        return WeldspotError(f"{key}: no credentials for {address} ({why}); set {_KEYS[scheme]}")
    if isinstance(error, FileNotFoundError) or (_NOTHING.search(told) and not isinstance(error, PermissionError)):
        return WeldspotError(f"{key}: nothing at {address}: no object has that name, or a name below it; correct {key}")
    if _REFUSED.search(told):
        return WeldspotError(
            f"{key}: {address.split('/')[2]} refuses to show {address} with these credentials ({why}); they need the "
            f"right to list and read it: set {_KEYS[scheme]}"
        )
    return WeldspotError(f"{key}: {address} can't be read ({why}); check the network and run this again")


def exists(address: str, key: str) -> None:
    """Asks the store whether there is something at an address.

    Raises:
        WeldspotError: there is not, or it can't be asked.
    """
    files, path = opened(address, key)
    try:
        if not files.info(path).get("name"):
            raise FileNotFoundError(address)
    except Exception as error:
        raise absent(files, error, address, key) from None
    finally:
        close(files)


def close(files: "AbstractFileSystem") -> None:
    """Ends the connections of a file system; those of S3 and Azure end by themselves."""
    session = getattr(files, "_session", None)
    if session is not None:
        from fsspec.asyn import sync

        sync(files.loop, session.close)


def absent(files: "AbstractFileSystem", error: Exception, address: str, key: str) -> WeldspotError:
    """As `explained`, told apart whether the bucket is there."""
    scheme, _, rest = address.partition("://")
    bucket = rest.split("/")[0]
    if isinstance(error, FileNotFoundError) and scheme in _EXTRAS:
        try:
            files.invalidate_cache()
            files.info(bucket)
        except FileNotFoundError:
            return WeldspotError(f"{key}: {address}: there is no bucket {bucket}; correct {key}")
        except Exception as refused:
            return explained(refused, address, key)
    return explained(error, address, key)
