"""False alarms over the life of the loop: what a verdict may spend, what was spent, what is looked at together."""
