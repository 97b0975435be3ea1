"""Print what pip is told about package indexes as shell exports in uv's words: uv reads neither pip.conf nor PIP_*.

Behind a company's index or its own certificate authority uv would otherwise look where pip does not. Runs on any
Python 3 that has pip; without pip it prints nothing. A variable of uv's that is already set is left alone.
"""

import ast
import importlib.util
import os
import shlex
import subprocess
import sys

SECTIONS = ("global", "install", ":env:")  # each overrules the one before
NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
}


def pip_settings() -> dict[str, str]:
    """Pip's effective settings for `pip install`, by their long option names."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in found:
            found[section][name] = str(ast.literal_eval(value))
    return {name: value for section in SECTIONS for name, value in found[section].items()}


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """The same in environment variables that uv reads."""
    uv = {NAMES[name]: " ".join(value.split()) for name, value in pip.items() if name in NAMES and value.split()}
    if "UV_FIND_LINKS" in uv:
        uv["UV_FIND_LINKS"] = uv["UV_FIND_LINKS"].replace(" ", ",")
    if "UV_INDEX" in uv:
        uv["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # what pip does with several; the lock's hashes keep it safe
    if "ALL_PROXY" in uv:
        uv |= {"HTTP_PROXY": uv["ALL_PROXY"], "HTTPS_PROXY": uv["ALL_PROXY"]}
    return uv | certificates(pip)


def certificates(pip: dict[str, str]) -> dict[str, str]:
    """Whom uv shall trust: the bundle or folder of certificates that pip is given, else what pip takes by itself."""
    bundle = pip.get("cert") or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if bundle:
        return {"SSL_CERT_DIR" if os.path.isdir(bundle) else "SSL_CERT_FILE": bundle}
    from pip import __version__

    if [int(part) for part in __version__.split(".")[:2]] < [24, 2]:
        return {}  # pip brings its own list of authorities, as uv does
    return {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}  # this system's store; uv 0.9 knows the second name


def exports() -> dict[str, str]:
    """What to export: nothing that its user has already told uv."""
    settings = pip_settings()
    told = {*os.environ, *(["UV_DEFAULT_INDEX"] if "UV_INDEX_URL" in os.environ else [])}
    return {
        name: value for name, value in uv_settings(settings).items() if not (name.startswith("UV_") and name in told)
    }


if __name__ == "__main__":
    if importlib.util.find_spec("pip"):
        for name, value in exports().items():
            print(f"export {name}={shlex.quote(value)}")
