"""Which of very many fingerprints are near, without comparing each with each."""
