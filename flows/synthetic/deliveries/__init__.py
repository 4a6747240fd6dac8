"""What the simulated departments deliver: the same people, each department with its own knowledge, lags and errors."""
