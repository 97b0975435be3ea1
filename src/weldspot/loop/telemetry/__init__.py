"""What phones count, where their users have turned that on."""
