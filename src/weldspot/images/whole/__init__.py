"""Is a picture whole, where its decoder would not say?"""
