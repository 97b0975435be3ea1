"""Google's SDKs made quick, and made to forget."""

from weldspot.loop.google import retries


def quick(set_attribute) -> None:  # type: ignore[no-untyped-def]
    """Waits of milliseconds, of ours and of the SDK's."""
    from firebase_admin import _http_client

    from weldspot.loop.publishing import firebase_ml

    ml = firebase_ml._sdk()
    for name, value in {"FIRST_WAIT": 0.01, "LONGEST_WAIT": 0.05, "GIVE_UP_AFTER": 4.0, "TIMEOUT": 0.5}.items():
        set_attribute(retries, name, value)
    set_attribute(ml._MLService, "POLL_BASE_WAIT_TIME_SECONDS", 0.01)
    set_attribute(_http_client.HttpClient, "timeout", property(lambda _: 0.5))
    set_attribute(_http_client.DEFAULT_RETRY_CONFIG, "backoff_factor", 0.01)


def forget_app() -> None:
    import firebase_admin

    for app in list(firebase_admin._apps.values()):
        firebase_admin.delete_app(app)
