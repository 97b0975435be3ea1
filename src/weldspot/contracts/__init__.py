"""What leaves this program for another: manifest, upload, verdict, decision, and their limits."""
