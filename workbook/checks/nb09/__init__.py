"""Checks of notebook 09: an image, a database that says the truth, a migration, an app that ends.

They read the files as data, and try out what can be tried out with plain processes.
"""
