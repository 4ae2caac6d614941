"""Cases: their rows, trees and lists, what hangs on them, and how long they stand."""
