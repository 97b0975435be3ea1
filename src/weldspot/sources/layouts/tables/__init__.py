"""Tables: a row for each image or each box."""
