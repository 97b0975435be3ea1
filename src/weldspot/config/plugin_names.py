"""Names of params.yaml that may be those of code outside the package: runtime/plugins/resolver.py finds it."""

from collections.abc import Callable

from weldspot.runtime.plugins import resolver


def named(kind: resolver.Kind, *built_in: str) -> Callable[[str], str]:
    """A validator of one name; ValueError says what there is."""

    def check(name: str) -> str:
        if wrong := resolver.wrong(kind, name, built_in):
            raise ValueError(wrong)
        return name

    return check


def told_apart(*taken: str) -> Callable[[list[str]], list[str]]:
    """A validator of several: what tables call them (`my_file:brier` is `brier`) differs, also from what is there."""

    def check(names: list[str]) -> list[str]:
        seen = dict.fromkeys(taken, "built in")
        for name in names:
            title = resolver.title(name)
            if title in seen:
                raise ValueError(f"{name!r} would be called {title}, as is {seen[title]!r}; rename one")
            seen[title] = name
        return names

    return check
