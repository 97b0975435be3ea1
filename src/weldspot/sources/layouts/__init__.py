"""How an export says which image shows what: a module for each of the four layouts, and one that tells them apart."""
