"""uv is told what pip is told."""

from pathlib import Path

import pytest
import uv_settings


def test_what_pip_is_told_in_uvs_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "extra-index-url": "\nhttps://a.example/simple\nhttps://b.example/simple",
        "find-links": "/wheels /more",
        "trusted-host": "a.example\nb.example:8443",
        "proxy": "http://proxy.example:3128",
        "cert": str(tmp_path),
        "no-color": "true",
    }
    assert uv_settings.uv_settings(told) == {
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_INSECURE_HOST": "a.example b.example:8443",
        "ALL_PROXY": "http://proxy.example:3128",
        "HTTP_PROXY": "http://proxy.example:3128",
        "HTTPS_PROXY": "http://proxy.example:3128",
        "SSL_CERT_DIR": str(tmp_path),
    }
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://g.example\nretries = 1\n[install]\nretries = 2\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_INDEX_URL", "https://environment.example/simple")
    assert uv_settings.exports()["UV_DEFAULT_INDEX"] == "https://environment.example/simple"
    assert uv_settings.exports()["UV_HTTP_RETRIES"] == "2"
    monkeypatch.setenv("UV_INDEX_URL", "https://own.example/simple")
    assert "UV_DEFAULT_INDEX" not in uv_settings.exports()
