"""Names of the experiment and the registered model in MLflow."""

from weldspot.config.sections.base import Name, Section


class Tracking(Section):
    """Names in MLflow."""

    experiment: Name
    model: Name
