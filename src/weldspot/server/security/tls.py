"""A self-signed certificate: browsers give the camera to HTTPS pages only, a LAN has no other certificate."""

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from weldspot.runtime import atomic

_VALID = timedelta(days=397)  # the longest that browsers take
_LEFT = timedelta(days=30)


class Certificate(NamedTuple):
    """Two PEM files, and the SHA-256 fingerprint that a browser shows."""

    path: Path
    key: Path
    fingerprint: str


def certificate(folder: Path, hosts: list[str]) -> Certificate:
    """The certificate in `folder`, made if need be.

    Those files that are there are taken as long as they cover `hosts` (names and addresses) for another month.
    """
    cert_path, key_path = folder / "certificate.pem", folder / "key.pem"
    names = list(dict.fromkeys([*hosts, "localhost", "127.0.0.1", "::1", socket.gethostname()]))
    found = _usable(cert_path, key_path, hosts)
    if found is None:
        found, key = _make(names)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        previous = os.umask(0o077)
        try:
            atomic.write_bytes(key_path, key)
        finally:
            os.umask(previous)
        atomic.write_bytes(cert_path, found.public_bytes(serialization.Encoding.PEM))
    return Certificate(cert_path, key_path, found.fingerprint(hashes.SHA256()).hex(":").upper())


def _usable(cert_path: Path, key_path: Path, hosts: list[str]) -> x509.Certificate | None:
    try:
        found = x509.load_pem_x509_certificate(cert_path.read_bytes())
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
        covered = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return None
    fits = key.public_key() == found.public_key() and all(_name(host) in covered for host in hosts)
    now = datetime.now(UTC)  # which may have been set back since
    return found if fits and found.not_valid_before_utc <= now < found.not_valid_after_utc - _LEFT else None


def _make(hosts: list[str]) -> tuple[x509.Certificate, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "WeldSpot on this network")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made, pem


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
