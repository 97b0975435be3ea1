"""Exports in object stores and on web servers: read in pieces, gone on with after a cut or a kill."""
