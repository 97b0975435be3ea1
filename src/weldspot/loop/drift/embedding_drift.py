"""Can the photographs be told apart by what they show? Evidently's classifier two-sample test on embeddings."""

import numpy as np
import pandas as pd
from jaxtyping import Float

COMPONENTS = 16
MAX_ROWS = 500  # of each side: the test gets no better beyond, only slower


class Components:
    """The principal components of the reference's embeddings, scaled to unit variance."""

    def __init__(self, reference: Float[np.ndarray, "n channels"]) -> None:
        from sklearn.decomposition import PCA

        size = min(COMPONENTS, *reference.shape)
        self._pca = PCA(size, whiten=True, svd_solver="full").fit(reference.astype(np.float64))

    def __call__(self, embeddings: Float[np.ndarray, "n channels"]) -> Float[np.ndarray, "n components"]:
        """The embeddings in these components, float32."""
        found: Float[np.ndarray, "n components"] = self._pca.transform(embeddings.astype(np.float64))
        return found.astype(np.float32)


def classifier_auc(reference: Float[np.ndarray, "n components"], current: Float[np.ndarray, "m components"]) -> float:
    """ROC AUC of a linear classifier that tells the two apart, on the half it has not seen; 0.5 is "alike"."""
    from evidently.legacy.metrics.data_drift.embedding_drift_methods import ModelDriftMethod

    first, second = (pd.DataFrame(_thinned(rows)) for rows in (reference, current))
    return float(ModelDriftMethod()(second, first)[0])


def _thinned(rows: Float[np.ndarray, "n components"]) -> Float[np.ndarray, "k components"]:
    if len(rows) <= MAX_ROWS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MAX_ROWS, dtype=int)]
