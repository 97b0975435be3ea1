"""Forms of another kind, bodies that are too large or too slow."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx2
from raw_http import answer_to, head


def test_metadata_may_come_as_a_browsers_blob(client, shot):
    one = shot()
    parts = one.parts() | {"metadata": ("blob", json.dumps(one.metadata), "application/json")}
    assert client.post(one.path, files=parts).status_code == 201


def test_forms_of_another_kind_are_refused(client, shot, spooled):
    one, parts = shot(), shot().parts()
    answers = [
        (client.post(one.path, content=one.image, headers={"content-type": "image/jpeg"}), 415),
        (client.post(one.path, content=b"x", headers={"content-type": "multipart/form-data"}), 400),
        (client.post(one.path, files={"image": parts["image"]}), 400),
        (client.post(one.path, files={"metadata": parts["metadata"]}), 400),
        (client.post(one.path, files=parts | {"image": ("a.jpg", one.image, "text/html")}), 415),
        (client.put(one.path, files=parts), 405),
        (client.get(one.path), 404),
    ]
    for answer, status in answers:
        assert answer.status_code == status, answer.text
    many = [("image", parts["image"])] * 20
    assert client.post(one.path, files=many).status_code == 400
    large = parts | {"metadata": (None, json.dumps(one.metadata | {"note": "x" * 20_000}), "application/json")}
    assert client.post(one.path, files=large).status_code in (400, 413)
    assert not spooled()


def test_slow_and_oversize_bodies_end_with_an_answer(server, shot, spooled):
    path = shot().path
    part = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    chunk = b"%x\r\n%s\r\n" % (65_536, bytes(65_536))
    attacks = {
        "stalls": (b"HTTP/1.1 408", 0, [head(path, 5000), part]),
        "drips": (b"HTTP/1.1 408", 0.25, [head(path, 5000), part, *[b"x"] * 12]),
        "announces too much": (b"HTTP/1.1 413", 0, [head(path, 10**12)]),
        "sends too much": (b"HTTP/1.1 413", 0, [head(path, None), b"%x\r\n%s\r\n" % (len(part), part), *[chunk] * 8]),
    }
    with server() as running, ThreadPoolExecutor(len(attacks)) as pool:
        tried = {
            name: pool.submit(answer_to, running.url, *pieces, pause=pause)
            for name, (_, pause, pieces) in attacks.items()
        }
        assert {name: answer.result()[:12] for name, answer in tried.items()} == {
            name: wanted for name, (wanted, _, _) in attacks.items()
        }
        assert httpx2.get(f"{running.url}/healthz").json() == {"status": "ok"}
    assert not spooled()
