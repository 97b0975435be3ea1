"""Answers that say in one sentence what is wrong."""

from starlette.responses import JSONResponse


class Refused(Exception):
    """An HTTP status of 4xx or 5xx and the sentence that goes with it."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers or {}

    def answer(self) -> JSONResponse:
        """{"error": "one sentence"}."""
        headers = {"Cache-Control": "no-store"} | self.headers
        return JSONResponse({"error": self.sentence}, self.status, headers)
