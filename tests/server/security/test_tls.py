"""The self-signed certificate."""

import ssl
import stat
from datetime import datetime, timedelta

from cryptography import x509

from weldspot.server.security import tls


def test_a_certificate_is_made_once_and_covers_the_address(tmp_path):
    folder = tmp_path / "tls"
    first = tls.certificate(folder, ["192.168.1.5"])
    assert tls.certificate(folder, ["192.168.1.5"]) == first
    path, key, fingerprint = first
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path, key)
    made = x509.load_pem_x509_certificate(path.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "192.168.1.5" in map(str, names.get_values_for_type(x509.IPAddress))
    assert "localhost" in names.get_values_for_type(x509.DNSName)
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=398)
    assert len(fingerprint.split(":")) == 32
    assert tls.certificate(folder, ["10.0.0.9"])[2] != fingerprint  # the laptop is on another network


def test_one_that_is_damaged_or_runs_out_is_made_anew(tmp_path, monkeypatch):
    path, key, fingerprint = tls.certificate(tmp_path, ["a.local"])
    key.write_text("damaged")
    again = tls.certificate(tmp_path, ["a.local"])[2]
    assert again != fingerprint
    monkeypatch.setattr(tls, "_LEFT", timedelta(days=400))
    assert tls.certificate(tmp_path, ["a.local"])[2] != again
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path, key)


def test_one_that_is_not_valid_yet_is_made_anew(tmp_path, monkeypatch):
    fingerprint = tls.certificate(tmp_path, ["a.local"])[2]
    monkeypatch.setattr(tls, "datetime", SetBack)  # the clock was set back by a week
    assert tls.certificate(tmp_path, ["a.local"])[2] != fingerprint


class SetBack(datetime):
    @classmethod
    def now(cls, zone=None):
        return datetime.now(zone) - timedelta(days=7)
