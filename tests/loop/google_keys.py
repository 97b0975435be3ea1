"""A certificate authority, a server's certificate and a service account's key, made for one test session."""

import json
import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PROJECT = "weld-double"
_PEM, _PLAIN = serialization.Encoding.PEM, serialization.NoEncryption()


def tls(folder: Path, host: str) -> ssl.SSLContext:
    """A server's context for `host`; the authority's certificate lies at ca.pem."""
    now = datetime.now(UTC)
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "double")])
    ca = _certificate(name, name, authority.public_key(), now).add_extension(x509.BasicConstraints(True, None), True)
    ca_signed = ca.sign(authority, hashes.SHA256())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    leaf = _certificate(subject, name, server.public_key(), now)
    leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
    (folder / "ca.pem").write_bytes(ca_signed.public_bytes(_PEM))
    key = server.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, _PLAIN)
    (folder / "server.pem").write_bytes(leaf.sign(authority, hashes.SHA256()).public_bytes(_PEM) + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime):  # type: ignore[no-untyped-def]
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
    )


@cache
def _private_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, _PLAIN).decode()


def service_account(folder: Path, token_uri: str) -> Path:
    """A key file that asks `token_uri` for its tokens."""
    path = folder / "account.json"
    account = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "1",
        "private_key": _private_key(),
        "client_email": f"loop@{PROJECT}.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": token_uri,
    }
    path.write_text(json.dumps(account))
    return path
