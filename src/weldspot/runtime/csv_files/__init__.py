"""Tables for people and their spreadsheets."""
