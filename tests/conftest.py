import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first, so that it has one worker while the other runs the rest."""
    items.sort(key=lambda item: item.path.name != "test_end_to_end.py")
