"""How an export says which image shows what: a room for each kind of layout, and modules that tell them apart."""
