"""A challenger on a share of the phones, until it is everywhere or taken back."""
