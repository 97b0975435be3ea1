"""A real S3 interface on loopback: moto's server, with one bucket, and an account that may be asked for."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

BUCKET, SECRET = "welds", "aVerySecretAccessKey0123456789"


@dataclass
class ObjectStore:
    """`client`: boto3's, whose keys are `environment`'s."""

    port: int
    client: Any
    environment: dict[str, str]

    def put(self, files: Mapping[str, bytes], prefix: str) -> str:
        """The address of a folder of these files."""
        for name, data in files.items():
            self.client.put_object(Bucket=BUCKET, Key=f"{prefix}/{name}", Body=data)
        return f"s3://{BUCKET}/{prefix}"

    def ask_for_keys(self, yes: bool) -> None:
        """Whether a key that the store does not know is refused from now on."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", "/moto-api/reset-auth", body="0" if yes else "inf")
        assert connection.getresponse().status == 200
        connection.close()


@contextmanager
def running() -> Iterator[ObjectStore]:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
    }
    client = boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id="testing",
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=BUCKET)
    try:
        yield ObjectStore(port, client, environment)
    finally:
        client.close()
        server.stop()
