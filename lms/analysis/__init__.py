"""What answers tell about questions and courses: facility, discrimination, reliability, where people stop."""
