"""As many trainings as there are folds of the scenes."""
